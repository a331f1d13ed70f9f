"""The unit files the minutes of a slot: a draft, until the chair approves it (rule 50).

A draft is sealed to the unit and to the slot's chair, and to nobody else. Filing again replaces
it, and an approval given to an earlier version does not carry over.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.chance import new_id
from portal.documents.intake import Accepted, examine
from portal.documents.refusal import RefusedPaper
from portal.domain.deeds import Deed, line
from portal.domain.ids import DocumentId, PersonId, SlotId
from portal.domain.minutes import Minutes
from portal.domain.papers import MINUTES_FORM, Document, Kind
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.directory import ConfirmedKey, confirmed_keys, unit_recipient
from portal.journeys.facts import chairs_of, minutes_facts
from portal.journeys.house import House, Who
from portal.journeys.sealing import keep, prepare
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes, papers

ACTION = Action.UNIT_MINUTES_FILE


def file_minutes(
    house: House, who: Who, slot_id: SlotId, clear: bytes, password: str = ""
) -> Accepted:
    """File these bytes as the draft; returns what was found and removed.

    A `password` opens a locked PDF this once, and is kept nowhere.

    Raises RefusedPaper with words (the refusal stands in the ledger, the bytes nowhere), Refused
    once the chair has approved, Changed.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        slot = meetings.load_slot(look.db, area_id, slot_id)
        earlier = minutes.load(look.db, area_id, slot_id)
        keys = confirmed_keys(house, look.db, area_id)
        unit = unit_recipient(house, look.db, area_id)
        chairs = _with_keys(chairs_of(look.db, area_id, slot_id), keys)
        previous = (
            None if earlier is None else papers.load_version(look.db, area_id, earlier.version_id)
        )
    if slot is None:
        raise Refused(ACTION, Why.NOT_THERE)
    with house.reading_room.seat():
        accepted = _examined(house, who, slot_id, clear, password)
    document = Document(
        id=DocumentId(new_id()) if earlier is None else earlier.document_id,
        area_id=area_id,
        case_id=slot.case_id,
        slot_id=slot_id,
        kind=Kind.MINUTES,
        form_code=MINUTES_FORM,
        owner_agency_id=who.actor.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    prepared = prepare(
        house,
        who,
        document,
        accepted.pdf_clear,
        pages=accepted.pages,
        readers=chairs,
        unit=unit,
        number=1 if previous is None else previous.number + 1,
        policy="minutes draft",
        scan=accepted.scan,
    )
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        if minutes.load(deed.db, area_id, slot_id) != earlier:
            raise Changed
        confirmed = confirmed_keys(house, deed.db, area_id)
        if _with_keys(chairs_of(deed.db, area_id, slot_id), confirmed) != chairs:
            raise Changed
        position = deed.note(
            line(
                Deed.MINUTES_FILED,
                slot=slot_id,
                document=document.id,
                version=prepared.version.id,
                payload=prepared.version.payload_sha256,
                manifest=prepared.manifest.sha256,
            )
        )
        keep(deed, prepared, position, new_document=earlier is None)
        minutes.file(
            deed.db,
            Minutes(
                area_id=area_id,
                slot_id=slot_id,
                document_id=document.id,
                version_id=prepared.version.id,
                filed_by=deed.actor.person_id,
                filed_at=deed.now,
                approved_by=None,
                approved_at=None,
            ),
        )
    return accepted


def _with_keys(
    chairs: frozenset[PersonId], keys: Mapping[PersonId, ConfirmedKey]
) -> list[ConfirmedKey]:
    return [keys[person] for person in sorted(chairs) if person in keys]


def _examined(house: House, who: Who, slot_id: SlotId, clear: bytes, password: str) -> Accepted:
    try:
        return examine(clear, house.limits, scanner=house.scanner, password=password)
    except RefusedPaper as refused:
        with doing(house, who.actor, ACTION, slot_id) as deed:
            deed.require(minutes_facts(deed.db, deed.area_id, slot_id, ACTION))
            deed.note(
                line(Deed.FILE_REFUSED, subject=slot_id, code=refused.code.value, size=len(clear))
            )
        raise
