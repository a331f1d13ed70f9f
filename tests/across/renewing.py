"""Somebody of Northmere who begins anew, as its two co-ordinators let them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from portal.cli.first_person import Given, joins_here
from portal.domain.proofing import How
from portal.journeys.house import Who
from portal.journeys.joining.new_account import Linked
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.keys.renew_person import renew_person
from portal.records import outbox
from portal.records.database import reading
from tests.across.scene import Two

NEW = "gravel violin mostly lantern oxbow harbour"


def join_again(two: Two, name: str, folder: Path, then: Callable[[Who], None]) -> None:
    """By the link in their letter, with a new passphrase and a new app; `then` while signed in."""
    with reading(two.world.house.engine) as db:
        due = outbox.due(db, two.world.clock.now(), 1000)
    person = two.world.person(name)
    paths = [
        notice.fields["path"]
        for notice in due
        if notice.letter == "invited_to_join" and notice.area_id == person.area_id
    ]
    given = Given(NEW, folder / "secret", folder / "codes")
    joins_here(two.world.house, Linked(person, paths[-1]), given, then)


def begin_anew(two: Two, name: str) -> None:
    house, person = two.world.house, two.world.person(name)
    proof_person(house, two.world.who("helen"), person.id, How.RANG, two.world.code("helen"))
    renew_person(house, two.world.who("tom"), person.id, two.world.code("tom"))
