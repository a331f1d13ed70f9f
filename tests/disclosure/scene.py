"""A sent pack, from which somebody asks to pass a paper on: the scene of the disclosure tests.

Carys (police) is invited and has accepted the statement; the prison's MAPPA F and an update from
health are in the pack. Joe (housing) is at no meeting; Una (housing) has no confirmed key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

from portal.domain import statement
from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, LawfulBasis, Least
from portal.domain.grants import Grant
from portal.domain.ids import DisclosureId, GrantId, RequestId, SlotId, VersionId
from portal.domain.meetings import Capacity, Mode, SlotKind
from portal.domain.weighing import Approval, Refusal, Weighing
from portal.journeys.deed import tending
from portal.journeys.disclosure.ask_disclosure import Wish, ask_disclosure
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.deciding import deciding
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.pack import arrange_page, send_page
from portal.ledger import book, leaf
from portal.records import outbox, papers, people, sendings
from portal.records.database import reading
from tests.documents.making import plain
from tests.world import World, world_from

BORN = date(1991, 3, 27)
MEETING = date(2026, 5, 28)
CANARY = "Kestrel Yard"
PURPOSE = f"To find him a flat that is nowhere near {CANARY}."
NEED = f"A tenancy starts on 20 May; without it he moves in at {CANARY}."
WEIGHING = Weighing(
    necessity=f"Housing cannot avoid {CANARY} if it does not know of it.",
    proportionality="One report to one named officer, for two weeks.",
    risks_of_disclosing=f"Word might get round {CANARY}, and he might be attacked.",
    risks_of_withholding=f"He might be housed at {CANARY}, beside the family he harmed.",
)
APPROVAL = Approval(
    WEIGHING, LawfulBasis.CDA_115, Least.THIS_PAPER, 14,
    consulted=f"HMP Elmsworth agrees, provided that {CANARY} is not named to tenants.",
)  # fmt: skip
REFUSAL = Refusal(WEIGHING, f"You may ask the prison about {CANARY} yourselves.\r\n\r\nGood day.")

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """The world after a pack was sent and read."""

    world: World
    slot_id: SlotId
    report: VersionId
    health_report: VersionId
    grant: Grant

    def ask(
        self, asker: str = "carys", receiver: str = "joe", paper: VersionId | None = None
    ) -> Disclosure:
        wish = Wish(paper or self.report, self.world.person(receiver).id, PURPOSE, NEED)
        found = self.grant if asker == "carys" else self.grant_of(asker)
        return ask_disclosure(self.world.house, self.world.who(asker), found.id, wish)

    def grant_of(self, name: str) -> Grant:
        """The newest grant of this person."""
        with reading(self.world.house.engine) as db:
            person = self.world.person(name)
            return sendings.grants_of_person(db, person.area_id, person.id)[-1]

    def digest(self, request_id: DisclosureId) -> str:
        """What the page of this request carries now."""
        with reading(self.world.house.engine) as db:
            return deciding(self.world.house, db, self.world.area.id, request_id).digest

    def decide(
        self,
        request_id: DisclosureId,
        decision: Approval | Refusal = APPROVAL,
        by: str = "helen",
        digest: str | None = None,
        code: str | None = None,
    ) -> Disclosure:
        return decide_disclosure(
            self.world.house,
            self.world.who(by),
            request_id,
            decision,
            digest or self.digest(request_id),
            code or self.world.code(by),
        )

    def accept(self, name: str) -> None:
        """Accept the statement for this meeting."""
        who = self.world.who(name)
        accept_statement(self.world.house, who, self.slot_id, statement.CURRENT.digest)


def stage(world: World, invited: Sequence[str] = ("carys",)) -> Scene:
    """A case, a meeting, two reports, a pack sent to those invited, its statement accepted."""
    house, helen = world.house, world.who("helen")
    case = open_case(
        house, helen,
        NewCase("NM/2026/014", world.agency("probation").id, 1, 2, "Daniel Marlow", BORN),
    )  # fmt: skip
    planned = plan_meeting(
        house, helen, MEETING, time(10), Mode.REMOTE, [Heard(case.id, SlotKind.INITIAL)]
    )
    slot_id = planned.slots[0].id
    invite_to_slot(
        house,
        helen,
        slot_id,
        world.person("adeyemi").id,
        Capacity.CASE_HOLDER,
        "Has him in custody",
    )
    for name in invited:
        invite_to_slot(
            house, helen, slot_id, world.person(name).id, Capacity.INVESTIGATOR, "Knows the case"
        )
    with reading(house.engine) as db:
        asked_for_f = papers.requests_for(db, world.area.id, slot_id)[0].id
    report = submit(world, "adeyemi", asked_for_f)
    update = ask_for_report(
        house, helen, slot_id, world.agency("health").id, "update", date(2026, 5, 20)
    )
    health = submit(world, "grace", update.request.id)
    proposed = arrange_page(house, helen, slot_id)
    order = [paper.version_id for paper in proposed.papers]
    to = Arrangement(order, proposed.given, proposed.opens_at, proposed.closes_at)
    arrange_pack(house, helen, slot_id, to)
    page = send_page(house, helen, slot_id)
    sent = send_pack(
        house, helen, slot_id, page.digest, world.code("helen"), "The referral is late."
    )
    scene = Scene(world, slot_id, report, health, sent.grants[world.person(invited[0]).id])
    for name in invited:
        scene.accept(name)
    return scene


@dataclass(frozen=True)
class Staged:
    """A scene as it was left, to begin many tests with: a whole database file, what was in the
    store, the time, and whose codes were spent."""

    file: Path
    kept: Mapping[str, bytes]
    at: datetime
    spent: Mapping[str, int]
    scene: Scene

    def again(self, folder: Path) -> Scene:
        """The same scene in a world of its own."""
        world = world_from(self.file, folder)
        world.store._kept.update(self.kept)
        world._spent.update(self.spent)
        world.clock.set(self.at)
        return replace(self.scene, world=world)


def leave(scene: Scene) -> Staged:
    """Close this scene and keep it as a beginning."""
    world = scene.world
    world.house.engine.dispose()
    file = world.folder / "portal.db"
    return Staged(file, dict(world.store._kept), world.clock.now(), dict(world._spent), scene)


def submit(world: World, name: str, request_id: RequestId) -> VersionId:
    """Hand in a small report."""
    who = world.who(name)
    clear = plain(b"BT /F1 12 Tf 72 700 Td (Custody report) Tj ET")
    examined = examine_report(world.house, who, request_id, clear)
    return submit_report(world.house, who, request_id, examined.candidate_id, BORN).version_id


def lines(world: World, *deeds: Deed) -> list[dict[str, leaf.Value]]:
    """The ledger's lines of these deeds."""
    wanted = {deed.value for deed in deeds}
    with reading(world.house.engine) as db:
        size = book.head(db, world.area.id).size
        told = [leaf.decode(entry.leaf) for entry in book.entries(db, world.area.id, 0, size)]
    return [each for each in told if each["deed"] in wanted]


def letters(world: World) -> list[outbox.Notice]:
    """Every notice that waits to be sent, oldest first."""
    with tending(world.house) as db:
        return outbox.due(db, world.clock.now(), 1000)


def grants_now(world: World, name: str) -> list[GrantId]:
    """Every grant of one person."""
    with reading(world.house.engine) as db:
        person = people.by_id(db, world.person(name).id)
        assert person is not None
        return [g.id for g in sendings.grants_of_person(db, person.area_id, person.id)]


def at_once(actions: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do all of these at the same moment, each in a thread; returns what came of each."""
    gate = threading.Barrier(len(actions))
    outcome: list[T | Exception] = [RuntimeError("never ran")] * len(actions)

    def run(place: int) -> None:
        gate.wait(60)
        try:
            outcome[place] = actions[place]()
        except Exception as error:
            outcome[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(110)
    return outcome


def days(count: int) -> Approval:
    """The approval, for another number of days."""
    return replace(APPROVAL, days=count)
