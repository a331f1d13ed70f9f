"""Whoever may not do a thing learns nothing of what it would be done to: the answer is the same
for what is there and for what is not, by status, by words and by what is written down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.policy.actions import Action
from portal.policy.verdict import Why
from portal.web.door import DOORS
from tests.policy_table import walk
from tests.policy_table.scene import Scene
from tests.policy_table.test_routes import SIGNED_IN, without_token

NOT_THEIRS = {"404", f"403 {Why.NOT_YOUR_ROLE.value}"}
NOTHING = "a" * 26


@pytest.fixture(autouse=True)
def undone(scene: Scene) -> Iterator[None]:
    scene.undo()
    yield
    scene.undo()


def made_up(row: walk.Row) -> Iterator[walk.Row]:
    """The same request for things that are not there: each of them, and all of them."""
    ids = [name for name, value in row.values.items() if not isinstance(value, int)]
    for names in [*([name] for name in ids if len(ids) > 1), ids]:
        values = {**row.values, **dict.fromkeys(names, NOTHING)}
        yield walk.Row(row.method, row.route, row.endpoint, row.about, values)


@pytest.mark.parametrize("who", SIGNED_IN)
def test_what_is_there_and_what_is_not_are_answered_alike(scene: Scene, who: str) -> None:
    told = []
    for row in walk.rows(scene):
        if not row.values or not isinstance(DOORS.get(row.endpoint), Action):
            continue
        answer, cell, left = walk.attempt(scene, row, who)
        scene.undo()
        if cell not in NOT_THEIRS:
            continue
        seen = (cell, without_token(answer.get_data(as_text=True)), len(left))
        for other in made_up(row):
            answer, cell, left = walk.attempt(scene, other, who)
            scene.undo()
            if (cell, without_token(answer.get_data(as_text=True)), len(left)) != seen:
                told.append(f"{row.method} {row.route} {other.values}: {seen[0]}, {cell}")
    assert told == [], "\n".join(told)
