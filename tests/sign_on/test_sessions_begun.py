"""A session that began through the agency: on whose computer, and until it ends there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from portal.crypto.session import row_id
from portal.journeys.deed import tending
from portal.records import providers, sessions
from portal.web.current import decode
from tests.browsing import words_of
from tests.sign_on.joining import AGENCY, Invited
from tests.sign_on.making import At
from tests.sign_on.test_signed_out_there import inside, tell, token
from tests.web.browsing import cookie, send
from tests.web.computers import Passkey, is_held_to_the_limits, is_ones_own
from tests.web.test_account_join import groups

pytestmark = pytest.mark.real("OpenID provider")


def came_back(at: At) -> FlaskClient:
    return came_back_as(at, "ruth-there")


def came_back_as(at: At, name: str) -> FlaskClient:
    client = at.world.client()
    at.sign_in(client, AGENCY, name)
    return client


def by_passphrase(at: At, given: dict[str, str]) -> FlaskClient:
    client, own = came_back(at), at.world.secrets("ruth").passphrase
    assert send(client, "/sign-in/passphrase", passphrase=own, **given).status_code == 303
    return client


def by_passkey(at: At, given: dict[str, str]) -> FlaskClient:
    key, client = Passkey(at.world, "ruth"), came_back(at)
    answers = key.answers(client, "/sign-in/passphrase")
    path = "/sign-in/passphrase/passkey"
    done = send(client, path, form="/sign-in/passphrase", **answers, **given)
    assert done.status_code == 303, words_of(done)
    return client


@pytest.mark.parametrize("way", [by_passphrase, by_passkey])
def test_where_others_use_the_computer(ruth_tied: At, way) -> None:  # type: ignore[no-untyped-def]
    is_held_to_the_limits(ruth_tied.world, way(ruth_tied, {"shared": "y"}))


@pytest.mark.parametrize("way", [by_passphrase, by_passkey])
def test_on_a_computer_of_their_own(ruth_tied: At, way) -> None:  # type: ignore[no-untyped-def]
    is_ones_own(ruth_tied.world, way(ruth_tied, {}))


def test_the_page_asks_once(ruth_tied: At) -> None:
    Passkey(ruth_tied.world, "ruth")
    body = came_back(ruth_tied).get("/sign-in/passphrase").get_data(as_text=True)
    assert body.count("Other people use this computer") == 1


# ---- joining ----


@pytest.fixture
def ines(at: At) -> Invited:
    """Ines, who has shown who she is at her agency, in the session `session-of-ines` there."""
    at.set_up(AGENCY)
    found = Invited(at).follow()
    at.providers[AGENCY].tamper(claims={"sid": "session-of-ines"})
    answer = found.come()
    at.providers[AGENCY].tamper()
    assert answer.headers.get("Location") == "/join/codes", words_of(answer)
    return found


def signed_out_there(at: At, session: str = "session-of-ines") -> None:
    at.providers[AGENCY].tamper(claims={"sub": None})
    assert tell(at, token(at, sid=session)) == 200
    at.providers[AGENCY].tamper()


def test_joining_begins_a_session_that_ends_with_the_one_there(ines: Invited) -> None:
    assert ines.finish().headers["Location"] == "/join/done"
    by_code = ines.at.world.client("ruth")
    signed_out_there(ines.at, "session-of-somebody-else")
    assert inside(ines.client)
    signed_out_there(ines.at)
    assert (inside(ines.client), inside(by_code)) == (False, True)


def test_it_ends_by_the_person_s_name_there_as_well(ines: Invited) -> None:
    ines.finish()
    assert tell(ines.at, token(ines.at, sub="ines-there")) == 200
    assert not inside(ines.client)


def test_whoever_is_signed_out_there_while_they_join_begins_again(ines: Invited) -> None:
    page = groups(ines.client)
    signed_out_there(ines.at)
    answer = send(ines.client, "/join/codes", form="/join/again", group=page[3])
    assert answer.headers["Location"] == "/join/again"
    # The link is not spent: they follow it once more.
    assert Invited.follow(ines).come().headers.get("Location") == "/join/codes"
    assert ines.finish().headers["Location"] == "/join/done"


def test_a_word_that_comes_while_the_last_step_is_made_counts(ines: Invited) -> None:
    """It is noted before anything ends, so whoever joins in between sees it."""
    house, secret = ines.at.world.house, decode(cookie(ines.client) or "")
    assert secret is not None
    with tending(house) as db:
        row = sessions.load(db, row_id(secret))
        assert row is not None
        assert row.sign_on is not None
        providers.note_left(db, providers.UsedSignOn(row.sign_on, house.clock.now()))
    assert ines.finish().status_code == 403
    assert not inside(ines.client)
    assert came_back_as(ines.at, "ines-there").get("/sign-in/passphrase").status_code == 200


def test_joining_where_others_use_the_computer(ines: Invited) -> None:
    shown = groups(ines.client)
    assert send(ines.client, "/join/codes", group=shown[3], shared="y").status_code == 303
    is_held_to_the_limits(ines.at.world, ines.client)
