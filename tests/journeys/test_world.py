"""The world the other tests stand in is an honest one."""

from __future__ import annotations

from portal.domain.people import UNIT
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.ledger import verify
from portal.records.database import reading
from tests.world import CAST, INVITED, UNCONFIRMED, World, cast


def test_every_confirmed_key_stands_in_the_ledger(world: World) -> None:
    with reading(world.house.engine) as db:
        found = confirmed_keys(world.house, db, world.area.id)
    expected = {cast()[name].person_id for name in CAST if name not in UNCONFIRMED | INVITED}
    assert set(found) == expected


def test_the_ledger_verifies(world: World) -> None:
    with reading(world.house.engine) as db:
        verify.audit(db, world.area.id, world.area.ledger_vkey)


def test_unit_members_open_the_unit_key_and_others_do_not(world: World) -> None:
    with reading(world.house.engine) as db:
        unit = unit_recipient(world.house, db, world.area.id)
        for name in ("helen", "tom", "priya"):
            assert CAST[name][3] & UNIT
            assert world.who(name).unit(db).recipient() == unit.recipient
