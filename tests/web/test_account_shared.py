"""Whichever way a session begins: where others use the computer it reads, soon ends, and clears."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.staging import Stage
from tests.web.browsing import send, text_of
from tests.web.computers import Passkey, is_held_to_the_limits, is_ones_own
from tests.web.test_account_join import begin, choose, groups, set_app
from tests.web.test_account_no_code import half_way, to_the_day, vouched, words_on
from tests.web.test_account_recover import NEW, with_factor
from tests.world import cast

Given = dict[str, str]
Way = Callable[[Stage, Given], FlaskClient]


def by_code(stage: Stage, given: Given) -> FlaskClient:
    client = half_way(stage.world)
    done = send(client, "/sign-in/code", code=stage.world.code("ruth"), **given)
    assert done.status_code == 303, text_of(done)
    return client


def by_passkey_at_step_two(stage: Stage, given: Given) -> FlaskClient:
    key, client = Passkey(stage.world, "ruth"), half_way(stage.world)
    answers = key.answers(client, "/sign-in/code")
    path = "/sign-in/code/passkey"
    assert send(client, path, form="/sign-in/code", **answers, **given).status_code == 303
    return client


def by_passkey_alone(stage: Stage, given: Given) -> FlaskClient:
    key, client = Passkey(stage.world, "ruth"), stage.world.client()
    answers = key.answers(client, "/sign-in")
    done = send(client, "/sign-in/passkey", form="/sign-in", **answers, **given)
    assert done.status_code == 303, text_of(done)
    return client


def by_recovery(stage: Stage, given: Given) -> FlaskClient:
    client = with_factor(stage.world)
    done = send(client, "/recover/passphrase", passphrase=NEW, **given)
    assert done.headers["Location"] == "/account/codes", text_of(done)
    return client


def by_joining(stage: Stage, given: Given) -> FlaskClient:
    client = stage.world.client()
    begin(stage.world, client, stage.world.joining_token())
    choose(client)
    set_app(stage.world, client)
    done = send(client, "/join/codes", group=groups(client)[3], **given)
    assert done.headers.get("Location") == "/join/done", text_of(done)
    return client


WAYS: dict[str, Way] = {
    "a code": by_code,
    "a passkey at step two": by_passkey_at_step_two,
    "a passkey alone": by_passkey_alone,
    "recovery": by_recovery,
    "joining": by_joining,
}


@pytest.mark.parametrize("way", WAYS)
def test_where_others_use_the_computer(stage: Stage, way: str) -> None:
    is_held_to_the_limits(stage.world, WAYS[way](stage, {"shared": "y"}))


@pytest.mark.parametrize("way", WAYS)
def test_on_a_computer_of_their_own(stage: Stage, way: str) -> None:
    is_ones_own(stage.world, WAYS[way](stage, {}))


def in_by_words(stage: Stage, given: Given) -> FlaskClient:
    to_the_day(stage)
    client = half_way(stage.world)
    assert vouched(stage, words_on(stage.world, client)).status_code == 302
    assert send(client, "/sign-in/no-code/", **given).headers["Location"] == "/"
    return client


def test_whoever_was_let_in_reads_for_ten_minutes_there_too(stage: Stage) -> None:
    is_held_to_the_limits(stage.world, in_by_words(stage, {"shared": "y"}))


def test_the_answer_outlives_a_look_too_early(stage: Stage) -> None:
    to_the_day(stage)
    client = half_way(stage.world)
    early = send(client, "/sign-in/no-code/", shared="y")
    assert "Nobody has typed these words yet" in text_of(early)
    assert "checked" in early.get_data(as_text=True)


def test_new_codes_are_written_down_there_and_shown_no_more(stage: Stage) -> None:
    """Whoever recovers in a custody suite must be able to end the page with the codes."""
    client = by_recovery(stage, {"shared": "y"})
    shown = groups(client, "/account/codes")
    kept = send(client, "/account/codes", group=shown[3])
    assert kept.headers["Location"] == "/account/"
    assert client.get("/account/codes").headers["Location"] == "/account/"
    assert cast()["ruth"].recovery_code != "-".join(shown)


@pytest.mark.parametrize("way", [by_code, in_by_words])
def test_a_lock_that_is_posted_there_signs_out(stage: Stage, way: Way) -> None:
    """No page there offers one: whoever sends it all the same is out, and no page fails."""
    client = way(stage, {"shared": "y"})
    send(client, "/lock", form="/account/")
    assert client.get("/account/").headers["Location"].startswith("/sign-in")
    assert client.get("/locked").headers["Location"] == "/"
    assert stage.lines("session.closed")[-1]["person"] == cast()["ruth"].person_id


@pytest.mark.parametrize("page", ["/sign-in", "/sign-in/code", "/sign-in/no-code/"])
def test_each_page_asks_once(stage: Stage, page: str) -> None:
    Passkey(stage.world, "ruth")
    client = stage.world.client() if page == "/sign-in" else half_way(stage.world)
    body = client.get(page).get_data(as_text=True)
    assert body.count('type="checkbox"') == body.count("Other people use this computer") == 1
