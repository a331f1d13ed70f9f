"""Cases and meetings as a coordinator of the world prepares them."""

from __future__ import annotations

from datetime import date, time

from portal.domain.cases import Case, Particulars
from portal.domain.meetings import Mode, Slot, SlotKind
from portal.domain.people import Agency, Service, Standing
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import Who
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.meetings.plan_meeting import Heard, Planned, plan_meeting
from portal.records import outbox
from portal.records.database import reading
from tests.world import World

NAME = "Zebedee Quillfeather"
BORN = date(1984, 2, 29)
MEETING = date(2026, 5, 28)


def case_of(
    world: World, reference: str = "NM/2026/014", name: str = NAME, born: date = BORN,
    by: str = "helen",
) -> Case:  # fmt: skip
    new = NewCase(reference, world.agency("probation").id, 1, 2, name, born)
    return open_case(world.house, world.who(by), new)


def meeting_of(world: World, *cases: Case, on: date = MEETING) -> Planned:
    heard = [Heard(case.id, SlotKind.INITIAL) for case in cases]
    return plan_meeting(world.house, world.who("helen"), on, time(10, 0), Mode.REMOTE, heard)


def slot_of(world: World, reference: str = "NM/2026/014", on: date = MEETING) -> Slot:
    return meeting_of(world, case_of(world, reference), on=on).slots[0]


def agency_of(
    world: World, name: str, standing: Standing, service: Service, way: str = ""
) -> Agency:
    new = NewAgency(name, standing, service, way, "Duty desk" if way else "", "01632 960 333")
    return add_agency(world.house, world.who("helen"), new)


def read_by(world: World, case: Case, who: Who) -> Particulars:
    """The particulars as this person's own key opens them; raises NotGiven where it does not."""
    with reading(world.house.engine) as db:
        return open_particulars(
            world.house, db, case, who.actor.person_id, own_fingerprint(who), who.identities()
        )


def told(world: World, kind: str) -> list[outbox.Notice]:
    """Notices of one kind in the outbox."""
    with reading(world.house.engine) as db:
        found = outbox.due(db, world.clock.now(), 500)
    return [notice for notice in found if notice.letter == kind]
