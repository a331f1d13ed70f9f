"""A restricted case is not there for whoever of the unit does not hold it: by every route that
names a case, or something of one, they get what they get for what is not there.

The rows alone make the case restricted here, so whatever asked for its key would raise an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.domain.restricted import Concern
from portal.policy.actions import Action
from portal.records import cases, restrictions
from portal.records.database import writing
from portal.web.door import DOORS
from tests.policy_table import walk
from tests.policy_table.forms import FORMS
from tests.policy_table.scene import Scene
from tests.policy_table.test_nothing_to_learn import NOTHING
from tests.policy_table.test_routes import without_token

OF_A_CASE = {"case_id", "slot_id", "day_id", "sending_id", "grant_id", "request_id", "version_id"}
OF_THE_UNIT = ("unit:", "decide:")


@pytest.fixture(autouse=True)
def undone(scene: Scene) -> Iterator[None]:
    scene.undo()
    yield
    scene.undo()


def restrict(scene: Scene) -> None:
    """Every case of the scene is Tom's alone."""
    area, now = scene.stage.world.area.id, scene.stage.world.clock.now()
    with writing(scene.stage.house.engine) as db:
        for case_id in db.execute(select(cases.cases.c.id)).scalars().all():
            key = restrictions.CaseKey(
                case_id, area, Concern.FAMILY, b"no key", "ab" * 32, now, b"", "cd" * 32
            )
            restrictions.save_key(db, key)
            tom = restrictions.CaseHolder(case_id, scene.stage.id("tom"), area, b"", now)
            restrictions.save_holder(db, tom)
        db.commit()


def of_a_case(scene: Scene) -> list[walk.Row]:
    found = []
    for row in walk.rows(scene):
        action = DOORS.get(row.endpoint)
        of_unit = isinstance(action, Action) and action.value.startswith(OF_THE_UNIT)
        if of_unit and OF_A_CASE & row.values.keys():
            found.append(row)
    return found


def answered(scene: Scene, row: walk.Row, who: str) -> tuple[int, str, list[str]]:
    """Status, words and lines, the form filled in as for the case before it was restricted."""
    fields = dict(FORMS.get(row.endpoint, lambda _s, _w: {})(scene, who))
    restrict(scene)
    area, before = scene.stage.world.area.id, scene.sizes()
    answer = scene.clients[who].open(
        walk.address(scene, row),
        method=row.method,
        data={"csrf_token": scene.tokens[who], **fields} if row.method == "POST" else None,
    )
    said = without_token(answer.get_data(as_text=True))
    for own in row.values.values():
        said = said.replace(str(own), "")
    left = scene.newest(area, scene.sizes()[area] - before[area])
    return answer.status_code, said, [f"{line['deed']} {line.get('why')}" for line in left]


def test_there_are_many_such_routes(scene: Scene) -> None:
    assert len(of_a_case(scene)) > 60


@pytest.mark.parametrize("who", ["helen", "priya"])
def test_nothing_of_a_restricted_case_is_there_for_the_rest_of_the_unit(
    scene: Scene, who: str
) -> None:
    told = []
    for row in of_a_case(scene):
        answers = []
        nothing = {
            name: NOTHING if name in OF_A_CASE else value for name, value in row.values.items()
        }
        for values in (dict(row.values), nothing):
            asked = walk.Row(row.method, row.route, row.endpoint, row.about, values)
            answers.append(answered(scene, asked, who))
            scene.undo()
        if answers[0] != answers[1]:
            told.append(f"{row.method} {row.route}: {answers[0][0]}, {answers[1][0]}")
    assert told == [], "\n".join(told)
