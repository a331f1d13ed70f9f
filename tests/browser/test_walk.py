"""The main job, from end to end, in real Chromium: with JavaScript, and without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.northmere import Town
from tests.browser.people import People
from tests.browser.walk import step_1_prepare as prepare
from tests.browser.walk import step_2_join as join
from tests.browser.walk import step_3_report as report
from tests.browser.walk.story import Story

STEPS = (
    prepare.the_coordinator_prepares_a_meeting,
    prepare.the_administrator_prepares_too,
    prepare.the_administrator_cannot_send_or_decide,
    join.somebody_new_is_invited,
    join.they_join,
    join.their_key_is_confirmed,
    report.the_prison_hands_in_its_report,
    report.others_hand_in_theirs,
    report.another_agency_gets_nothing,
)


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_the_main_job(
    people: Callable[..., People], town: Town, tmp_path: Path, javascript: bool
) -> None:
    story = Story(people(javascript=javascript), town, tmp_path)
    for step in STEPS:
        step(story)
