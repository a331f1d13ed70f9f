"""A vouch covers the meeting it is given for: the screen that was left opens again, the time on
the page is the true one, and words from which nobody went on take nothing away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.crypto.session import row_id
from portal.domain.clocks import in_words
from portal.journeys.giving.telling import moment
from portal.journeys.signing_in.recall import IDLE, LASTS, SHARED_IDLE
from portal.journeys.signing_in.vouch import to_vouch
from portal.journeys.signing_in.vouch_until import MEETING_LASTS
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import FACTOR_LASTS
from portal.records import outbox, sessions
from portal.records.database import reading
from portal.records.sessions import Stage as SessionStage
from portal.records.sessions import Terms
from portal.web.current import decode
from tests.staging import Stage
from tests.web.browsing import cookie, send, text_of
from tests.web.test_account_no_code import go_on, half_way, inside, to_the_day, vouched, words_on
from tests.world import cast

AHEAD = FACTOR_LASTS - MEETING_LASTS
MINUTE = timedelta(minutes=1)


def begins(stage: Stage) -> datetime:
    to_the_day(stage)
    return stage.world.clock.now() + timedelta(hours=1)


def let_in(stage: Stage):  # type: ignore[no-untyped-def]
    client = half_way(stage.world)
    assert vouched(stage, words_on(stage.world, client)).status_code == 302
    go_on(client)
    assert inside(client)
    return client


def unlocked_with(client, passphrase: str):  # type: ignore[no-untyped-def]
    return send(client, "/locked", passphrase=passphrase)


def test_a_screen_that_was_left_opens_again_by_the_passphrase(stage: Stage) -> None:
    start = begins(stage)
    client = let_in(stage)
    stage.world.clock.advance(IDLE + MINUTE)
    assert client.get("/account/").headers["Location"].startswith("/locked")
    assert "Your screen is locked" in text_of(client.get("/locked"))
    assert unlocked_with(client, "not the passphrase at all").status_code == 200
    assert not inside(client)
    assert unlocked_with(client, cast()["ruth"].passphrase).status_code == 303
    assert inside(client)
    refused = send(client, "/account/backup-codes", form="/account/", code="000000")
    assert "signed in for reading only" in text_of(refused)
    with reading(stage.house.engine) as db:
        row = sessions.load(db, row_id(decode(cookie(client) or "") or b""))
    assert row is not None
    assert (row.terms, row.ends_at) == (Terms.VOUCHED, start + MEETING_LASTS)
    assert stage.lines("session.reopened")[-1]["person"] == cast()["ruth"].person_id


def test_it_locks_at_a_press_and_ends_with_the_meeting(stage: Stage) -> None:
    start = begins(stage)
    client = let_in(stage)
    assert "lock-after" in client.get("/account/").get_data(as_text=True)
    send(client, "/lock", form="/account/")
    assert not inside(client)
    unlocked_with(client, cast()["ruth"].passphrase)
    assert inside(client)
    stage.world.clock.set(start + MEETING_LASTS - MINUTE)
    assert client.get("/account/").headers["Location"].startswith("/locked")
    stage.world.clock.set(start + MEETING_LASTS)
    assert client.get("/account/").headers["Location"].startswith("/sign-in")
    unlocked_with(client, cast()["ruth"].passphrase)
    assert not inside(client)


def test_the_sweep_locks_it_and_ends_one_where_others_use_the_computer(stage: Stage) -> None:
    to_the_day(stage)
    world = stage.world
    own = world.session_id(world.begin("ruth", terms=Terms.VOUCHED))
    shared = world.session_id(world.begin("ruth", terms=Terms.VOUCHED_SHARED))
    now = world.clock.now() + IDLE
    with world.house.engine.begin() as db:
        sessions.sweep(db, now, now - IDLE, now - SHARED_IDLE, now - timedelta(days=1))
        rows = [sessions.load(db, each) for each in (own, shared)]
    assert [(row.stage, row.keyring) for row in rows if row] == [
        (SessionStage.SIGNED_IN, None),
        (SessionStage.ENDED, None),
    ]


def test_as_early_as_the_whole_meeting_is_covered_and_no_earlier(stage: Stage) -> None:
    start, helen = begins(stage), stage.world.who
    first = start - AHEAD
    stage.world.clock.set(first - MINUTE)
    with pytest.raises(Unacceptable) as early:
        to_vouch(stage.house, helen("helen"), stage.id("ruth"))
    assert f"they can be let in from {in_words(first)}" in early.value.words
    stage.world.clock.set(first)
    until = to_vouch(stage.house, helen("helen"), stage.id("ruth")).until
    assert until == start + MEETING_LASTS
    client = let_in(stage)
    while stage.world.clock.now() < until - IDLE:
        stage.world.clock.advance(IDLE - MINUTE)
        assert inside(client), stage.world.clock.now()
    stage.world.clock.set(until)
    assert not inside(client)


def test_the_day_before_it_is_said_when_and_not_before_that(stage: Stage) -> None:
    start = begins(stage)
    stage.world.clock.set(start - timedelta(hours=21))
    page = f"/unit/people/{cast()['ruth'].person_id}/vouch"
    helen = stage.world.client("helen")
    answer = helen.get(page)
    assert answer.status_code == 302
    said = text_of(helen.get(answer.headers["Location"]))
    assert f"from {in_words(start - AHEAD)}" in said
    assert in_words(start) not in said
    stage.world.clock.set(start - timedelta(hours=25))
    with pytest.raises(Unacceptable) as early:
        to_vouch(stage.house, stage.world.who("helen"), stage.id("ruth"))
    assert "no meeting within a day" in early.value.words


def test_words_from_which_nobody_went_on_take_nothing_away(stage: Stage) -> None:
    to_the_day(stage)
    late = half_way(stage.world)
    said = words_on(stage.world, late)
    stage.world.clock.advance(LASTS[SessionStage.PASSPHRASE] - 2 * MINUTE)
    assert vouched(stage, said).status_code == 302
    to_vouch(stage.house, stage.world.who("tom"), stage.id("ruth"))
    stage.world.clock.advance(3 * MINUTE)
    go_on(late)
    assert not inside(late)
    let_in(stage)
    with pytest.raises(Unacceptable) as again:
        to_vouch(stage.house, stage.world.who("tom"), stage.id("ruth"))
    assert "once already within thirty days" in again.value.words


def test_words_for_a_lost_screen_do_not_hold_up_those_for_the_next(stage: Stage) -> None:
    to_the_day(stage)
    lost = half_way(stage.world)
    assert vouched(stage, words_on(stage.world, lost)).status_code == 302
    let_in(stage)
    go_on(lost)
    assert not inside(lost)


def test_the_letter_says_who_let_them_in_and_until_when(stage: Stage) -> None:
    start = begins(stage)
    let_in(stage)
    with reading(stage.house.engine) as db:
        rows = db.execute(outbox.outbox.select()).mappings().all()
    fields = [row["fields"] for row in rows if row["letter"] == "vouched"]
    assert [each["by"] for each in fields] == ["unit", "unit"]
    assert [each["until"] for each in fields] == [moment(start + MEETING_LASTS)] * 2
