"""The lists of unused accounts tell the same as the rule that signs in: a co-ordinator whose key is
not confirmed opens nobody's account, and keeps nobody asleep."""

from __future__ import annotations

import pytest

from portal.domain.people import Account, Role
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.roles.in_office import in_office
from portal.journeys.views.dormant import asleep_in
from portal.records import keys, people
from portal.records.database import reading
from tests.giving_roles import give_roles
from tests.journeys.test_dormancy import A_MOMENT, LONG, sign_in
from tests.world import World


def unconfirm(world: World, name: str) -> None:
    with world.house.engine.begin() as db:
        assert keys.remove_confirmation(db, world.area.id, world.person(name).id)


def agrees(world: World) -> set[str]:
    """Who is asleep by the list, after it was compared with the ledger for everybody."""
    now = world.clock.now()
    with reading(world.house.engine) as db:
        listed = asleep_in(db, world.area.id, now)
        everybody = people.of_area(db, world.area.id).values()
        by_ledger = {p.id for p in everybody if asleep_since(db, p, now) is not None}
        assert listed == by_ledger
        return {p.name for p in everybody if p.id in listed}


def test_somebody_not_confirmed_who_signs_in_leaves_the_last_co_ordinator_awake(
    world: World,
) -> None:
    give_roles(world, "carys", world.person("carys").roles | {Role.COORDINATOR})
    unconfirm(world, "carys")
    world.clock.advance(LONG + A_MOMENT)
    sign_in(world, "carys")
    assert world.person("helen").name not in agrees(world)


def test_a_confirmed_one_who_signs_in_lets_the_others_sleep(world: World) -> None:
    give_roles(world, "carys", world.person("carys").roles | {Role.COORDINATOR})
    world.clock.advance(LONG + A_MOMENT)
    assert world.person("helen").name not in agrees(world)
    sign_in(world, "carys")
    assert world.person("helen").name in agrees(world)


@pytest.mark.parametrize("account", [Account.INVITED, Account.LEFT])
def test_nobody_holds_office_who_has_not_joined_or_has_left(world: World, account: Account) -> None:
    with world.house.engine.begin() as db:
        assert [p.id for p in in_office(db, world.area.id, {Role.SPOC})]
        people.set_account(db, world.area.id, world.person("grace").id, account)
        assert world.person("grace").id not in {
            p.id for p in in_office(db, world.area.id, {Role.SPOC})
        }
