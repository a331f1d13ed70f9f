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
from tests.browser.walk import step_4_send as send
from tests.browser.walk import step_5_read as reading
from tests.browser.walk import step_6_minutes as minutes
from tests.browser.walk import step_7_disclose as disclose
from tests.browser.walk import step_8_record as record
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
    send.the_pack_is_arranged,
    send.each_layout_is_previewed,
    send.it_is_sent_with_an_unused_code,
    send.it_is_taken_back_at_once,
    send.it_is_sent_again,
    send.those_invited_are_told_without_content,
    reading.an_attendee_opens_it,
    reading.an_agency_gets_only_what_is_for_it,
    reading.who_waits_for_a_key_is_let_in_by_one_press,
    reading.it_is_taken_back_from_one,
    reading.strangers_get_nothing,
    minutes.who_came_is_recorded_and_locked,
    minutes.the_minutes_are_filed,
    minutes.they_go_to_nobody_before_the_chair_approves,
    minutes.they_go_to_those_who_attended,
    minutes.those_who_were_away_get_nothing,
    disclose.an_attendee_asks,
    disclose.a_deputy_asks_and_cannot_decide_it,
    disclose.the_coordinator_approves_one,
    disclose.the_coordinator_refuses_the_other,
    disclose.the_receiver_reads_that_paper_only,
    disclose.times_end_by_themselves,
    record.whoever_was_away_too_long_is_let_in_again,
    record.the_auditor_reads_it_as_a_story,
    record.others_do_not_read_it,
    record.it_is_whole,
)


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_the_main_job(
    people: Callable[..., People], town: Town, tmp_path: Path, javascript: bool
) -> None:
    story = Story(people(javascript=javascript), town, tmp_path)
    for step in STEPS:
        step(story)


@pytest.mark.real("Chromium")
@pytest.mark.timeout(900)
def test_the_main_job_with_a_card_alone(
    people: Callable[..., People], town: Town, tmp_path: Path
) -> None:
    """No telephone, no fob, no USB and no JavaScript: as in a closed prison or a custody suite."""
    town.hand_out_cards()
    story = Story(people(javascript=False), town, tmp_path, card_alone=True)
    for step in STEPS:
        step(story)
