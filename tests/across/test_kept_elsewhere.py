"""What an area does for somebody whose account another keeps: signs them out, and lets them in to
read its own papers when their phone is lost. Neither opens anything of the other area."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from portal.crypto.session import row_id
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.signing_in.end_sessions_of import end_sessions_of
from portal.journeys.signing_in.let_try_again import let_try_again
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.vouch import spoken_words, to_vouch, vouch
from portal.journeys.signing_in.vouch_until import MEETING_LASTS
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import keys, sessions
from portal.records.database import reading
from portal.records.sessions import Terms
from portal.web.current import decode
from tests.across.scene import Two
from tests.web.browsing import cookie, send, text_of

COORDINATOR = frozenset({Role.COORDINATOR})
BEGINS = datetime(2026, 5, 28, 13, 0, tzinfo=UTC)
"""14:00 in London in May."""


@pytest.fixture
def carys(two: Two) -> PersonId:
    """Carys of Northmere is invited to a meeting of Southmere, which is in an hour; Tom of
    Northmere co-ordinates Southmere."""
    two.joins("tom", COORDINATOR)
    two.joins("joe")
    person_id = two.joins("carys").actor.person_id
    two.slot(person_id)
    two.world.clock.set(BEGINS - timedelta(hours=1))
    return person_id


def half_way(two: Two) -> FlaskClient:
    client, mine = two.world.client(), two.world.secrets("carys")
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    return client


def row_of(two: Two, client: FlaskClient) -> sessions.Session:
    secret = decode(cookie(client) or "")
    assert secret is not None
    with reading(two.world.house.engine) as db:
        row = sessions.load(db, row_id(secret))
    assert row is not None
    return row


def words_on(two: Two, client: FlaskClient) -> str:
    return " ".join(spoken_words(two.world.house, row_of(two, client)))


def let_in(two: Two, carys: PersonId, **given: str) -> FlaskClient:
    """Tom types the words that Carys reads to him, and she goes on."""
    client = half_way(two)
    code = two.world.code("tom")
    vouch(two.world.house, two.who("tom"), carys, words_on(two, client), code)
    done = send(client, "/sign-in/no-code/", **given)
    assert done.headers["Location"] == "/", text_of(done)
    return client


def deeds(two: Two, area_id: AreaId, deed: str) -> list[dict[str, object]]:
    return [line for line in two.lines(area_id) if line["deed"] == deed]


def test_they_read_in_that_area_until_its_meeting_ends(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    row = row_of(two, client)
    assert (row.area_id, row.terms) == (two.area_id, Terms.VOUCHED)
    assert client.get("/account/").status_code == 200
    refused = send(client, "/account/backup-codes", form="/account/", code="000000")
    assert "signed in for reading only" in text_of(refused)
    two.world.clock.set(BEGINS + MEETING_LASTS)
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


def test_nothing_of_the_area_that_keeps_the_account_is_there(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    home = two.world.area
    assert client.get(f"/in/{home.id}/meetings/{'a' * 26}/statement").status_code in (403, 404)
    assert home.name not in text_of(client.get("/"))
    found = recall(two.world.house, decode(cookie(client) or "") or b"")
    assert isinstance(found, Recalled)
    assert found.elsewhere == ()


def test_each_record_has_its_own_line_and_names_no_other_area(two: Two, carys: PersonId) -> None:
    home = two.world.area.id
    opened = {area: len(deeds(two, area, "session.opened")) for area in (home, two.area_id)}
    let_in(two, carys)
    (line,) = deeds(two, two.area_id, "person.vouched")
    assert (line["actor"], line["person"]) == (two.who("tom").actor.person_id, carys)
    assert deeds(two, home, "person.vouched") == []
    for area, person in ((home, two.world.person("carys").id), (two.area_id, carys)):
        lines = deeds(two, area, "session.opened")
        assert len(lines) == opened[area] + 1
        assert (lines[-1]["person"], lines[-1]["factor"]) == (person, "vouched")
    assert two.area_id not in str(two.lines(home))
    assert home not in str(two.lines(two.area_id))
    assert two.letters("vouched") == [two.world.secrets("carys").email, two.south.area.unit_email]


def test_where_others_use_the_computer_it_soon_ends(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys, shared="y")
    assert row_of(two, client).terms is Terms.VOUCHED_SHARED
    two.world.clock.advance(timedelta(minutes=10))
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


def test_only_with_a_meeting_of_that_area_and_once_in_thirty_days(
    two: Two, carys: PersonId
) -> None:
    house = two.world.house
    two.world.clock.set(BEGINS - timedelta(hours=25))
    with pytest.raises(Unacceptable) as early:
        to_vouch(house, two.who("tom"), carys)
    assert "no meeting within a day" in early.value.words
    two.world.clock.set(BEGINS - timedelta(hours=2))
    let_in(two, carys)
    with pytest.raises(Unacceptable) as again:
        to_vouch(house, two.who("tom"), carys)
    assert "once already" in again.value.words


def test_a_used_code_or_other_words_let_nobody_in(two: Two, carys: PersonId) -> None:
    house, client = two.world.house, half_way(two)
    used = two.world.code("tom")
    with pytest.raises(Unacceptable):
        vouch(house, two.who("tom"), carys, "four words of another", used)
    with pytest.raises(CodeRefused):
        vouch(house, two.who("tom"), carys, words_on(two, client), used)
    assert "Nobody has typed these words yet" in text_of(send(client, "/sign-in/no-code/"))


def test_whoever_was_removed_from_that_area_meanwhile_is_not_let_in(
    two: Two, carys: PersonId
) -> None:
    client = half_way(two)
    vouch(two.world.house, two.who("tom"), carys, words_on(two, client), two.world.code("tom"))
    remove_person(two.world.house, two.who("tom"), carys)
    send(client, "/sign-in/no-code/")
    assert client.get("/account/").status_code == 302


def test_removing_them_from_that_area_ends_what_was_let_in(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    remove_person(two.world.house, two.who("tom"), carys)
    assert client.get("/account/").status_code == 302


def test_a_row_of_that_area_with_another_key_is_not_believed(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    with reading(two.world.house.engine) as db:
        tom = keys.public_key_of(db, two.area_id, two.who("tom").actor.person_id)
    assert tom is not None
    with tending(two.world.house) as db:
        table = keys.public_keys
        db.execute(
            table.update()
            .where(table.c.person_id == carys)
            .values(recipient=tom.recipient, sign_public=tom.sign_public)
        )
    assert client.get("/account/").status_code == 302


# ---- signed out ----


def living(two: Two, name: str = "carys") -> int:
    with reading(two.world.house.engine) as db:
        rows = sessions.of_person(db, two.world.person(name).account_id)
    return sum(row.keyring is not None for row in rows)


def test_a_co_ordinator_signs_them_out_and_neither_record_names_the_other(
    two: Two, carys: PersonId
) -> None:
    two.at_home("carys")
    assert living(two) > 0
    assert end_sessions_of(two.world.house, two.who("tom"), carys) is None
    assert living(two) == 0
    (here,) = deeds(two, two.area_id, "session.closed")
    assert (here["actor"], here["person"]) == (two.who("tom").actor.person_id, carys)
    (there,) = deeds(two, two.world.area.id, "session.closed")
    assert (there["actor"], there["person"]) == ("system", two.world.person("carys").id)


def test_nobody_else_does_and_nobody_outside_the_area_is_touched(two: Two, carys: PersonId) -> None:
    before = living(two)
    with pytest.raises(Refused):
        end_sessions_of(two.world.house, two.who("joe"), carys)
    with pytest.raises(Refused):
        end_sessions_of(two.world.house, two.who("tom"), two.world.person("mark").id)
    assert living(two) == before


def test_they_can_be_let_try_again_by_that_area(two: Two, carys: PersonId) -> None:
    tom: Who = two.who("tom")
    code = two.world.code("tom")
    let_try_again(two.world.house, tom, carys, code, Action.DECIDE_TRIES_ALLOW)
    assert len(deeds(two, two.area_id, "tries.allowed")) == 1
    assert deeds(two, two.world.area.id, "tries.allowed") == []
