"""Category 4 is off until the area turns it on, and then for restricted terrorism cases alone."""

from __future__ import annotations

import pytest

from portal.domain.restricted import Concern
from portal.journeys.meetings.open_case import open_case
from portal.journeys.restricted.choose_category_4 import choose_category_4, handles_category_4
from portal.journeys.restricted.open_restricted import open_restricted
from portal.journeys.unacceptable import Unacceptable
from portal.ledger.tables import drop_ddl, ledger_entries
from portal.policy.judge import Refused
from portal.records.database import reading, writing
from tests.browsing import post, words_of
from tests.restricted.holding import ids, new_case
from tests.world import World


def handled(world: World) -> bool:
    with reading(world.house.engine) as db:
        return handles_category_4(world.house, db, world.area.id)


def open_4(world: World, concern: Concern = Concern.TERRORISM) -> None:
    held = ids(world, ("helen", "tom"))
    open_restricted(world.house, world.who("helen"), new_case(world, category=4), concern, held)


def test_it_is_off_until_somebody_turns_it_on(world: World) -> None:
    assert not handled(world)
    with pytest.raises(Unacceptable) as refused:
        open_4(world)
    assert refused.value.field == "category"
    choose_category_4(world.house, world.who("tom"), handled=True)
    assert handled(world)
    open_4(world)
    choose_category_4(world.house, world.who("tom"), handled=False)
    assert not handled(world)


def test_such_a_case_is_restricted_and_for_terrorism_alone(world: World) -> None:
    choose_category_4(world.house, world.who("helen"), handled=True)
    with pytest.raises(Unacceptable) as refused:
        open_4(world, Concern.FAMILY)
    assert refused.value.field == "concern"
    with pytest.raises(Unacceptable) as refused:
        open_case(world.house, world.who("helen"), new_case(world, category=4))
    assert refused.value.field == "category"


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "sian", "dev"])
def test_nobody_else_chooses(world: World, name: str) -> None:
    with pytest.raises(Refused):
        choose_category_4(world.house, world.who(name), handled=True)
    assert not handled(world)


def test_a_line_that_was_changed_turns_nothing_on(world: World) -> None:
    choose_category_4(world.house, world.who("helen"), handled=False)
    with writing(world.house.engine) as db:
        for statement in drop_ddl("sqlite"):
            db.exec_driver_sql(statement)
        chosen = ledger_entries.c.deed == "category_4.chosen"
        row = db.execute(ledger_entries.select().where(chosen)).one()
        turned = row.leaf.replace(b"false", b"true")
        assert turned != row.leaf
        db.execute(ledger_entries.update().where(chosen).values(leaf=turned))
        db.commit()
    assert not handled(world)


def test_the_page_asks_one_question(world: World) -> None:
    client = world.client("helen")
    assert "Category 4" in words_of(client.get("/unit/category-4"))
    answer = post(client, "/unit/category-4", {"handled": "yes"})
    assert answer.status_code in (200, 302, 303)
    assert handled(world)
