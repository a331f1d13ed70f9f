"""What happened in Northmere in the weeks before today: every scene is a real journey.

The clock of the scenes runs from five weeks ago to now, so that one meeting is over and its
minutes are out, and another is coming and its pack can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.clock import FixedClock
from portal.demo import papers
from portal.demo.cast import CASES, DemoCase
from portal.demo.company import Company
from portal.domain import statement
from portal.domain.cases import Case
from portal.domain.clocks import from_london, london, working_days_after
from portal.domain.ids import GrantId, RequestId, SlotId, VersionId
from portal.domain.meetings import Capacity, Mode, Presence, SlotKind
from portal.journeys.disclosure.ask_disclosure import Wish, ask_disclosure
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.meetings.bank_holidays import around
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.lock_attendance import lock_attendance
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.meetings.record_attendance import record_attendance, register_digest
from portal.journeys.minutes.approve_minutes import approve_minutes
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.minutes.proposing import minutes_proposal
from portal.journeys.minutes.send_minutes import send_minutes
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.proposing import setting
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.pack import arrange_page, send_page
from portal.records import meetings, minutes, sendings
from portal.records import papers as paper_records
from portal.records.database import reading

WEEKS_BEFORE = timedelta(days=36)

INVITED = {
    "alan": (Capacity.CHAIR, "Chairs the meeting."),
    "carys": (Capacity.INVESTIGATOR, "Holds the police information on contacts and conditions."),
    "mark": (Capacity.CASE_HOLDER, "Supervises the individual and writes the plan."),
    "adeyemi": (Capacity.OFFENDER_MANAGER, "Manages the sentence at HMP Elmsworth."),
    "ruth": (Capacity.MANAGER, "Can commit social work time for the children concerned."),
    "grace": (Capacity.SPECIALIST, "Advises on treatment and on what would raise the risk."),
    "joe": (Capacity.MANAGER, "Decides on accommodation outside the exclusion zone."),
}


@dataclass
class Play:
    """The company, the clock of the scenes, and what has happened so far."""

    company: Company
    clock: FixedClock
    today: datetime

    def day(self, days: int, hour: int = 10) -> None:
        """Move to `days` from today (London time), never backwards."""
        on = london(self.today).date() + timedelta(days=days)
        at = min(from_london(on, hour, 0), self.today)
        if at > self.clock.now():
            self.clock.set(at)

    def working_day(self, days: int) -> date:
        """The working day that lies `days` calendar days from today, or the next one after."""
        on = london(self.today).date() + timedelta(days=days)
        return working_days_after(on - timedelta(days=1), 1, around(on))


def play(company: Company, clock: FixedClock, today: datetime, tell: Callable[[str], None]) -> None:
    """Run every scene. `tell` gets a short line about each, for whoever waits."""
    show = Play(company, clock, today)
    tell("The unit opens four cases and plans two meeting days")
    opened = _open_cases(show)
    past = _plan(show, -8, [(opened["holt"], SlotKind.INITIAL)])
    coming = _plan(
        show,
        9,
        [
            (opened["vane"], SlotKind.INITIAL),
            (opened["skelly"], SlotKind.INITIAL),
            (opened["brandt"], SlotKind.INITIAL),
        ],
    )
    holt, vane, skelly = past[0], coming[0], coming[1]
    tell("Reports are asked for, and come in")
    _invite(show, holt, INVITED)
    _reports(show, holt, CASES[0], -28)
    tell("A pack is sent and read, and its meeting is held")
    _send_pack(show, holt, -21)
    _read(show, holt, ["carys", "mark", "ruth", "grace"], -20)
    _hold(show, holt)
    tell("The minutes are approved and sent")
    _minutes(show, holt)
    tell("Another pack is on its way, and a disclosure is asked for")
    _invite(show, vane, {k: v for k, v in INVITED.items() if k != "grace"})
    _reports(show, vane, CASES[1], -3)
    _send_pack(show, vane, -2)
    _invite(show, skelly, {k: INVITED[k] for k in ("alan", "carys", "adeyemi", "mark")})
    _ask_disclosure(show, holt)


def _open_cases(show: Play) -> dict[str, Case]:
    show.day(-35)
    helen = show.company.who("helen")
    agencies = show.company.agencies
    return {
        case.key: open_case(
            show.company.house,
            helen,
            NewCase(
                case.reference,
                agencies[case.lead],
                case.category,
                case.level,
                case.name,
                case.born,
            ),
        )
        for case in CASES
    }


def _plan(show: Play, days: int, heard: list[tuple[Case, SlotKind]]) -> list[SlotId]:
    planned = plan_meeting(
        show.company.house,
        show.company.who("priya"),
        show.working_day(days),
        time(10, 0),
        Mode.BOTH,
        [Heard(case.id, kind) for case, kind in heard],
    )
    return [slot.id for slot in planned.slots]


def _invite(show: Play, slot_id: SlotId, people: dict[str, tuple[Capacity, str]]) -> None:
    priya = show.company.who("priya")
    for key, (capacity, reason) in people.items():
        person = show.company.members[key].person_id
        invite_to_slot(show.company.house, priya, slot_id, person, capacity, reason)


def _reports(show: Play, slot_id: SlotId, case: DemoCase, days: int) -> None:
    """Ask three agencies besides the prison, and let all four answer."""
    house = show.company.house
    priya = show.company.who("priya")
    with reading(house.engine) as db:
        slot = meetings.load_slot(db, priya.actor.area_id, slot_id)
    assert slot is not None
    due = london(slot.starts_at).date() - timedelta(days=1)
    due = max(due, london(show.clock.now()).date())
    for agency, form in (("probation", "A"), ("police", "update"), ("care", "update")):
        ask_for_report(house, priya, slot_id, show.company.agencies[agency], form, due)
    show.day(days)
    written = london(show.clock.now()).date()
    _submit(show, slot_id, "mark", case, papers.referral(case.name, case.born, case.reference))
    _submit(show, slot_id, "adeyemi", case, papers.mappa_f(case.name, case.born, written))
    _submit(
        show,
        slot_id,
        "carys",
        case,
        papers.update(
            "Northmere Police",
            case.name,
            [
                "Three incidents were recorded in the last twelve months, none since March.",
                "Intelligence is held that cannot be put in writing here; contact the author.",
            ],
        ),
    )
    _submit(
        show,
        slot_id,
        "ruth",
        case,
        papers.update(
            "Northmere Children's Services",
            case.name,
            [
                (
                    "Two children are known to the service in connection with this case. "
                    "No address is given in this paper."
                ),
                "A child protection plan is in place; the next review is in six weeks.",
            ],
        ),
    )


def _submit(show: Play, slot_id: SlotId, key: str, case: DemoCase, clear: bytes) -> None:
    house, who = show.company.house, show.company.who(key)
    request = RequestId(_request_of(show, slot_id, key))
    examined = examine_report(house, who, request, clear)
    submit_report(house, who, request, examined.candidate_id, case.born)


def _request_of(show: Play, slot_id: SlotId, key: str) -> str:
    who = show.company.who(key)
    with reading(show.company.house.engine) as db:
        for request in paper_records.requests_for(db, who.actor.area_id, slot_id):
            if request.agency_id == who.actor.agency_id:
                return request.id
    raise LookupError(key)


def _send_pack(show: Play, slot_id: SlotId, days: int) -> None:
    show.day(days, 11)
    house, helen = show.company.house, show.company.who("helen")
    page = arrange_page(house, helen, slot_id)
    order = [VersionId(line.version_id) for line in page.papers]
    to = Arrangement(order, page.given, show.clock.now(), page.closes_at)
    arrange_pack(house, helen, slot_id, to)
    digest = send_page(house, helen, slot_id).digest
    send_pack(house, helen, slot_id, digest, show.company.code("helen"))


def _read(show: Play, slot_id: SlotId, keys: list[str], days: int) -> None:
    show.day(days, 9)
    for key in keys:
        house, who = show.company.house, show.company.who(key)
        accept_statement(house, who, slot_id, statement.CURRENT.digest)
        open_paper(house, who, _grant_of(show, slot_id, key))
        show.clock.advance(timedelta(minutes=17))


def _grant_of(show: Play, slot_id: SlotId, key: str) -> GrantId:
    who = show.company.who(key)
    with reading(show.company.house.engine) as db:
        here = {s.id for s in sendings.sendings_of(db, who.actor.area_id, slot_id)}
        found = sendings.grants_of_person(db, who.actor.area_id, who.actor.person_id)
    return [grant.id for grant in found if grant.sending_id in here][-1]


def _hold(show: Play, slot_id: SlotId) -> None:
    house, priya = show.company.house, show.company.who("priya")
    with reading(house.engine) as db:
        slot = meetings.load_slot(db, priya.actor.area_id, slot_id)
    assert slot is not None
    show.clock.set(max(show.clock.now(), slot.starts_at + timedelta(hours=2)))
    away = {"grace": Presence.APOLOGIES, "joe": Presence.APOLOGIES}
    register = {
        show.company.members[key].person_id: away.get(key, Presence.ATTENDED) for key in INVITED
    }
    priya = show.company.who("priya")
    record_attendance(house, priya, slot_id, register)
    with reading(house.engine) as db:
        kept = meetings.attendance_of(db, priya.actor.area_id, slot_id)
    lock_attendance(house, show.company.who("helen"), slot_id, register_digest(kept.values()))


def _minutes(show: Play, slot_id: SlotId) -> None:
    house = show.company.house
    priya = show.company.who("priya")
    with reading(house.engine) as db:
        slot = meetings.load_slot(db, priya.actor.area_id, slot_id)
    assert slot is not None
    show.day(-6, 14)
    priya = show.company.who("priya")
    held = london(slot.starts_at).date()
    chosen = examine_minutes(house, priya, slot_id, papers.minutes(CASES[0].reference, held))
    file_minutes(house, priya, slot_id, chosen)
    show.day(-5, 9)
    alan = show.company.who("alan")
    with reading(house.engine) as db:
        filed = minutes.load(db, alan.actor.area_id, slot_id)
    assert filed is not None
    approve_minutes(house, alan, slot_id, filed.version_id, show.company.code("alan"))
    show.day(-5, 15)
    helen = show.company.who("helen")
    with reading(house.engine) as db:
        at = setting(house, db, helen.actor.area_id, slot_id)
        filed = minutes.load(db, helen.actor.area_id, slot_id)
        assert filed is not None
        digest = minutes_proposal(db, at, filed, show.clock.now()).digest()
    send_minutes(house, helen, slot_id, digest, show.company.code("helen"))


def _ask_disclosure(show: Play, slot_id: SlotId) -> None:
    """Ruth would pass the minutes to the forensic nurse, who had sent apologies."""
    show.day(-1, 16)
    house, ruth = show.company.house, show.company.who("ruth")
    grant = _grant_of(show, slot_id, "ruth")
    with reading(house.engine) as db:
        filed = minutes.load(db, ruth.actor.area_id, slot_id)
    assert filed is not None
    ask_disclosure(
        house,
        ruth,
        grant,
        Wish(
            filed.version_id,
            show.company.members["grace"].person_id,
            "The nurse will assess the individual and should not repeat what failed before.",
            "Her assessment is next week; she sent apologies and has no other account of it.",
        ),
    )
