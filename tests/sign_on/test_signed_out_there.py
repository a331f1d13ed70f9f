"""A provider signs somebody out: their sessions here end, and no forged or old word ends any."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.domain.sign_on import ProviderState
from portal.identity.sign_on.logout_token import EVENT
from portal.journeys.agencies.record_provider import close_provider
from portal.journeys.deed import tending
from portal.records import providers as rows
from portal.records import security_log
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.real.oidc import CLIENT_ID
from tests.sign_on.making import At, give_passphrase
from tests.sign_on.test_honest import newest
from tests.web.browsing import cookie, send
from tests.world import START

pytestmark = pytest.mark.real("OpenID provider")

AGENCY = "social_care"


def tell(at: At, token: str, agency: str = AGENCY, **more: Any) -> int:
    """What a provider does; the status of the answer, whose body is always empty."""
    answer = at.world.client().post(at.path(agency, "/left"), data={"logout_token": token, **more})
    assert answer.data == b""
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def token(at: At, agency: str = AGENCY, **told: Any) -> str:
    return at.providers[agency].logout_token(**{"sub": "ruth-there", **told})


def inside(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def ruth_in(ruth_tied: At) -> FlaskClient:
    """Ruth, who came through her agency."""
    client = ruth_tied.world.client()
    ruth_tied.providers[AGENCY].tamper(claims={"sid": "session-of-ruth"})
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    give_passphrase(ruth_tied, client)
    ruth_tied.providers[AGENCY].tamper()
    assert inside(client)
    return client


def test_whom_the_provider_signed_out_is_signed_out_here(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    by_code, other = ruth_tied.world.client("ruth"), ruth_tied.world.client("joe")
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert (inside(ruth_in), inside(by_code), inside(other)) == (False, False, True)
    (line,) = newest(ruth_tied.world)
    assert (line["deed"], line["person"]) == (
        "session.closed",
        ruth_tied.world.person("ruth").id,
    )
    assert "signed out" in words_of(ruth_tied.world.client("sian").get("/record/"))


def test_a_session_there_ends_what_began_by_it_alone(ruth_tied: At, ruth_in: FlaskClient) -> None:
    by_code = ruth_tied.world.client("ruth")
    there = ruth_tied.providers[AGENCY]
    for session in ("another-session", "SESSION-OF-RUTH"):
        there.tamper(claims={"sub": None})
        assert tell(ruth_tied, token(ruth_tied, sid=session)) == 200
        assert inside(ruth_in)
    assert tell(ruth_tied, token(ruth_tied, sid="session-of-ruth")) == 200
    assert (inside(ruth_in), inside(by_code)) == (False, True)


def test_a_session_goes_on_being_that_session_behind_a_locked_screen(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    post(ruth_in, "/lock")
    own = ruth_tied.world.secrets("ruth").passphrase
    assert send(ruth_in, "/locked", passphrase=own).status_code == 303
    assert inside(ruth_in)
    ruth_tied.providers[AGENCY].tamper(claims={"sub": None})
    assert tell(ruth_tied, token(ruth_tied, sid="session-of-ruth")) == 200
    assert not inside(ruth_in)


def lies(at: At) -> dict[str, dict[str, Any]]:
    now = int(at.world.clock.now().timestamp())
    own, other = at.providers[AGENCY].issuer, at.providers["police"].issuer
    return {
        "another issuer": {"claims": {"iss": other}},
        "an issuer that only begins alike": {"claims": {"iss": own + "/"}},
        "another audience": {"claims": {"aud": "somebody else"}},
        "no audience": {"claims": {"aud": None}},
        "two audiences": {"claims": {"aud": [CLIENT_ID, "somebody else"]}},
        "a nonce": {"claims": {"nonce": "n"}},
        "an empty nonce": {"claims": {"nonce": ""}},
        "no event": {"claims": {"events": None}},
        "another event": {"claims": {"events": {"http://schemas.openid.net/event/other": {}}}},
        "an event that is no object": {"claims": {"events": {EVENT: True}}},
        "events that are a list": {"claims": {"events": [EVENT]}},
        "no number": {"claims": {"jti": None}},
        "a number that is none": {"claims": {"jti": 7}},
        "nobody": {"claims": {"sub": None, "sid": None}},
        "a subject that is a list": {"claims": {"sub": ["ruth-there"]}},
        "a session that is a list": {"claims": {"sid": ["session-of-ruth"]}},
        "an empty subject": {"claims": {"sub": ""}},
        "made long ago": {"claims": {"iat": now - 700}},
        "made in the future": {"claims": {"iat": now + 31}},
        "no time": {"claims": {"iat": None}},
        "over": {"claims": {"exp": now - 31}},
        "without an end": {"claims": {"exp": None}},
        "no signature": {"sign": "none"},
        "signed with our secret": {"sign": "hs256-secret"},
        "signed with its public key as a secret": {"sign": "hs256-public"},
        "another key under its name": {"sign": "rogue-under-honest-name"},
        "a key nobody published": {"sign": "rogue"},
        "a key in the header": {"header": {"jwk": {"kty": "RSA"}}},
        "an address of keys in the header": {"header": {"jku": own + "/jwks"}},
        "no key name": {"header": {"kid": None}},
        "something critical": {"header": {"crit": ["exp"]}},
        "another kind of token": {"header": {"typ": "at+jwt"}},
    }


def test_no_lie_signs_anybody_out(ruth_tied: At, ruth_in: FlaskClient) -> None:
    there = ruth_tied.providers[AGENCY]
    for name, lie in lies(ruth_tied).items():
        there.tamper(**lie)
        assert tell(ruth_tied, token(ruth_tied, sid="session-of-ruth")) == 400, name
        assert inside(ruth_in), name
    there.tamper()
    for rubbish in ("", "a.b.c", "é", "x" * 20000):
        assert tell(ruth_tied, rubbish) == 400
    two = [token(ruth_tied), token(ruth_tied)]
    answer = ruth_tied.world.client().post(
        ruth_tied.path(AGENCY, "/left"), data={"logout_token": two}
    )
    assert (answer.status_code, inside(ruth_in)) == (400, True)
    with reading(ruth_tied.world.house.engine) as db:
        seen = [one for one in security_log.since(db, START) if one.kind == "signed_out_there"]
    assert sum(one.times for one in seen) == len(lies(ruth_tied)) + 5
    # The type is only recommended.
    there.tamper(header={"typ": None})
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert not inside(ruth_in)


def test_an_id_token_signs_nobody_out_and_a_logout_token_nobody_in(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    there = ruth_tied.providers[AGENCY]
    there.tamper(claims={"events": None, "nonce": "of an ID token", "acr": "two-factors"})
    assert tell(ruth_tied, token(ruth_tied)) == 400
    assert inside(ruth_in)
    there.tamper(header={"typ": "logout+jwt"})
    client = ruth_tied.world.client()
    assert ruth_tied.sign_in(client, AGENCY, "ruth-there").status_code == 403
    assert cookie(client, "ticket") is None


def test_one_token_counts_once(ruth_tied: At, ruth_in: FlaskClient) -> None:
    once = token(ruth_tied)
    assert tell(ruth_tied, once) == 200
    assert not inside(ruth_in)
    again = ruth_tied.world.client("ruth")
    for _ in range(3):
        assert tell(ruth_tied, once) == 400
    assert inside(again)
    # Also one that ended nothing.
    idle = token(ruth_tied, sub="nobody-here")
    assert (tell(ruth_tied, idle), tell(ruth_tied, idle)) == (200, 400)
    # What was replayed bars nobody from signing in now.
    ruth_tied.world.clock.advance(timedelta(seconds=1))
    ruth_tied.set_clocks()
    client = ruth_tied.world.client()
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    tell(ruth_tied, once)
    assert give_passphrase(ruth_tied, client).status_code == 303


def test_another_agencys_provider_signs_out_nobody_of_this_one(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    ruth_tied.set_up("police")
    foreign = token(ruth_tied, "police", sid="session-of-ruth")
    assert tell(ruth_tied, foreign, "police") == 200
    assert tell(ruth_tied, foreign) == 400
    assert tell(ruth_tied, token(ruth_tied), "police") == 400
    assert inside(ruth_in)


def test_whoever_is_not_tied_or_is_untied_is_not_signed_out(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    by_code = ruth_tied.world.client("joe")
    assert tell(ruth_tied, token(ruth_tied, sub="joe-there")) == 200
    assert inside(by_code)
    with tending(ruth_tied.world.house) as db:
        rows.remove_link(db, ruth_tied.world.area.id, ruth_tied.world.person("ruth").id)
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert inside(ruth_in)


def test_a_link_written_into_the_database_signs_nobody_out(ruth_tied: At) -> None:
    """A row that the portal did not make: whoever writes rows can't end others' sessions by it."""
    from dataclasses import replace

    world = ruth_tied.world
    joe = world.client("joe")
    with tending(world.house) as db:
        link = rows.link_of(db, world.person("ruth").id)
        assert link is not None
        rows.remove_link(db, world.area.id, link.person_id)
        rows.save_link(db, replace(link, person_id=world.person("joe").id))
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert inside(joe)


def test_a_provider_that_is_closed_or_on_trial_is_not_listened_to(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    world = ruth_tied.world
    close_provider(world.house, world.who("helen"), ruth_tied.id(AGENCY))
    assert tell(ruth_tied, token(ruth_tied)) == 400
    with reading(world.house.engine) as db:
        row = rows.by_id(db, ruth_tied.id(AGENCY))
    assert row is not None
    assert row.state is not ProviderState.OPEN
    ruth_tied.record("police")
    assert tell(ruth_tied, token(ruth_tied, "police"), "police") == 400
    assert ruth_tied.world.client().post("/sign-in/agency/nobody/left").status_code == 400
    assert inside(ruth_in)


def test_between_the_provider_and_the_passphrase_it_counts_too(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    there = ruth_tied.providers[AGENCY]
    there.tamper(claims={"sid": "a-session"})
    for told in ({}, {"sid": "a-session"}):
        there.tamper(claims={"sid": "a-session"})
        ruth_tied.sign_in(client, AGENCY, "ruth-there")
        assert cookie(client, "ticket") is not None
        there.tamper(claims={"sub": None} if told else {})
        assert tell(ruth_tied, token(ruth_tied, **told)) == 200
        refused = give_passphrase(ruth_tied, client)
        assert refused.status_code == 403
        assert not inside(client)
        ruth_tied.world.clock.advance(timedelta(seconds=1))
        ruth_tied.set_clocks()


def test_who_brings_many_bad_ones_is_stopped_and_others_are_not(
    ruth_tied: At, ruth_in: FlaskClient
) -> None:
    asked = ruth_tied.providers[AGENCY].asked("/jwks")
    for _ in range(60):
        assert tell(ruth_tied, "a.b.c") == 400
    assert ruth_tied.providers[AGENCY].asked("/jwks") <= asked + 1
    good = token(ruth_tied)
    assert tell(ruth_tied, good) == 400
    assert inside(ruth_in)
    elsewhere = ruth_tied.world.client().post(
        ruth_tied.path(AGENCY, "/left"),
        data={"logout_token": good},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 200
    assert not inside(ruth_in)


def test_a_browser_of_another_site_is_turned_away(ruth_tied: At, ruth_in: FlaskClient) -> None:
    answer = ruth_tied.world.client().post(
        ruth_tied.path(AGENCY, "/left"),
        data={"logout_token": token(ruth_tied)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, inside(ruth_in)) == (403, True)


def test_what_they_were_downloading_stops(ruth_tied: At, ruth_in: FlaskClient) -> None:
    """The session's end is what stops it; see tests/reading/test_while_handed_over.py."""
    from portal.journeys.signing_in.recall import Over, recall
    from portal.web.current import decode

    text = cookie(ruth_in)
    secret = decode(text or "")
    assert secret is not None
    tell(ruth_tied, token(ruth_tied))
    assert isinstance(recall(ruth_tied.world.house, secret), Over)
