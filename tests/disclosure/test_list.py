"""The list of requests: its order, and that it reads no more for more of them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from portal.journeys.views.disclosures import disclosure_list
from tests.disclosure.scene import REFUSAL, Scene


def reads(scene: Scene) -> int:
    """How many statements the list takes."""
    world, counted = scene.world, []

    def count(*seen: object) -> None:
        counted.append(seen[2])

    who = world.who("tom")
    event.listen(world.house.engine, "before_cursor_execute", count)
    disclosure_list(world.house, who)
    event.remove(world.house.engine, "before_cursor_execute", count)
    return len(counted)


def test_it_reads_no_more_for_more_requests(scene: Scene) -> None:
    scene.ask()
    few = reads(scene)
    for receiver in ("grace", "mark", "helen", "una", "newcomer"):
        scene.ask(receiver=receiver)
    assert reads(scene) == few


def test_what_waits_longest_stands_first_and_what_is_decided_last(scene: Scene) -> None:
    world = scene.world
    names = ("joe", "grace", "mark")
    asked = []
    for name in names:
        asked.append(scene.ask(receiver=name).id)
        world.clock.advance(timedelta(days=1))
    scene.decide(asked[0], REFUSAL)
    found = disclosure_list(world.house, world.who("tom"))
    assert [each.id for each in found] == [asked[1], asked[2], asked[0]]
    assert [each.days for each in found[:2]] == [2, 1]
