"""A clock that is set back or forward gives nobody a code, a session or a link a second time.

What opens a paper is refused besides while the clock is in doubt (tests/clock); here it is taken at
its word, so that nothing rests on that alone.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.identity.invitation import LIFETIME
from portal.journeys.signing_in.recall import IDLE, LASTS, SHARED_IDLE
from portal.journeys.signing_in.vouch_until import MEETING_LASTS
from portal.records.sessions import Stage as SessionStage
from portal.records.sessions import Terms
from tests.staging import Stage
from tests.web.browsing import send, text_of
from tests.web.test_account_join import begin, choose
from tests.web.test_account_no_code import go_on, half_way, inside, to_the_day, vouched, words_on
from tests.web.test_account_sign_in import WRONG
from tests.world import World, cast, code_at

HOUR = timedelta(hours=1)
STEP = timedelta(seconds=30)


def gives(world: World, code: str, name: str = "ruth") -> bool:
    """Whether somebody with the right passphrase gets in by this code."""
    client = half_way(world, name)
    return send(client, "/sign-in/code", code=code).status_code == 303


def now_code(world: World, name: str = "ruth") -> str:
    return code_at(cast()[name].totp_secret, world.clock.now())


# ---- codes ----


def test_a_code_is_not_had_again_in_its_own_step(world: World) -> None:
    code = now_code(world)
    assert gives(world, code)
    for _ in range(3):
        world.clock.advance(timedelta(seconds=5))
        assert not gives(world, code)


@pytest.mark.parametrize("back", [STEP, 2 * STEP, HOUR, timedelta(days=1)])
def test_nor_after_the_clock_went_back_and_came_again(world: World, back: timedelta) -> None:
    code = now_code(world)
    assert gives(world, code)
    world.clock.advance(-back)
    assert not gives(world, code), "while the clock is behind"
    assert not gives(world, now_code(world)), "no code of a time that was, either"
    world.clock.advance(back)
    assert not gives(world, code), "when it is right again"
    world.clock.advance(STEP)
    assert gives(world, now_code(world))


def test_a_clock_that_ran_ahead_burns_codes_and_gives_none_twice(world: World) -> None:
    world.clock.advance(HOUR)
    ahead = now_code(world)
    assert gives(world, ahead)
    world.clock.advance(-HOUR)
    for _ in range(3):
        assert not gives(world, now_code(world))
        world.clock.advance(STEP)
    # Until the time has come again a code on paper is the way in.
    assert gives(world, cast()["ruth"].backup_codes[0])
    world.clock.advance(HOUR)
    assert not gives(world, ahead)
    world.clock.advance(STEP)
    assert gives(world, now_code(world))


# ---- sessions ----


def open_page(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def with_session(world: World, terms: Terms = Terms.OWN) -> FlaskClient:
    client = world.client()
    world.give_cookie(client, world.begin("ruth", terms=terms))
    return client


@pytest.mark.parametrize("terms", list(Terms))
def test_before_it_began_a_session_opens_nothing(world: World, terms: Terms) -> None:
    client = with_session(world, terms)
    world.clock.advance(-timedelta(seconds=1))
    assert not open_page(client)


@pytest.mark.parametrize("back", [timedelta(seconds=1), IDLE, 2 * HOUR])
def test_a_screen_that_was_seen_locked_is_not_unlocked_by_the_clock(
    world: World, back: timedelta
) -> None:
    client = with_session(world)
    world.clock.advance(3 * HOUR)
    assert client.get("/account/").headers["Location"].startswith("/locked")
    world.clock.advance(-back)
    assert client.get("/account/").headers["Location"].startswith("/locked")
    own = cast()["ruth"].passphrase
    assert send(client, "/locked", passphrase=own).status_code == 303
    assert open_page(client)


@pytest.mark.parametrize("terms", [terms for terms in Terms if terms.is_shared])
def test_what_ended_where_others_use_the_computer_stays_so(world: World, terms: Terms) -> None:
    client = with_session(world, terms)
    world.clock.advance(SHARED_IDLE)
    assert not open_page(client)
    world.clock.advance(-SHARED_IDLE)
    assert not open_page(client)


def test_no_clock_makes_a_session_longer(world: World) -> None:
    """It ends at the time that is bound into it, however often it was used before and after."""
    client = with_session(world)
    for _ in range(20):
        world.clock.advance(timedelta(minutes=29))
        open_page(client)
        world.clock.advance(-timedelta(minutes=5))
        open_page(client)
    world.clock.advance(HOUR)
    assert not open_page(client)
    world.clock.advance(-10 * HOUR)
    assert not open_page(client)


def test_half_a_sign_in_is_not_had_again(world: World) -> None:
    client = half_way(world)
    world.clock.advance(LASTS[SessionStage.PASSPHRASE])
    assert send(client, "/sign-in/code", form="/sign-in", code=now_code(world)).status_code == 302
    world.clock.advance(-LASTS[SessionStage.PASSPHRASE])
    late = send(client, "/sign-in/code", form="/sign-in", code=now_code(world))
    assert late.status_code == 302
    assert not open_page(client)


# ---- throttles ----


def test_a_wait_is_no_shorter_and_never_longer_than_an_hour(world: World) -> None:
    mine = cast()["ruth"]

    def tried() -> str:
        return text_of(send(world.client(), "/sign-in", email=mine.email, passphrase="wrong wrong"))

    while "Too many tries" not in tried():
        pass
    for moved in (-HOUR, -timedelta(days=2)):
        world.clock.advance(moved)
        said = tried()
        assert "Too many tries" in said or WRONG in said
        world.clock.advance(-moved)
    world.clock.advance(HOUR)
    assert WRONG in tried()


# ---- joining ----


def test_a_link_that_ran_out_is_taken_at_no_other_time_than_its_own(world: World) -> None:
    link = world.joining_token()
    client = world.client()
    begin(world, client, link)
    choose(client)
    world.clock.advance(LIFETIME)
    assert world.client().get(f"/join/{link}").status_code == 404
    assert client.get("/join/code-app").headers["Location"].startswith("/join")
    world.clock.advance(-LIFETIME)
    # The time it is good for is its own; what was begun by it is over, and begins anew.
    assert client.get("/join/code-app").headers["Location"].startswith("/join")
    begin(world, world.client(), link)


def test_no_link_is_used_twice_by_setting_the_clock_back(world: World) -> None:
    from tests.web.test_account_join import finish, set_app

    link = world.joining_token()
    client = world.client()
    begin(world, client, link)
    choose(client)
    set_app(world, client)
    assert finish(client).status_code == 303
    for moved in (-HOUR, -timedelta(days=7), 2 * HOUR):
        world.clock.advance(moved)
        assert world.client().get(f"/join/{link}").status_code == 404


# ---- vouching ----


def test_who_was_let_in_for_one_meeting_is_out_after_it_for_good(stage: Stage) -> None:
    to_the_day(stage)
    client = half_way(stage.world)
    vouched(stage, words_on(stage.world, client))
    go_on(client)
    assert inside(client)
    stage.world.clock.advance(HOUR + MEETING_LASTS)
    assert not inside(client)
    stage.world.clock.advance(-HOUR)
    assert not inside(client)


def test_a_colleague_s_word_is_not_had_again_by_going_back(stage: Stage) -> None:
    """Once in thirty days is asked of the record, whose lines stand where they stand."""
    to_the_day(stage)
    first = half_way(stage.world)
    vouched(stage, words_on(stage.world, first))
    go_on(first)
    for moved in (-timedelta(minutes=4), timedelta(minutes=4)):
        stage.world.clock.advance(moved)
        again = half_way(stage.world)
        vouched(stage, words_on(stage.world, again))
        go_on(again)
        assert not inside(again)
    assert len(stage.lines("person.vouched")) == 1
