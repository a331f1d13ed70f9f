"""Who holds a restricted case changes: what they can open before and after, and what not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import open_header
from portal.domain.ids import PersonId
from portal.domain.papers import UNIT_READER
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.rewrap_unit import left_to_rewrap, rewrap_unit
from portal.journeys.keys.unit_of import open_unit_of_case
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.read_case import read_case
from portal.journeys.restricted.change_holders import change_holders
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.holders import holders_page
from portal.policy.judge import Refused
from portal.records import papers, restrictions
from portal.records.database import reading
from tests.restricted.holding import NAME, ids, restriction, set_holders
from tests.staging import Stage


def read(stage: Stage, name: str) -> str:
    return read_case(stage.house, stage.world.who(name), stage.case_id).particulars.name


def left(stage: Stage) -> int:
    now = restriction(stage).public.fingerprint
    with reading(stage.house.engine) as db:
        return left_to_rewrap(db, stage.world.area.id, now, stage.case_id)


def test_somebody_is_added_and_the_key_stays(held: Stage) -> None:
    before = restriction(held).public.fingerprint
    assert not set_holders(held, "tom", "tom", "grace", "helen").new_key
    assert restriction(held).public.fingerprint == before
    assert read(held, "helen") == read(held, "grace") == NAME


def test_somebody_is_removed_and_it_has_a_new_key(held: Stage) -> None:
    held.send("tom")
    before = restriction(held).public.fingerprint
    with reading(held.house.engine) as db:
        kept = open_unit_of_case(held.house, db, held.world.who("grace"), held.case_id).key
    set_holders(held, "tom", "tom", "grace", "helen")
    assert set_holders(held, "tom", "tom", "helen").new_key
    assert restriction(held).public.former == (before,)
    with pytest.raises(Refused):
        read(held, "grace")
    assert left(held)
    rewrap_unit(held.house, held.world.who("helen"), case_id=held.case_id)
    assert left(held) == 0
    assert read(held, "helen") == read(held, "tom") == NAME
    # With the key that she may have kept, and the database of today, nothing opens.
    with reading(held.house.engine) as db:
        headers = db.execute(
            select(papers.headers.c.header).where(papers.headers.c.reader_id == UNIT_READER)
        ).scalars()
        for header in headers:
            with pytest.raises(AgeError):
                open_header(header, kept.openers())
    held.accept("carys")
    assert held.opens("carys").startswith(b"%PDF")
    held.whole()


def test_whoever_removes_themselves_sees_it_no_more(held: Stage) -> None:
    set_holders(held, "tom", "grace", "helen")
    with pytest.raises(Refused):
        read(held, "tom")
    assert read(held, "helen") == NAME


def test_at_least_two_stay(held: Stage) -> None:
    for names in ((), ("tom",), ("tom", "priya")):
        with pytest.raises(Unacceptable):
            set_holders(held, "tom", *names)
    assert read(held, "grace") == NAME


@pytest.mark.parametrize("name", ["helen", "priya", "alan", "carys", "sian", "dev"])
def test_nobody_else_changes_who_holds_it(held: Stage, name: str) -> None:
    with pytest.raises(Refused):
        set_holders(held, name, "tom", "helen")
    assert read(held, "grace") == NAME


def test_a_page_of_before_changes_nothing(held: Stage) -> None:
    was = holders_page(held.house, held.world.who("tom"), held.case_id).digest
    set_holders(held, "grace", "tom", "grace", "helen")
    with pytest.raises(Changed):
        change_holders(
            held.house, held.world.who("tom"), held.case_id, ids(held.world, ("tom", "grace")), was,
            held.world.code("tom"),
        )  # fmt: skip


def test_a_holder_who_leaves_holds_nothing_and_the_next_change_gives_a_new_key(
    held: Stage,
) -> None:
    world = held.world
    remove_person(held.house, world.who("helen"), world.secrets("grace").person_id)
    page = holders_page(held.house, world.who("tom"), held.case_id)
    assert page.holders == {world.secrets("tom").person_id}
    assert set_holders(held, "tom", "tom", "helen").new_key
    assert read(held, "helen") == NAME


def test_a_new_key_of_the_unit_leaves_it_alone(held: Stage) -> None:
    held.send("tom")
    world = held.world
    with reading(held.house.engine) as db:
        was = unit_recipient(held.house, db, world.area.id).fingerprint
    change_unit_key(held.house, world.who("helen"), was, world.code("helen"))
    told = rewrap_unit(held.house, world.who("helen"))
    assert (told.done, told.left) == (0, 0)
    assert read(held, "tom") == NAME
    assert left(held) == 0


def test_the_recovery_kit_is_given_every_key_of_it(held: Stage) -> None:
    set_holders(held, "tom", "tom", "helen")
    with reading(held.house.engine) as db:
        row = restrictions.key_of(db, held.world.area.id, held.case_id)
    assert row is not None
    assert row.for_kit
    assert holders_page(held.house, held.world.who("tom"), held.case_id).kit_is_newest


def test_the_lines_name_holders_and_no_individual(held: Stage) -> None:
    set_holders(held, "tom", "tom", "helen")
    (opened,) = held.lines("case.restricted")
    (changed,) = held.lines("holders.changed")
    assert sorted(map(PersonId, opened["holders"])) == sorted(ids(held.world, ("tom", "grace")))  # type: ignore[arg-type]
    assert sorted(changed["holders"]) == sorted(ids(held.world, ("tom", "helen")))  # type: ignore[arg-type]
    assert NAME not in str(held.lines())
