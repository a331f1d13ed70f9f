"""Providers, browsers and databases that lie: nobody is signed in, and nothing is tied."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import update

from portal.domain.sign_on import ProviderState
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.records import providers as rows
from portal.records import security_log
from portal.records.database import reading
from portal.records.providers import provider_links
from portal.records.providers import providers as provider_rows
from portal.records.schema import first
from tests.browsing import post, words_of
from tests.real.oidc import CLIENT_ID, RealProvider
from tests.sign_on.making import At, give_passphrase, link_of
from tests.web.browsing import cookie, send
from tests.world import START

pytestmark = pytest.mark.real("OpenID provider")

DONE = "/sign-in/passphrase"
AGENCY = "social_care"


def at_seconds(at: At) -> int:
    return int(at.world.clock.now().timestamp())


def lies(at: At) -> dict[str, dict[str, Any]]:
    """What a provider may answer, and what is said of it to the agency's IT."""
    now = at_seconds(at)
    other = at.providers["police"].issuer
    own = at.providers[AGENCY].issuer
    return {
        "another issuer": {"claims": {"iss": other}},
        "an issuer that only begins alike": {"claims": {"iss": own + "/"}},
        "another audience": {"claims": {"aud": "somebody else"}},
        "no audience": {"claims": {"aud": []}},
        "two audiences": {"claims": {"aud": [CLIENT_ID, "somebody else"], "azp": CLIENT_ID}},
        "another audience, authorised for us": {"claims": {"aud": "other", "azp": CLIENT_ID}},
        "for us, authorised for another": {"claims": {"azp": "somebody else"}},
        "another nonce": {"claims": {"nonce": "n" * 43}},
        "no nonce": {"claims": {"nonce": None}},
        "nonce no string": {"claims": {"nonce": ["n"]}},
        "expired beyond the leeway": {"claims": {"exp": now - 31}},
        "no end": {"claims": {"exp": None}},
        "an end that is no number": {"claims": {"exp": "never"}},
        "an end that is true": {"claims": {"exp": True}},
        "made in the future": {"claims": {"iat": now + 31}},
        "made long ago": {"claims": {"iat": now - 700}},
        "not yet": {"claims": {"nbf": now + 60}},
        "no subject": {"claims": {"sub": None}},
        "a subject that is a list": {"claims": {"sub": ["ruth-there"]}},
        "no signature": {"sign": "none"},
        "signed with our secret": {"sign": "hs256-secret"},
        "signed with its public key as a secret": {"sign": "hs256-public"},
        "another key under its name": {"sign": "rogue-under-honest-name"},
        "a key nobody published": {"sign": "rogue"},
        "another algorithm named": {"header": {"alg": "RS512"}},
        "a key in the header": {"header": {"jwk": {"kty": "RSA"}}},
        "an address of keys in the header": {"header": {"jku": own + "/jwks"}},
        "a key name that is a path": {"header": {"kid": "../../../../etc/passwd"}},
        "a key name that is a number": {"header": {"kid": 1}},
        "no key name": {"header": {"kid": None}},
        "something critical": {"header": {"crit": ["exp"]}},
        "another kind of token": {"header": {"typ": "at+jwt"}},
        "a wrong hash of the access token": {"claims": {"at_hash": "x" * 22}},
        "one factor": {"claims": {"acr": "one-factor"}},
        "an acr that is a list": {"claims": {"acr": ["two-factors"]}},
        "no acr": {"claims": {"acr": None}},
        "signed in yesterday": {"claims": {"auth_time": now - 86400}},
        "signed in tomorrow": {"claims": {"auth_time": now + 86400}},
        "no time of the sign-in": {"claims": {"auth_time": None}},
        "no ID token": {"token": {"id_token": None}},
        "no token at all": {"token": {"id_token": "a.b"}},
    }


def test_no_lie_of_a_provider_is_believed(ruth_tied: At) -> None:
    there: RealProvider = ruth_tied.providers[AGENCY]
    client = ruth_tied.world.client()
    for name, lie in lies(ruth_tied).items():
        there.tamper(**lie)
        answer = ruth_tied.sign_in(client, AGENCY, "ruth-there")
        assert answer.status_code == 403, name
        assert cookie(client, "ticket") is None, name
        assert "Your agency's sign-in did not work" in words_of(answer), name
    there.tamper()
    assert ruth_tied.sign_in(client, AGENCY, "ruth-there").headers["Location"] == DONE
    there.tamper(claims={"exp": at_seconds(ruth_tied) - 29})
    assert ruth_tied.sign_in(client, AGENCY, "ruth-there").headers["Location"] == DONE
    with reading(ruth_tied.world.house.engine) as db:
        (seen,) = [one for one in security_log.since(db, START) if one.kind == "sign_on"]
    assert seen.times == len(lies(ruth_tied))


def test_an_answer_counts_once_and_in_the_browser_that_asked(ruth_tied: At) -> None:
    here, elsewhere = ruth_tied.world.client(), ruth_tied.world.client()
    there = ruth_tied.providers[AGENCY]
    url = there.sign_in(ruth_tied.sent_to(here, ruth_tied.path(AGENCY)), "ruth-there")
    assert ruth_tied.back(elsewhere, url).status_code == 403
    ruth_tied.sent_to(elsewhere, ruth_tied.path(AGENCY))
    assert ruth_tied.back(elsewhere, url).status_code == 403
    kept = cookie(here, "sign-on")
    assert ruth_tied.back(here, url).status_code == 303
    assert cookie(here, "sign-on") is None
    assert ruth_tied.back(here, url).status_code == 403
    here.set_cookie("sign-on", kept, domain="localhost", path="/")
    again = ruth_tied.back(here, url)
    assert again.status_code == 403
    assert "used already" in words_of(again)


def test_a_code_of_another_sign_in_is_not_taken(ruth_tied: At) -> None:
    """A code that was stolen, put into the thief's own sign-in: PKCE and nonce refuse it."""
    victim, thief = ruth_tied.world.client(), ruth_tied.world.client()
    there = ruth_tied.providers[AGENCY]
    stolen = there.sign_in(ruth_tied.sent_to(victim, ruth_tied.path(AGENCY)), "ruth-there")
    own = there.sign_in(ruth_tied.sent_to(thief, ruth_tied.path(AGENCY)), "mallory-there")
    (code,), (mine,) = (parse_qs(urlsplit(url).query)["code"] for url in (stolen, own))
    assert ruth_tied.back(thief, own.replace(mine, code)).status_code == 403
    assert cookie(thief, "ticket") is None


def test_an_answer_must_name_its_issuer_and_come_to_its_own_address(ruth_tied: At) -> None:
    ruth_tied.set_up("police")
    there, other = ruth_tied.providers[AGENCY], ruth_tied.providers["police"]
    client = ruth_tied.world.client()

    def fresh() -> str:
        return there.sign_in(ruth_tied.sent_to(client, ruth_tied.path(AGENCY)), "ruth-there")

    iss = "iss=" + requests.utils.quote(there.issuer, safe="")
    for url in (
        fresh().replace("&" + iss, ""),
        fresh().replace(iss, "iss=" + requests.utils.quote(other.issuer, safe="")),
        fresh() + "&" + iss,
        fresh() + "&code=another",
        fresh().replace(ruth_tied.path(AGENCY), ruth_tied.path("police")),
    ):
        assert ruth_tied.back(client, url).status_code == 403, url
        assert cookie(client, "ticket") is None


def test_somebody_of_one_agency_is_nobody_at_another(ruth_tied: At) -> None:
    """The police's provider calls somebody as social care's calls Ruth, and swears it."""
    ruth_tied.set_up("police")
    ruth_tied.providers["police"].tamper(
        claims={"email": "ruth@northmere.example", "email_verified": True}
    )
    answer = ruth_tied.sign_in(ruth_tied.world.client(), "police", "ruth-there")
    assert "no account here is tied" in words_of(answer)


def test_everybody_who_is_not_known_gets_one_and_the_same_page(ruth_tied: At) -> None:
    world = ruth_tied.world
    unknown = ruth_tied.sign_in(world.client(), AGENCY, "nobody-there")
    remove_person(world.house, world.who("helen"), world.person("ruth").id)
    left = ruth_tied.sign_in(world.client(), AGENCY, "ruth-there")
    assert unknown.status_code == left.status_code == 403
    assert unknown.get_data() == left.get_data()


def test_the_passphrase_is_asked_for_and_the_ticket_serves_once(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    ticket = cookie(client, "ticket")
    wrong = give_passphrase(ruth_tied, client, "not the one it is at all")
    assert wrong.status_code == 200
    assert cookie(client) is None
    assert give_passphrase(ruth_tied, client).status_code == 303
    again = ruth_tied.world.client()
    again.set_cookie("ticket", ticket, domain="localhost", path="/")
    refused = give_passphrase(ruth_tied, again)
    assert refused.status_code == 403
    assert cookie(again) is None


def test_a_ticket_grows_old_and_ends_when_the_provider_is_closed(ruth_tied: At) -> None:
    world = ruth_tied.world
    client = world.client()
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    post(world.client("helen"), f"/unit/sign-on/{ruth_tied.id(AGENCY)}/close")
    assert client.get(DONE).status_code == 403
    ruth_tied.set_up(AGENCY)
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    world.clock.advance(timedelta(minutes=10))
    assert client.get(DONE).status_code == 403
    assert client.get("/sign-in/passphrase").status_code == 403


def test_a_ticket_that_is_made_up_opens_nothing(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    forged = {"agency": ruth_tied.id(AGENCY), "person": ruth_tied.world.person("ruth").id}
    for text in ("", "x", "%%", base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()):
        client.set_cookie("ticket", text, domain="localhost", path="/")
        client.set_cookie("sign-on", text, domain="localhost", path="/")
        assert client.get(DONE).status_code == 403
        assert client.get(ruth_tied.path(AGENCY, "/back?code=x&state=y")).status_code == 403


def test_what_was_begun_before_the_settings_changed_comes_to_nothing(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    there = ruth_tied.providers[AGENCY]
    url = there.sign_in(ruth_tied.sent_to(client, ruth_tied.path(AGENCY)), "ruth-there")
    ruth_tied.record(AGENCY, client_id="another-client")
    assert ruth_tied.back(client, url).status_code == 403
    with tending(ruth_tied.world.house) as db:
        db.execute(update(provider_rows).values(state=ProviderState.OPEN))
    assert ruth_tied.back(client, url).status_code == 403


def test_a_link_begun_by_one_person_ties_nobody_else(ruth_tied: At) -> None:
    """Ruth's browser is made to come back to what somebody else began, and the other way."""
    world = ruth_tied.world
    ruth_tied.set_up("police")
    carys = world.client("carys")
    code = world.code("carys")
    ruth_tied.set_clocks()
    answer = post(carys, "/account/agency", {"code": code})
    url = link_of(answer, ruth_tied.providers["police"].issuer)
    back = ruth_tied.providers["police"].sign_in(url, "carys-there")
    kept = cookie(carys, "sign-on")
    for other in (world.client("ruth"), world.client("carys"), world.client()):
        other.set_cookie("sign-on", kept, domain="localhost", path="/")
        assert ruth_tied.back(other, back).status_code == 403
    refused = ruth_tied.sign_in(world.client(), "police", "carys-there")
    assert "no account here is tied" in words_of(refused)


def test_nobody_ties_what_is_tied_to_another_nor_without_an_unused_code(at: At) -> None:
    world = at.world
    at.set_up("police")
    assert at.tie("carys", "police", "shared-there").status_code == 303
    taken = at.tie("alan", "police", "shared-there")
    assert taken.status_code == 403
    assert "tied to another account already" in words_of(taken)
    client = world.client("carys")
    used = world.code("carys")
    world.clock.advance(timedelta(seconds=30))
    at.set_clocks()
    assert post(client, "/account/agency/untie", {"code": "000000"}).status_code == 200
    assert post(client, "/account/agency/untie", {"code": used}).status_code == 303
    assert post(client, "/account/agency", {"code": used}).status_code == 200
    helen = post(world.client("helen"), "/account/agency", {"code": world.code("helen")})
    assert helen.status_code == 200
    assert "is not open here now" in words_of(helen)


def test_rows_changed_in_the_database_make_nobody_somebody_else(ruth_tied: At) -> None:
    """With the database alone: the tie moved to another person, the settings of one provider put
    into another's row, an older row put back."""
    world = ruth_tied.world
    ruth_tied.set_up("police")
    joe = world.person("joe").id
    with tending(world.house) as db:
        before = rows.link_of(db, world.person("ruth").id)
        db.execute(update(provider_links).values(person_id=joe))
    answer = ruth_tied.sign_in(world.client(), AGENCY, "ruth-there")
    assert "no account here is tied" in words_of(answer)
    assert before is not None
    with tending(world.house) as db:
        police = first(
            db, provider_rows, rows.ProviderRow,
            provider_rows.c.agency_id == ruth_tied.id("police"),
        )  # fmt: skip
        assert police is not None
        db.execute(
            update(provider_rows)
            .where(provider_rows.c.agency_id == ruth_tied.id(AGENCY))
            .values(settings=police.settings)
        )
    assert world.client().get(ruth_tied.path(AGENCY)).status_code == 403
    page = world.client("helen").get(f"/unit/sign-on/{ruth_tied.id(AGENCY)}")
    assert "changed from outside" in words_of(page)


def test_too_many_bad_answers_from_one_address_are_stopped(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    bad = ruth_tied.path(AGENCY, "/back?code=x&state=y")
    for _ in range(60):
        assert "another browser" in words_of(client.get(bad))
    assert "Too many tries" in words_of(client.get(bad))
    ruth_tied.world.clock.advance(timedelta(minutes=10))
    ruth_tied.set_clocks()
    assert ruth_tied.sign_in(client, AGENCY, "ruth-there").status_code == 303


def test_nothing_that_came_from_outside_is_repeated(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    denied = ruth_tied.sign_in(client, AGENCY, "deny")
    assert denied.status_code == 403
    assert "refused there" in words_of(denied)
    assert "<b>" not in denied.get_data(as_text=True)
    for next_ in ("https://evil.example/", "//evil.example", "/sign-out"):
        path = f"{ruth_tied.path(AGENCY)}?next={next_}"
        assert ruth_tied.go(client, path, AGENCY, "ruth-there").status_code == 303
        assert give_passphrase(ruth_tied, client).headers["Location"] == "/"
        send(client, "/sign-out", "/account/")
