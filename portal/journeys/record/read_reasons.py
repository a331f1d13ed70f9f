"""The unit reads why: every reason that was written about one case at one meeting, oldest first.

Why somebody was invited, needs to see the minutes, got more time; why a pack went in spite of a
warning or was taken back; what an agency answered instead of a report, or corrected in one; why an
original was opened and a legal hold placed on the case (MAPPA rules 4, 18, 25, 40, 57, 79).
The record names the reasons, by digest; the texts are sealed to the unit. So the list is made from
the record, and a text counts only where its digest stands there: one that was swapped or lost is
shown as missing, and hides none of the others. Reading leaves its line first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.domain.cases import Case
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, SlotId
from portal.domain.meetings import Slot
from portal.journeys.deed import Looking, doing, looking
from portal.journeys.digests import read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.slots import scene_of
from portal.journeys.restricted.about import about
from portal.ledger import leaf, search
from portal.policy.actions import Action
from portal.records import meetings, papers, people, sendings, texts

ACTION = Action.UNIT_REASONS_READ
ABOUT: Mapping[Deed, str] = {
    Deed.INVITATION_MADE: "slot",
    Deed.REPORT_ANSWERED: "request",
    Deed.REPORT_CORRECTED: "request",
    Deed.ORIGINAL_OPENED: "subject",
    Deed.PACK_SENT: "slot",
    Deed.ADDENDUM_SENT: "slot",
    Deed.MINUTES_SENT: "slot",
    Deed.ACCESS_TAKEN_BACK: "sending",
    Deed.ACCESS_EXTENDED: "grant",
    Deed.DUTY_RECORDED: "slot",
    Deed.HOLD_PLACED: "case",
    Deed.HOLD_LIFTED: "case",
}
"""The deeds that give a reason, and the field that ties their line to the meeting or its case."""


@dataclass(frozen=True)
class Reason:
    """One reason: of which deed, when and by whom it was given, about whom (names; empty where it
    is about the whole), and its text; None: what was written is not there any more."""

    deed: Deed
    given_at: datetime
    by: str
    about: tuple[str, ...]
    text: str | None


@dataclass(frozen=True)
class Reasons:
    """The reasons about one case at one meeting, oldest first."""

    slot: Slot
    case: Case
    reasons: tuple[Reason, ...]


def read_reasons(house: House, who: Who, slot_id: SlotId) -> Reasons:
    """Raises Refused or KeyAlarm."""
    area_id = who.actor.area_id
    with doing(house, who.actor, ACTION, subject=slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, ACTION)
        deed.note(line(Deed.REASONS_READ, slot=slot_id))
    with looking(house, who.actor, subject=slot_id) as look:
        look.require(ACTION, about(look, slot_id))
        identities = open_unit_behind(house, look.db, who, slot_id).key.openers()
        subjects = _subjects(look.db, scene.slot)
        written = _written(look.db, area_id, subjects, identities)
        found = _told(house, look, subjects, written)
    return Reasons(scene.slot, scene.case, found)


def _subjects(db: Connection, slot: Slot) -> dict[str, frozenset[str]]:
    """What belongs to the meeting and its case, by the field that names it in a line."""
    area_id, slot_id = slot.area_id, slot.id
    filed = [document.id for document in papers.documents_of_slot(db, area_id, slot_id)]
    versions = [version for each in filed for version in papers.versions_of(db, area_id, each)]
    sent = sendings.sendings_of(db, area_id, slot_id)
    given = [g for s in sent for g in sendings.grants_of_sending(db, area_id, s.id)]
    asked = frozenset(r.id for r in papers.requests_for(db, area_id, slot_id))
    return {
        "version": frozenset(each.id for each in versions),
        "case": frozenset({slot.case_id}),
        "slot": frozenset({slot_id}),
        "request": asked,
        "subject": asked | {slot_id},
        "sending": frozenset(s.id for s in sent),
        "grant": frozenset(g.id for g in given),
        "invitation": frozenset(i.id for i in meetings.invitations_to(db, area_id, slot_id)),
    }


def _written(
    db: Connection,
    area_id: AreaId,
    subjects: Mapping[str, Collection[str]],
    identities: Sequence[Identity],
) -> dict[str, str]:
    """Every sealed text about them that opens: digest -> text."""
    found: dict[str, str] = {}
    for text in texts.of_subjects(db, area_id, [each for ids in subjects.values() for each in ids]):
        try:
            read = read_text(text.sealed, identities)
        except (AgeError, ValueError, KeyError, TypeError):
            continue  # what the record names and nothing opens is shown as missing
        found[read.digest] = read.text
    return found


def _told(
    house: House,
    look: Looking,
    subjects: Mapping[str, Collection[str]],
    written: Mapping[str, str],
) -> tuple[Reason, ...]:
    names = _names(look.db, look.actor.area_id)

    def wanted(body: bytes) -> bool:
        told = leaf.decode(body)
        field = ABOUT[Deed(str(told["deed"]))]
        return bool(told["reason"]) and told[field] in subjects[field]

    found: list[Reason] = []
    for entry in search.of_deeds(look.db, look.actor.area_id, [d.value for d in ABOUT], wanted):
        told = proven_line(house, look.db, look.actor.area_id, entry.position)
        if told is None:
            continue
        found.append(
            Reason(
                deed=Deed(str(told["deed"])),
                given_at=entry.recorded_at,
                by=names.get(str(told["actor"]), ""),
                about=tuple(names[each] for each in _named_in(told) if each in names),
                text=written.get(str(told["reason"])),
            )
        )
    return tuple(found)


def _named_in(told: Mapping[str, leaf.Value]) -> list[str]:
    """Whom a line is about: the one person, each of several, or the agency that was asked."""
    several = told.get("persons")
    if isinstance(several, list | tuple):
        return [str(each) for each in several]
    return [str(told[field]) for field in ("person", "request", "subject") if field in told]


def _names(db: Connection, area_id: AreaId) -> dict[str, str]:
    """Names of people by their id, and of the agency that was asked by the request's."""
    agencies = people.agencies_of(db, area_id)
    asked = papers.requests_in(db, area_id)
    return {person.id: person.name for person in people.of_area(db, area_id).values()} | {
        request.id: agencies[request.agency_id].name for request in asked
    }
