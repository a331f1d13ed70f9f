"""The unit and the slot's chair read the minutes as filed, each stamped with who reads it.

Only the minute-taker's unit and the chair see a draft (rule 50).
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.chance import new_copy_reference
from portal.crypto.age.keys import Identity
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.minutes import Minutes
from portal.domain.papers import UNIT_READER
from portal.domain.people import UNIT
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.opening.opened import open_version
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, meetings, minutes, papers
from portal.records.database import reading

FILE_AGAIN = (
    "These minutes were filed before your key was confirmed, so you cannot read them. "
    "Ask the unit to file the draft again."
)


def read_minutes(house: House, who: Who, slot_id: SlotId) -> bytes:
    """The stamped PDF. Raises Refused, Changed (with words, for a chair whose key was not
    confirmed when the draft was filed), Spoilt, RoomFull or a StorageError."""
    as_unit = who.actor.has(UNIT)
    action = Action.UNIT_MINUTES_READ if as_unit else Action.CHAIR_MINUTES_READ
    with doing(house, who.actor, action, slot_id) as deed:
        facts = minutes_facts(deed.db, deed.area_id, slot_id, action)
        deed.require(about(deed, slot_id) if as_unit else facts)
        filed = minutes.load(deed.db, deed.area_id, slot_id)
        if filed is None:
            raise Refused(action, Why.NOT_FILED)
        if not as_unit:
            require_readable(deed.db, filed, who)
        copy = new_copy_reference()
        deed.note(line(Deed.MINUTES_READ, slot=slot_id, version=filed.version_id, copy=copy))
        now = deed.now
    with house.reading_room.seat():
        clear, filed_as = _opened(house, who, filed, as_unit=as_unit)
        status = "Minutes as filed" if filed.approved_at else "DRAFT, not approved"
        return stamp(
            clear,
            Stamp(
                name=who.actor.name,
                agency=who.actor.agency,
                copy_line=f"{status}, {filed_as}",
                time_line=f"Opened {in_words(now)}",
                reference=copy,
            ),
        )


def _opened(house: House, who: Who, filed: Minutes, *, as_unit: bool) -> tuple[bytes, str]:
    area_id = who.actor.area_id
    with reading(house.engine) as db:
        slot = meetings.load_slot(db, area_id, filed.slot_id)
        version = papers.load_version(db, area_id, filed.version_id)
        case = None if slot is None else cases.load(db, area_id, slot.case_id)
        if version is None or case is None:
            raise Refused(Action.UNIT_MINUTES_READ, Why.NOT_THERE)
        manifest = papers.manifests_of(db, area_id, version.id)[0]
        if as_unit:
            unit = open_unit_behind(house, db, who, filed.slot_id)
            reader, fingerprint = UNIT_READER, unit.public.fingerprint
            identities: tuple[Identity, ...] = unit.key.openers()
        else:
            reader, fingerprint = who.actor.person_id, own_fingerprint(who)
            identities = who.identities()
        clear = open_version(house, db, version, manifest, reader, fingerprint, identities)
    return clear, f"{case.reference}-C{version.number}"


def require_readable(db: Connection, filed: Minutes, who: Who) -> None:
    """Nobody reads or approves what they were never given; raises Changed with what to do."""
    if papers.header_for(db, filed.area_id, filed.version_id, who.actor.person_id) is None:
        raise Changed(FILE_AGAIN)
