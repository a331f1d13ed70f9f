"""A case at a meeting, with its papers in, for tests of what is sent: all through the journeys.

Reports of three agencies are in (tabs 1 to 3), eight people are invited: `una` has joined and
nobody has confirmed her key, `newcomer` has not joined. It is made once a process and copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import URL

from portal.crypto.fingerprint import fingerprint
from portal.domain import statement
from portal.domain.grants import Grant, GrantState
from portal.domain.ids import CaseId, PersonId, SendingId, SlotId, VersionId
from portal.domain.meetings import Capacity, Mode, Presence, SlotKind
from portal.domain.packs import Others
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.lock_attendance import lock_attendance
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.meetings.record_attendance import record_attendance
from portal.journeys.minutes.approve_minutes import approve_minutes
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.minutes.proposing import NO_PARTS, Parts
from portal.journeys.minutes.send_minutes import send_minutes
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.minutes import attendance_page, minutes_send_page
from portal.journeys.views.pack import arrange_page, send_page
from portal.ledger import book, leaf, verify
from portal.records import minutes, papers, sendings
from portal.records.database import open_engine, reading
from tests.documents.making import numbered
from tests.world import World, world_on

BORN = date(1984, 3, 9)
INVITED: Mapping[str, Capacity] = {
    "alan": Capacity.CHAIR,
    "carys": Capacity.INVESTIGATOR,
    "adeyemi": Capacity.CASE_HOLDER,
    "ruth": Capacity.CASE_HOLDER,
    "joe": Capacity.MANAGER,
    "mark": Capacity.OFFENDER_MANAGER,
    "una": Capacity.MANAGER,
    "newcomer": Capacity.SPECIALIST,
}
WAITING = frozenset({"una", "newcomer"})
REASON = "The referral was read out at the strategy meeting and is on its way."


@dataclass(frozen=True)
class Places:
    """What was made: the case, its slot, and the latest version of each form."""

    case_id: CaseId
    slot_id: SlotId
    papers: Mapping[str, VersionId]


class Stage:
    """The meeting in a world of its own, and short words for what tests do with it."""

    def __init__(self, world: World, places: Places) -> None:
        self.world = world
        self.house = world.house
        self.case_id = places.case_id
        self.slot_id = places.slot_id
        self.places = places
        self.papers = places.papers
        self.keeper = "helen"

    def id(self, name: str) -> PersonId:
        return self.world.secrets(name).person_id

    def name_of(self, person_id: PersonId) -> str:
        return next(name for name in INVITED if self.id(name) == person_id)

    # ---- packs ----

    def arrange(
        self,
        forms: Iterable[str] = ("A", "F", "update"),
        kept_back: Mapping[str, Iterable[str]] | None = None,
        closes_at: datetime | None = None,
        by: str = "helen",
        annexes: Mapping[str, tuple[Others, Iterable[str]]] | None = None,
        extracts: Mapping[str, Mapping[str, VersionId]] | None = None,
    ) -> None:
        """Every paper of `forms` for everybody still invited, except as `kept_back` says; each of
        `annexes` with what others see of it, for those named alone; `extracts` instead of papers,
        by person and form."""
        now = self.world.clock.now()
        page = arrange_page(self.house, self.world.who(by), self.slot_id)
        held, apart, cut = kept_back or {}, annexes or {}, extracts or {}
        forms = [*forms, *apart]
        arrange_pack(
            self.house,
            self.world.who(by),
            self.slot_id,
            Arrangement(
                [self.papers[form] for form in forms],
                {
                    person: frozenset(
                        cut.get(name, {}).get(form, self.papers[form])
                        for form in forms
                        if form not in held.get(name, ())
                        and (form not in apart or name in apart[form][1])
                    )
                    for person, name in (
                        (person, self.name_of(person)) for person, _name, _agency in page.readers
                    )
                },
                now,
                closes_at or now + timedelta(days=30),
                {self.papers[form]: others for form, (others, _names) in apart.items()},
                [self.papers[form] for form in apart],
            ),
        )

    def digest(self, by: str = "helen") -> str:
        """Of the sending page; a pack that nobody arranged holds everything for everybody."""
        page = arrange_page(self.house, self.world.who(self.keeper), self.slot_id)
        if not page.arranged:
            self.arrange(closes_at=page.closes_at, by=self.keeper)
        return send_page(self.house, self.world.who(by), self.slot_id).digest

    def send(self, by: str = "helen", reason: str = REASON, *, download: bool = True) -> Dispatched:
        """Annexes may be saved."""
        digest, code = self.digest(by), self.world.code(by)
        return send_pack(
            self.house, self.world.who(by), self.slot_id, digest, code, reason, download=download,
            download_annexes=list(self.papers.values()),
        )  # fmt: skip

    def grant(self, name: str, sending_id: SendingId | None = None) -> Grant:
        """The newest grant of this person, or theirs of one sending."""
        with reading(self.house.engine) as db:
            found = sendings.grants_of_person(db, self.world.area.id, self.id(name))
            order = {s.id: n for n, s in enumerate(sendings.sendings_in(db, self.world.area.id))}
        kept = [g for g in found if sending_id in (None, g.sending_id)]
        return max(kept, key=lambda grant: order[grant.sending_id])

    def states(self) -> dict[str, GrantState]:
        with reading(self.house.engine) as db:
            found = sendings.grants_in(db, self.world.area.id, *GrantState)
        return {self.name_of(grant.person_id): grant.state for grant in found}

    # ---- readers ----

    def accept(self, *names: str) -> None:
        for name in names:
            accept_statement(
                self.house, self.world.who(name), self.slot_id, statement.CURRENT.digest
            )

    def opens(self, name: str, sending_id: SendingId | None = None) -> bytes:
        """Their copy, in the clear; raises what open_paper raises."""
        grant = self.grant(name, sending_id)
        return b"".join(open_paper(self.house, self.world.who(name), grant.id).chunks())

    def confirm(self, name: str, by: str = "helen") -> None:
        own = self.world.secrets(name).keyring
        print_ = fingerprint(own.recipient(), own.signing_public())
        confirm_key(self.house, self.world.who(by), self.id(name), print_)

    # ---- minutes ----

    def register(self, by: str = "helen", **presence: Presence) -> None:
        """Everybody attended, unless it is said otherwise."""
        record_attendance(
            self.house,
            self.world.who(by),
            self.slot_id,
            {self.id(name): presence.get(name, Presence.ATTENDED) for name in INVITED},
        )

    def lock(self, by: str = "helen") -> None:
        page = attendance_page(self.house, self.world.who("helen"), self.slot_id)
        lock_attendance(self.house, self.world.who(by), self.slot_id, page.digest)

    def file(self, by: str = "helen", pages: int = 2) -> None:
        who, clear = self.world.who(by), numbered(pages, "Minute")
        chosen = examine_minutes(self.house, who, self.slot_id, clear)
        file_minutes(self.house, who, self.slot_id, chosen)

    def approve(self, by: str = "alan") -> None:
        with reading(self.house.engine) as db:
            filed = minutes.load(db, self.world.area.id, self.slot_id)
        assert filed is not None
        approve_minutes(
            self.house, self.world.who(by), self.slot_id, filed.version_id, self.world.code(by)
        )

    def minutes_ready(self, **presence: Presence) -> None:
        self.register(**presence)
        self.lock()
        self.file()
        self.approve()

    def minutes_digest(self, by: str = "helen", parts: Parts = NO_PARTS) -> str:
        return minutes_send_page(self.house, self.world.who(by), self.slot_id, parts).digest

    def send_minutes(
        self, by: str = "helen", reason: str = REASON, parts: Mapping[str, VersionId] | None = None
    ) -> Dispatched:
        """`parts`: what those get, by name, who were there for a part."""
        chosen = {self.id(name): version for name, version in (parts or {}).items()}
        digest, code = self.minutes_digest(by, chosen), self.world.code(by)
        return send_minutes(
            self.house, self.world.who(by), self.slot_id, digest, code, reason, parts=chosen
        )

    # ---- what must hold ----

    def lines(self, deed: str | None = None) -> list[dict[str, leaf.Value]]:
        with reading(self.house.engine) as db:
            size = book.head(db, self.world.area.id).size
            entries = book.entries(db, self.world.area.id, 0, size)
        told = [leaf.decode(entry.leaf) for entry in entries]
        return [each for each in told if deed in (None, each["deed"])]

    def whole(self) -> None:
        """The ledger verifies, and the people granted are the people with a wrap."""
        area = self.world.area
        with reading(self.house.engine) as db:
            found = verify.audit(db, area.id, area.ledger_vkey)
        assert found.first_bad is None, found.what
        assert check_exactness(self.house, area.id) == []


def make_stage(world: World) -> Places:
    """The case, the meeting, the invitations and the reports."""
    house, helen = world.house, world.who("helen")
    case = open_case(
        house,
        helen,
        NewCase("NMR/26/0117", world.agency("probation").id, 2, 2, "Wilfred Crane", BORN),
    )
    return stage_case(world, case.id)


def stage_case(world: World, case_id: CaseId, by: str = "helen") -> Places:
    """The meeting of a case, the invitations and the reports."""
    house, helen = world.house, world.who(by)
    heard = [Heard(case_id, SlotKind.INITIAL)]
    planned = plan_meeting(house, helen, date(2026, 5, 28), time(10, 0), Mode.IN_PERSON, heard)
    slot_id = planned.slots[0].id
    for name, capacity in INVITED.items():
        person_id = world.secrets(name).person_id
        invite_to_slot(house, helen, slot_id, person_id, capacity, "Works with the individual.")
    due = date(2026, 5, 20)
    ask_for_report(house, helen, slot_id, world.agency("police").id, "A", due)
    ask_for_report(house, helen, slot_id, world.agency("social_care").id, "update", due)
    with reading(house.engine) as db:
        asked = {r.form_code: r.id for r in papers.requests_for(db, world.area.id, slot_id)}
    found: dict[str, VersionId] = {}
    for form, name in (("A", "carys"), ("F", "adeyemi"), ("update", "ruth")):
        who = world.who(name)
        examined = examine_report(house, who, asked[form], numbered(2, f"Form {form}"))
        report = submit_report(house, who, asked[form], examined.candidate_id, BORN)
        found[form] = report.version_id
    return Places(case_id, slot_id, found)


@dataclass(frozen=True)
class Template:
    """A staged database, the sealed payloads beside it, and what was made."""

    file: Path
    sealed: Mapping[str, bytes]
    places: Places


def stage_template(populated: Path, folder: Path) -> Template:
    """Stage the meeting in a copy of a populated database."""
    file = folder / "portal.db"
    shutil.copyfile(populated, file)
    world = World(open_engine(f"sqlite:///{file}"), folder)
    places = make_stage(world)
    world.house.engine.dispose()
    return Template(file, dict(world.store._kept), places)


def stage_from(template: Template, folder: Path) -> Stage:
    """A stage of its own from a copy."""
    shutil.copyfile(template.file, folder / "portal.db")
    stage = stage_in(template, folder)
    stage.world.store._kept.update(template.sealed)
    return stage


def stage_in(template: Template, folder: Path) -> Stage:
    """The stage as it lies in a folder by now, its sealed papers aside."""
    world = World(open_engine(f"sqlite:///{folder / 'portal.db'}"), folder)
    return Stage(world, template.places)


def stage_on(url: str | URL, folder: Path) -> Stage:
    """A stage built from nothing on any database."""
    world = world_on(url, folder)
    return Stage(world, make_stage(world))
