"""Somebody without their phone is let in to read by a colleague, for one meeting, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.crypto.session import row_id
from portal.domain.meetings import Capacity
from portal.journeys.deed import tending
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.signing_in.recall import bound_of
from portal.journeys.signing_in.vouch import spoken_words, vouch
from portal.journeys.signing_in.vouch_until import MEETING_LASTS
from portal.journeys.unacceptable import Unacceptable
from portal.records import meetings, people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage as SessionStage
from portal.records.sessions import Terms
from portal.web.current import decode
from tests.staging import Stage
from tests.web.browsing import cookie, send, text_of
from tests.world import World, cast


def half_way(world: World, name: str = "ruth") -> FlaskClient:
    client, mine = world.client(), cast()[name]
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    return client


def words_on(world: World, client: FlaskClient) -> str:
    shown = text_of(client.get("/sign-in/no-code/"))
    secret = decode(cookie(client) or "")
    assert secret is not None
    with reading(world.house.engine) as db:
        row = sessions.load(db, row_id(secret))
    assert row is not None
    said = " ".join(spoken_words(world.house, row))
    assert said in shown
    assert len(said.split()) == 4
    return said


def to_the_day(stage: Stage) -> None:
    """An hour before the meeting."""
    with reading(stage.house.engine) as db:
        slot = meetings.load_slot(db, stage.world.area.id, stage.slot_id)
    assert slot is not None
    stage.world.clock.set(slot.starts_at - timedelta(hours=1))


def vouched(stage: Stage, said: str, by: str = "helen", name: str = "ruth"):  # type: ignore[no-untyped-def]
    path = f"/unit/people/{cast()[name].person_id}/vouch"
    world = stage.world
    return send(world.client(by), path, words=said, code=world.code(by))


def go_on(client: FlaskClient):  # type: ignore[no-untyped-def]
    return send(client, "/sign-in/no-code/")


def inside(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


def test_they_read_until_the_meeting_ends_and_change_nothing(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    stage.accept("ruth")
    to_the_day(stage)
    client = half_way(stage.world)
    said = words_on(stage.world, client)
    assert "Nobody has typed these words yet." in text_of(go_on(client))
    assert vouched(stage, said).status_code == 302
    assert go_on(client).headers["Location"] == "/"
    grant = stage.grant("ruth")
    assert client.get(f"/papers/{grant.id}").status_code == 200
    passing_on = send(client, f"/papers/{grant.id}/pass-on", receiver="x", purpose="y")
    assert passing_on.status_code == 403 or "reading only" in text_of(passing_on)
    (line,) = stage.lines("person.vouched")
    assert line["person"] == cast()["ruth"].person_id
    stage.world.clock.advance(timedelta(hours=1) + MEETING_LASTS)
    assert not inside(client)
    assert said not in str(stage.lines())


@pytest.mark.parametrize("spelt", ["{}", "  {} ", "{upper}"])
def test_words_are_heard_however_they_are_typed(stage: Stage, spelt: str) -> None:
    to_the_day(stage)
    client = half_way(stage.world)
    said = words_on(stage.world, client)
    vouched(stage, spelt.format(said, upper=said.upper()), by="priya")
    go_on(client)
    assert inside(client)


def test_other_words_let_nobody_in(stage: Stage) -> None:
    to_the_day(stage)
    client = half_way(stage.world)
    other = words_on(stage.world, half_way(stage.world, "joe"))
    for wrong in (other, "", "ample smooth drearily supervise", words_on(stage.world, client)[:-1]):
        answer = vouched(stage, wrong)
        assert answer.status_code == 200
    go_on(client)
    assert not inside(client)
    assert stage.lines("person.vouched") == []


def test_the_words_of_one_screen_let_in_no_other(stage: Stage) -> None:
    to_the_day(stage)
    mine, theirs = half_way(stage.world), half_way(stage.world)
    vouched(stage, words_on(stage.world, mine))
    go_on(theirs)
    assert not inside(theirs)
    go_on(mine)
    assert inside(mine)


def test_once_in_thirty_days(stage: Stage) -> None:
    to_the_day(stage)
    first = half_way(stage.world)
    vouched(stage, words_on(stage.world, first))
    go_on(first)
    again = half_way(stage.world)
    said, tom = words_on(stage.world, again), stage.world.who("tom")
    with pytest.raises(Unacceptable) as refused:
        vouch(stage.house, tom, stage.id("ruth"), said, stage.world.code("tom"))
    assert "once already" in refused.value.words
    go_on(again)
    assert not inside(again)
    assert len(stage.lines("person.vouched")) == 1


def test_whoever_let_somebody_in_can_be_let_in_themselves(stage: Stage) -> None:
    tom = stage.world.who("tom")
    invite_to_slot(
        stage.house, tom, stage.slot_id, stage.id("helen"), Capacity.MANAGER, "Brings the plan."
    )
    to_the_day(stage)
    vouched(stage, words_on(stage.world, half_way(stage.world)), by="helen")
    helen = half_way(stage.world, "helen")
    vouched(stage, words_on(stage.world, helen), by="tom", name="helen")
    go_on(helen)
    assert inside(helen)


def test_not_without_a_meeting_within_a_day(stage: Stage) -> None:
    client = half_way(stage.world)
    vouched(stage, words_on(stage.world, client))
    go_on(client)
    assert not inside(client)
    to_the_day(stage)
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("ruth"))
    client = half_way(stage.world)
    vouched(stage, words_on(stage.world, client))
    go_on(client)
    assert not inside(client)


@pytest.mark.parametrize("name", ["alan", "carys", "sian", "dev"])
def test_only_the_unit_vouches(stage: Stage, name: str) -> None:
    to_the_day(stage)
    assert vouched(stage, words_on(stage.world, half_way(stage.world)), by=name).status_code == 403


def test_nobody_vouches_for_themselves(stage: Stage) -> None:
    to_the_day(stage)
    client = half_way(stage.world, "helen")
    said = words_on(stage.world, client)
    assert vouched(stage, said, by="helen", name="helen").status_code == 403


def test_a_used_code_lets_nobody_in(stage: Stage) -> None:
    to_the_day(stage)
    client = half_way(stage.world)
    said, code = words_on(stage.world, client), stage.world.code("helen")
    path = f"/unit/people/{cast()['ruth'].person_id}/vouch"
    helen = stage.world.client("helen")
    send(helen, path, words="wrong words altogether here", code=code)
    assert send(helen, path, words=said, code=code).status_code == 200
    go_on(client)
    assert not inside(client)


def test_a_number_slipped_into_the_row_is_not_rung(stage: Stage) -> None:
    to_the_day(stage)
    with tending(stage.house) as db:
        db.execute(update(people.people).where(people.people.c.id == stage.id("ruth")).values(
            phone="01632 960 999"))  # fmt: skip
    path = f"/unit/people/{cast()['ruth'].person_id}/vouch"
    answer = stage.world.client("helen").get(path)
    assert answer.status_code == 409
    assert "960 999" not in text_of(answer)


def test_a_row_alone_lets_nobody_in(stage: Stage) -> None:
    """Whoever writes the database and knows a passphrase still lacks the line in the ledger."""
    to_the_day(stage)
    client = half_way(stage.world)
    words_on(stage.world, client)
    now = stage.world.clock.now()
    ends = now + timedelta(hours=4)
    area_id = stage.world.area.id
    with tending(stage.house) as db:
        db.execute(update(sessions.sessions).values(
            stage=SessionStage.SIGNED_IN, terms=Terms.VOUCHED, factor_at=now, ends_at=ends,
            bound=bound_of(SessionStage.SIGNED_IN, Terms.VOUCHED, now, ends, area_id)))  # fmt: skip
    assert not inside(client)


def test_half_way_there_is_nothing_else(stage: Stage) -> None:
    assert stage.world.client().get("/sign-in/no-code/").status_code == 302
    client = half_way(stage.world)
    assert client.get("/unit/").status_code == 302
