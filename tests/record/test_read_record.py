"""Reading the record: who may, what it leaves, what it is narrowed to, and how far it looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId
from portal.journeys.record import read_record as module
from portal.journeys.record.export_record import export_record
from portal.journeys.record.read_record import Narrowed, RecordPage, read_record
from portal.journeys.record.verify_record import verify_record
from portal.journeys.views.record import line_receipt, record_choices
from portal.ledger import receipt
from portal.ledger.tree import leaf_hash
from portal.policy.judge import Refused
from portal.records import pointed
from portal.records.database import reading
from tests.staging import Stage
from tests.world import World, cast

ALLOWED = ("helen", "tom", "sian")
OTHERS = ("priya", "alan", "adeyemi", "carys", "joe", "mark", "dev")
READS: dict[str, Callable[[World, str], object]] = {
    "read": lambda w, n: read_record(w.house, w.who(n), Narrowed()),
    "verify": lambda w, n: verify_record(w.house, w.who(n)),
    "export": lambda w, n: list(export_record(w.house, w.who(n))),
    "receipt": lambda w, n: line_receipt(w.house, w.who(n), 0),
    "choices": lambda w, n: record_choices(w.house, w.who(n)),
}


def read(world: World, narrowed: Narrowed | None = None, below: int | None = None) -> RecordPage:
    return read_record(world.house, world.who("sian"), narrowed or Narrowed(), below)


def deeds(page: RecordPage) -> list[str]:
    return [told.entry.deed for told in page.lines]


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize("name", ALLOWED)
def test_coordinator_deputy_and_auditor_may(world: World, name: str, what: str) -> None:
    assert READS[what](world, name)


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_may(world: World, name: str, what: str) -> None:
    with pytest.raises(Refused):
        READS[what](world, name)


@pytest.mark.parametrize("what", ["read", "verify", "export"])
def test_each_leaves_exactly_one_line(world: World, what: str) -> None:
    before = read(world).size
    READS[what](world, "helen")
    told = read(world)
    # The line of the reading before, and the one that is tried.
    assert told.size == before + 2
    assert deeds(told)[0] == "record.read"
    assert told.lines[0].fields["actor"] == cast()["helen"].person_id


def test_a_refused_reading_leaves_one_line_and_shows_nothing(world: World) -> None:
    before = read(world).size
    with pytest.raises(Refused):
        read_record(world.house, world.who("carys"), Narrowed())
    told = read(world)
    assert told.size == before + 2
    assert told.lines[0].fields["deed"] == "deed.refused"


def test_newest_first_page_by_page_without_a_gap(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 7)
    below, seen = None, []
    first = read(world)
    below = first.size
    while below is not None:
        page = read(world, below=below)
        seen += [told.entry.position for told in page.lines]
        below = page.further
    assert seen == list(reversed(range(first.size)))


@pytest.mark.parametrize(("below", "first"), [(0, None), (-5, None), (10**9, "newest"), (1, 0)])
def test_an_odd_beginning_is_brought_into_range(
    world: World, below: int, first: int | str | None
) -> None:
    page = read(world, below=below)
    newest = page.size - 1
    found = page.lines[0].entry.position if page.lines else None
    assert found == (newest if first == "newest" else first)


def test_by_what_was_done(world: World) -> None:
    assert set(deeds(read(world, Narrowed(deed=Deed.KEY_CONFIRMED)))) == {"key.confirmed"}


def test_by_who_did_it_or_whom_it_concerns(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    joe = stage.id("joe")
    told = read(stage.world, Narrowed(person=joe)).lines
    assert {"pack.sent", "invitation.made", "key.confirmed"} <= {t.entry.deed for t in told}
    assert all(joe in set(module.identifiers(t.fields)) for t in told)


def test_by_case_finds_what_names_only_something_of_it(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    stage.accept("joe")
    stage.opens("joe")
    found = deeds(read(stage.world, Narrowed(case=stage.case_id)))
    assert {"case.opened", "meeting_day.planned", "report.received", "pack.sent", "paper.opened",
            "file.examined"} <= set(found)  # fmt: skip
    assert not {"key.confirmed", "agency.added", "person.joined"} & set(found)
    of_slot = deeds(read(stage.world, Narrowed(slot=stage.slot_id)))
    assert "paper.opened" in of_slot
    assert "case.opened" not in of_slot


def test_by_two_things_at_once(stage: Stage) -> None:
    found = read(stage.world, Narrowed(case=stage.case_id, person=stage.id("joe")))
    assert set(deeds(found)) == {"invitation.made"}


def test_by_days_as_london_counts_them(world: World) -> None:
    today = world.clock.now().date()
    assert read(world, Narrowed(since=today, until=today)).lines
    assert read(world, Narrowed(since=today + timedelta(days=1))).lines == ()
    assert read(world, Narrowed(until=today - timedelta(days=1))).lines == ()
    assert read(world, Narrowed(since=date(2000, 1, 1), until=date(2100, 1, 1))).lines


def test_somebody_unknown_finds_nothing(world: World) -> None:
    assert read(world, Narrowed(person="a" * 26)).lines == ()
    assert read(world, Narrowed(case="' OR 1=1 --")).lines == ()


def test_it_looks_through_so_many_lines_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    helen = cast()["helen"].person_id
    first = next(
        t.entry.position
        for t in read(world, Narrowed(deed=Deed.KEY_REGISTERED)).lines
        if t.fields["person"] == helen
    )
    monkeypatch.setattr(module, "LOOKED_THROUGH", 10)
    page = read(world, Narrowed(person=helen, deed=Deed.PERSON_JOINED))
    assert page.lines == ()
    assert page.stopped_early
    found: list[int] = []
    below = page.further
    while below is not None:
        page = read(world, Narrowed(person=helen, deed=Deed.PERSON_JOINED), below)
        found += [told.entry.position for told in page.lines]
        below = page.further
    assert found == [first + 1]


def test_what_lines_point_to_is_named_as_far_as_it_is_there(stage: Stage) -> None:
    stage.arrange()
    sent = stage.send()
    page = read(stage.world)
    assert page.pointed.sendings[sent.sending.id].reference == "NMR/26/0117-P1"
    assert page.pointed.cases[stage.case_id].reference == "NMR/26/0117"
    assert page.pointed.people[stage.id("joe")].name == "Joe Tarn"


def test_nothing_of_another_area_is_named(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        found = pointed.to(db, AreaId("another"), [stage.case_id, stage.slot_id, stage.id("joe")])
    assert [found.cases, found.slots, found.people, found.agencies] == [{}, {}, {}, {}]


def test_a_receipt_proves_its_line(world: World) -> None:
    told = read(world).lines[5]
    text = line_receipt(world.house, world.who("sian"), told.entry.position)
    signer = world.house.signer(world.area.id)
    position, _ = receipt.check(text, told.entry.leaf, signer.known, signer.origin)
    assert position == told.entry.position
    assert leaf_hash(told.entry.leaf) == told.entry.leaf_hash


@pytest.mark.parametrize("position", [10**6, 2**63])
def test_no_receipt_of_a_line_that_is_not_there(world: World, position: int) -> None:
    with pytest.raises(Refused):
        line_receipt(world.house, world.who("sian"), position)
