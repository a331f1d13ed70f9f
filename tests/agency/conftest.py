"""A case at a meeting: the prison is asked for a MAPPA F, and the police for an update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from portal.domain.ids import RequestId
from portal.domain.meetings import Capacity, Slot
from portal.domain.papers import Kind
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import Examined, examine_report
from portal.journeys.reports.submit_report import Submitted, submit_report
from portal.ledger import book, leaf
from portal.records import candidates, papers
from portal.records.candidates import Candidate
from portal.records.database import reading
from tests.documents.making import numbered
from tests.journeys.planning import BORN, slot_of
from tests.world import World
from tests.world_fixture import world, world_template

__all__ = ["asking", "world", "world_template"]

DUE = date(2026, 5, 20)


@dataclass
class Asking:
    """`f` is asked of the prison (adeyemi), `update` of the police (carys), for one slot."""

    world: World
    slot: Slot
    f: RequestId
    update: RequestId

    @property
    def begins(self) -> datetime:
        return self.slot.starts_at

    def examine(
        self, clear: bytes | None = None, by: str = "adeyemi", request: RequestId | None = None
    ) -> Examined:
        return examine_report(
            self.world.house, self.world.who(by), request or self.f, clear or numbered(2)
        )

    def submit(
        self,
        examined: Examined,
        born: date = BORN,
        by: str = "adeyemi",
        request: RequestId | None = None,
    ) -> Submitted:
        return submit_report(
            self.world.house, self.world.who(by), request or self.f, examined.candidate_id, born
        )

    def handed_in(self) -> Submitted:
        return self.submit(self.examine())

    def waiting(self, by: str = "adeyemi", request: RequestId | None = None) -> Candidate | None:
        with reading(self.world.house.engine) as db:
            return candidates.load(
                db, self.world.area.id, request or self.f, self.world.secrets(by).person_id
            )

    def reports(self) -> int:
        with reading(self.world.house.engine) as db:
            found = papers.documents_of_slot(db, self.world.area.id, self.slot.id)
        return sum(document.kind is Kind.REPORT for document in found)

    def lines(self, deed: str) -> list[dict[str, leaf.Value]]:
        with reading(self.world.house.engine) as db:
            size = book.head(db, self.world.area.id).size
            found = [
                leaf.decode(entry.leaf) for entry in book.entries(db, self.world.area.id, 0, size)
            ]
        return [line for line in found if line["deed"] == deed]

    def kept(self) -> set[str]:
        return set(self.world.store.names())

    def wait_until(self, at: datetime) -> None:
        """Let time pass as it does: the ledger must not be hours behind at one stroke."""
        self.world.clock.set(at)

    def skip(self, by: timedelta) -> None:
        self.world.clock.advance(by)


@pytest.fixture
def asking(world: World) -> Asking:
    slot = slot_of(world)
    house, helen = world.house, world.who("helen")
    invite_to_slot(
        house, helen, slot.id, world.secrets("adeyemi").person_id, Capacity.CASE_HOLDER, "Custody."
    )
    ask_for_report(house, helen, slot.id, world.agency("police").id, "update", DUE)
    with reading(house.engine) as db:
        found = {r.form_code: r.id for r in papers.requests_for(db, world.area.id, slot.id)}
    return Asking(world, slot, found["F"], found["update"])
