"""Somebody who left stays out by every way in, and at every step of it, when their rows are put
back: the record says that they left."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, delete, insert, select

from portal.domain.people import Account
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.ledger import book, search
from portal.records import people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage
from tests.journeys.ways_in import NAME, WAYS, Way
from tests.world import World

STEPS = [(way, step) for way, steps in WAYS.items() for step in range(steps)]
NAMES = [f"{way.__name__}-{step}" for way, step in STEPS]


def goes_on(way: Way, steps: int) -> None:
    """The first so many steps, and what comes before them."""
    for _ in range(steps + 1):
        next(way)


def ends(way: Way) -> bytes:
    while True:
        try:
            next(way)
        except StopIteration as done:
            secret: bytes = done.value
            return secret


def leaves_and_is_put_back(world: World, name: str = NAME) -> None:
    """The unit removes them; somebody with the database puts their rows back."""
    mine = world.secrets(name).person_id
    tables: list[tuple[Table, Any]] = [
        (people.people, people.people.c.id == mine),
        (sessions.sessions, sessions.sessions.c.person_id == mine),
        (sessions.joining_links, sessions.joining_links.c.person_id == mine),
    ]
    with reading(world.house.engine) as db:
        were = [db.execute(select(table).where(where)).mappings().all() for table, where in tables]
    remove_person(world.house, world.who("helen"), mine)
    assert world.person(name).account is Account.LEFT
    with tending(world.house) as db:
        for (table, where), rows in zip(tables, were, strict=True):
            db.execute(delete(table).where(where))
            for row in rows:
                db.execute(insert(table).values(dict(row)))


def opened(world: World) -> int:
    """How many lines say that a session of theirs began."""
    mine = world.secrets(NAME).person_id.encode()
    deeds = ["session.opened", "session.reopened", "passphrase.changed"]
    with reading(world.house.engine) as db:
        return len(search.mentions(db, world.area.id, deeds, mine, after=-1))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_whoever_is_here_comes_in_by_each_way(world: World, way: Any) -> None:
    secret = ends(way(world))
    found = recall(world.house, secret)
    assert isinstance(found, Recalled)
    assert found.stage is Stage.SIGNED_IN
    assert opened(world)


@pytest.mark.parametrize(("way", "step"), STEPS, ids=NAMES)
def test_whoever_left_comes_in_by_none(world: World, way: Any, step: int) -> None:
    coming = way(world)
    goes_on(coming, step)
    before = opened(world)
    leaves_and_is_put_back(world)
    assert world.person(NAME).account is Account.ENROLLED
    with pytest.raises(NotRight):
        ends(coming)
    assert opened(world) == before


@pytest.mark.parametrize("stage", [each for each in Stage if each is not Stage.ENDED])
def test_no_session_of_any_stage_begins_for_them(world: World, stage: Stage) -> None:
    leaves_and_is_put_back(world)
    person, keyring = world.person(NAME), world.secrets(NAME).keyring
    with reading(world.house.engine) as db:
        size = book.head(db, person.area_id).size
    with pytest.raises(NotRight), tending(world.house) as db:
        begin(world.house, db, person, stage, keyring, world.clock.now())
    with reading(world.house.engine) as db:
        assert book.head(db, person.area_id).size == size
