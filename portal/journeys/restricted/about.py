"""What the judge is told of a case, and which cases somebody does not see at all.

Rows say who holds a restricted case: they let nobody read anything, for its key does that, and the
ledger says who was given it. They decide what is there for whom on pages.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.facts import OfCase
from portal.domain.ids import AreaId, CaseId, MeetingDayId, PersonId, SlotId
from portal.domain.meetings import Slot
from portal.domain.people import Actor, Role
from portal.journeys.deed import Doing, Looking
from portal.policy.restricted import holds
from portal.records import cases, meetings, people, pointed, restrictions
from portal.records.behind import case_behind


def holders_behind(db: Connection, area_id: AreaId, subject: str) -> frozenset[PersonId] | None:
    """Who holds the case behind an identifier; None where it is not restricted, or not there."""
    held = restrictions.holders_in(db, area_id)
    case_id = case_behind(db, area_id, subject) if held else None
    return None if case_id is None else held.get(case_id)


def about(at: Doing | Looking, subject: str) -> OfCase:
    """The facts of the case behind an identifier: a case, slot, paper, version, sending, copy,
    report request or request to pass on. Of what is not there: those of any other case, for the
    journey answers that itself."""
    area_id = at.actor.area_id
    return OfCase(area_id, holders_behind(at.db, area_id, subject))


def about_no_one_case(area_id: AreaId) -> OfCase:
    """For a list over several cases, which leaves out what `hidden` names."""
    return OfCase(area_id, None)


def hidden(at: Doing | Looking) -> frozenset[CaseId]:
    """The restricted cases of the area that do not exist for whoever looks. One query."""
    return hidden_from(at.db, at.actor)


def hidden_from(db: Connection, actor: Actor) -> frozenset[CaseId]:
    """As `hidden`."""
    held = restrictions.holders_in(db, actor.area_id)
    return frozenset(
        case_id
        for case_id, holders in held.items()
        if not holds(actor, OfCase(actor.area_id, holders))
    )


def hidden_in_record(db: Connection, actor: Actor) -> set[str]:
    """Every identifier of those cases, whose lines the page of the record leaves out. Auditors, who
    read every line and open nothing, see them as those of any case."""
    if Role.AUDITOR in actor.roles:
        return set()
    found = [pointed.of_case(db, actor.area_id, each) for each in hidden_from(db, actor)]
    return {identifier for each in found for identifier in each}


def seen_cases(at: Doing | Looking) -> dict[CaseId, Case]:
    """Every case of the area that is there for whoever looks. Two queries."""
    unseen, known = hidden(at), cases.of_area(at.db, at.actor.area_id)
    return {case_id: case for case_id, case in known.items() if case_id not in unseen}


def hidden_slots(at: Doing | Looking) -> frozenset[SlotId]:
    """The slots of those cases. One query, and one more where there are any."""
    unseen = hidden(at)
    return frozenset(
        slot.id
        for slot in (meetings.slots_of_area(at.db, at.actor.area_id) if unseen else [])
        if slot.case_id in unseen
    )


def hidden_days(slots: list[Slot], unseen: frozenset[CaseId]) -> frozenset[MeetingDayId]:
    """The days on which there is nothing else: they are not there either."""
    days = {slot.meeting_day_id for slot in slots if slot.case_id in unseen}
    return frozenset(days - {s.meeting_day_id for s in slots if s.case_id not in unseen})


def unit_addresses(at: Doing | Looking, subject: str, unit_email: str) -> tuple[str, ...]:
    """Where the unit is told of something: at its mailbox; of a restricted case, its holders."""
    holders = about(at, subject).holders
    if holders is None:
        return (unit_email,)
    known = people.of_area(at.db, at.actor.area_id)
    return tuple(sorted(known[each].email for each in holders if each in known))
