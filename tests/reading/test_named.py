"""A copy names its reader as they were confirmed: no name that was slipped into a row is marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.read_page import draw_page, read_page
from portal.policy.judge import Refused
from tests.reading.opening import opened
from tests.staging import Stage
from tests.web.browsing import send

OTHER = "UPDATE people SET name = 'Somebody Else' WHERE id = ?"
MOVED = (
    "UPDATE people SET agency_id = (SELECT agency_id FROM people WHERE name LIKE 'Carys%')"
    " WHERE id = ?"
)
UNCONFIRMED = "DELETE FROM confirmations WHERE person_id = ?"


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.send()
    stage.accept("ruth")
    return stage


def slipped(stage: Stage, what: str) -> None:
    with stage.house.engine.begin() as db:
        changed = db.exec_driver_sql(what, (stage.id("ruth"),))
        assert changed.rowcount == 1


@pytest.mark.parametrize("what", [OTHER, MOVED])
def test_no_copy_is_made_for_a_row_that_was_changed(sent: Stage, what: str) -> None:
    slipped(sent, what)
    with pytest.raises(KeyAlarm) as alarm:
        opened(sent)
    assert alarm.value.person_id == sent.id("ruth")


def test_no_copy_is_made_where_the_confirmation_is_gone(sent: Stage) -> None:
    slipped(sent, UNCONFIRMED)
    with pytest.raises((KeyAlarm, Refused)):
        opened(sent)


@pytest.mark.parametrize("what", [OTHER, MOVED, UNCONFIRMED])
def test_no_page_is_shown_from_then_on(sent: Stage, what: str) -> None:
    ruth, grant = sent.world.who("ruth"), sent.grant("ruth").id
    begin_reading(sent.house, ruth, grant)
    read_page(sent.house, ruth, grant, 1)
    slipped(sent, what)
    for who in (ruth, sent.world.who("ruth")):
        with pytest.raises((KeyAlarm, Refused)):
            read_page(sent.house, who, grant, 2)
        with pytest.raises((KeyAlarm, Refused)):
            draw_page(sent.house, who, grant, 1)


def test_a_name_that_was_put_back_meanwhile_is_not_marked(sent: Stage) -> None:
    ruth = sent.world.who("ruth")
    forged = replace(ruth, actor=replace(ruth.actor, name="Somebody Else"))
    with pytest.raises(KeyAlarm):
        open_paper(sent.house, forged, sent.grant("ruth").id)
    assert opened(sent).size


def test_a_browser_is_told_that_it_was_stopped(sent: Stage) -> None:
    browser, page = sent.world.client("ruth"), f"/papers/{sent.grant('ruth').id}"
    slipped(sent, OTHER)
    answer = send(browser, f"{page}/open", page)
    assert answer.status_code == 409
    assert not answer.data.startswith(b"%PDF")
