"""Filing a draft of the minutes, whether it came as a file or was set from the form (rule 50).

A draft is sealed to the unit and to the slot's chair, and to nobody else. Prepared without a lock;
under it the same facts are read again and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from portal.chance import new_id
from portal.documents.findings import findings_told
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, DocumentId, PersonId, SlotId
from portal.domain.meetings import Slot
from portal.domain.minutes import Minutes
from portal.domain.papers import MINUTES_FORM, Document, Kind, Scan
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.giving.sealing import Prepared, keep, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey, confirmed_keys
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.meetings.facts import chairs_of
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes, papers

NOTHING_FOUND: Mapping[str, int | list[int]] = MappingProxyType({})


@dataclass(frozen=True)
class Before:
    """What a draft is filed upon: the slot, what was filed earlier, and to whom it is sealed."""

    slot: Slot
    earlier: Minutes | None
    number: int
    chairs: tuple[ConfirmedKey, ...]
    unit: UnitRecipient


def before_filing(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId, action: Action
) -> Before:
    """Raises Refused where the slot is not there, KeyAlarm."""
    slot = meetings.load_slot(db, area_id, slot_id)
    if slot is None:
        raise Refused(action, Why.NOT_THERE)
    earlier = minutes.load(db, area_id, slot_id)
    previous = None if earlier is None else papers.load_version(db, area_id, earlier.version_id)
    keys = confirmed_keys(house, db, area_id)
    return Before(
        slot=slot,
        earlier=earlier,
        number=1 if previous is None else previous.number + 1,
        chairs=_with_keys(chairs_of(db, area_id, slot_id), keys),
        unit=unit_behind(house, db, area_id, slot_id),
    )


def seal_draft(
    house: House, who: Who, before: Before, clear: bytes, *, pages: int, scan: Scan | None
) -> Prepared:
    """Seal the draft and put it into the store. `scan` is None where the portal set it itself."""
    document = Document(
        id=DocumentId(new_id()) if before.earlier is None else before.earlier.document_id,
        area_id=before.slot.area_id,
        case_id=before.slot.case_id,
        slot_id=before.slot.id,
        kind=Kind.MINUTES,
        form_code=MINUTES_FORM,
        owner_agency_id=who.actor.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    return prepare(
        house,
        who,
        document,
        clear,
        pages=pages,
        readers=before.chairs,
        unit=before.unit,
        number=before.number,
        policy="minutes draft",
        scan=scan,
    )


def file_draft(
    deed: Doing,
    before: Before,
    prepared: Prepared,
    action: Action,
    findings: Mapping[str, int | list[int]] = NOTHING_FOUND,
) -> None:
    """Write the rows and the line, in a deed that was judged. `findings` are of a file, as a
    candidate keeps them. Raises Changed."""
    slot_id = before.slot.id
    if before_filing(deed.house, deed.db, deed.area_id, slot_id, action) != before:
        raise Changed
    position = deed.note(
        line(
            Deed.MINUTES_FILED,
            slot=slot_id,
            document=prepared.document.id,
            version=prepared.version.id,
            payload=prepared.version.payload_sha256,
            manifest=prepared.manifest.sha256,
            scan=None if prepared.version.scan is None else prepared.version.scan.value,
            findings=findings_told(findings),
        )
    )
    keep(deed, prepared, position, new_document=before.earlier is None)
    minutes.file(
        deed.db,
        Minutes(
            area_id=deed.area_id,
            slot_id=slot_id,
            document_id=prepared.document.id,
            version_id=prepared.version.id,
            filed_by=deed.actor.person_id,
            filed_at=deed.now,
            approved_by=None,
            approved_at=None,
        ),
    )


def _with_keys(
    chairs: frozenset[PersonId], keys: Mapping[PersonId, ConfirmedKey]
) -> tuple[ConfirmedKey, ...]:
    return tuple(keys[person] for person in sorted(chairs) if person in keys)
