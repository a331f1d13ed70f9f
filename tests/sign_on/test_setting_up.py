"""Recording a provider: what is missing is named, nothing opens untried, no secret is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.identity.sign_on.client import BadClient, Demand, Proof
from portal.identity.sign_on.exchange import Exchange
from portal.identity.sign_on.reach import Reach
from portal.journeys.agencies.record_provider import NewSettings, open_provider, record_provider
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import providers
from portal.records.database import reading
from tests.browsing import words_of
from tests.real.oidc import CLIENT_ID, SECRET
from tests.sign_on.making import ACR, At
from tests.web.browsing import send

pytestmark = pytest.mark.real("OpenID provider")

AGENCY = "social_care"

LACKS = {
    "differs, letter for letter": {"issuer": "https://elsewhere.example"},
    "token_endpoint or jwks_uri is missing": {"token_endpoint": None},
    "jwks_uri is missing or not https": {"jwks_uri": "ftp://127.0.0.1/keys"},
    'must contain "code"': {"response_types_supported": ["id_token"]},
    'must contain "S256"': {"code_challenge_methods_supported": ["plain"]},
    "must contain RS256": {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    "must contain client_secret_post": {"token_endpoint_auth_methods_supported": ["none"]},
    "none of the values agreed": {"acr_values_supported": ["one-factor"]},
}


def settings_form(at: At, **other: str) -> dict[str, str]:
    return {
        "issuer": at.providers[AGENCY].issuer, "client_id": CLIENT_ID, "client_secret": SECRET,
        "proof": "acr", "accepted": "two-factors", "longest": "60",
    } | other  # fmt: skip


def test_the_page_for_the_it_names_exactly_what_is_missing(at: At) -> None:
    at.record(AGENCY)
    outside = at.world.client()
    for words, lacking in LACKS.items():
        at.providers[AGENCY].tamper(discovery=lacking)
        at.world.clock.advance(timedelta(seconds=6))
        page = words_of(outside.get(at.path(AGENCY, "/trial")))
        assert words in page
        assert page.count(" No ") == 1, (words, page)
        assert "Try a sign-in" not in page
        assert outside.get(at.path(AGENCY, "/trial/begin")).status_code == 403
    at.providers[AGENCY].tamper()
    at.world.clock.advance(timedelta(seconds=6))
    page = words_of(outside.get(at.path(AGENCY, "/trial")))
    assert "Try a sign-in" in page
    assert " No " not in page


def test_an_entra_like_configuration_that_is_silent_of_pkce_is_enough(at: At) -> None:
    at.record(AGENCY, Demand(Proof.ENTRA, ("c1",), timedelta(hours=8)))
    at.providers[AGENCY].tamper(
        discovery={
            "code_challenge_methods_supported": None,
            "acr_values_supported": None,
            "authorization_response_iss_parameter_supported": None,
        }
    )
    assert at.try_it(AGENCY).status_code == 200


def test_what_a_trial_lacks_is_told_to_the_it(at: At) -> None:
    at.record(AGENCY)
    for lie, words in (
        ({"claims": {"acr": None}}, "lacks the claim that proves two factors"),
        ({"claims": {"acr": "one-factor"}}, "none of the values agreed"),
        ({"claims": {"auth_time": None}}, "lacks auth_time"),
        ({"claims": {"aud": "x"}}, "for another client"),
        ({"sign": "rogue"}, "a key that the provider has not published"),
    ):
        at.providers[AGENCY].tamper(**lie)
        assert words in words_of(at.try_it(AGENCY))
    at.providers[AGENCY].tamper()
    at.record(AGENCY, client_secret="another-secret-of-the-tests")
    assert "did not take the client ID and secret" in words_of(at.try_it(AGENCY))


def test_nothing_opens_before_a_trial_with_these_very_settings(at: At) -> None:
    world = at.world
    helen = world.who("helen")
    at.record(AGENCY)

    def refused() -> bool:
        with pytest.raises(Unacceptable):
            open_provider(world.house, helen, at.id(AGENCY), world.code("helen"))
        at.set_clocks()
        return True

    assert refused()
    assert world.client().get(at.path(AGENCY)).status_code == 403
    at.try_it(AGENCY)
    at.record(AGENCY, Demand(Proof.AMR, ("mfa",), timedelta(hours=1)))
    assert refused()
    at.try_it(AGENCY, "it-there/weak")
    assert refused()
    at.try_it(AGENCY)
    open_provider(world.house, helen, at.id(AGENCY), world.code("helen"))
    assert refused()
    assert world.client().get(at.path(AGENCY, "/trial")).status_code == 404
    assert world.client().get(at.path(AGENCY, "/trial/begin")).status_code == 404


def test_a_trial_signs_nobody_in_and_ties_nobody(at: At) -> None:
    at.record(AGENCY)
    ruth = at.world.client("ruth")
    answer = at.go(ruth, at.path(AGENCY, "/trial/begin"), AGENCY, "ruth-there")
    assert "Nobody was signed in" in words_of(answer)
    with reading(at.world.house.engine) as db:
        assert providers.link_of(db, at.world.person("ruth").id) is None
    at.set_up(AGENCY)
    answer = at.sign_in(at.world.client(), AGENCY, "ruth-there")
    assert "no account here is tied" in words_of(answer)


def test_the_whole_way_by_the_pages_and_the_secret_is_shown_nowhere(at: At) -> None:
    world = at.world
    client = world.client("dev")
    path = f"/unit/sign-on/{at.id(AGENCY)}"
    assert "Not recorded" in words_of(client.get("/unit/sign-on/"))
    recorded = send(client, f"{path}/settings", **settings_form(at, code=world.code("dev")))
    assert recorded.status_code == 303, words_of(recorded)
    at.set_clocks()
    shown = client.get(path)
    assert at.path(AGENCY, "/back") in words_of(shown)
    assert at.path(AGENCY, "/trial") in words_of(shown)
    at.try_it(AGENCY)
    opened = send(client, f"{path}/open", code=world.code("dev"))
    assert opened.status_code == 303, words_of(opened)
    at.set_clocks()
    changed = send(
        client, f"{path}/settings",
        **settings_form(at, client_secret="", longest="240", code=world.code("dev")),
    )  # fmt: skip
    assert changed.status_code == 303, words_of(changed)
    at.set_clocks()
    assert at.try_it(AGENCY).status_code == 200
    for page in (path, f"{path}/settings", f"{path}/open", at.path(AGENCY, "/trial"), "/record/"):
        for who in ("helen", "dev"):
            assert SECRET not in world.client(who).get(page).get_data(as_text=True)
    with reading(world.house.engine) as db:
        row = providers.by_id(db, at.id(AGENCY))
    assert row is not None
    assert SECRET.encode() not in row.settings


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("issuer", "http://login.example", "an address beginning https://"),
        ("issuer", "https://login.example/?x=1", "an address beginning https://"),
        ("issuer", "https://user@login.example", "an address beginning https://"),
        ("client_id", "two words", "Write the client ID"),
        ("client_secret", "too short", "16 characters or more"),
        ("client_secret", "", "16 characters or more"),
        ("accepted", "mfa mfa", "each once"),
        ("accepted", 'a"b', "each once"),
        ("longest", "10000", "Not a valid choice"),
        ("proof", "none", "Not a valid choice"),
        ("code", "000000", "not right"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    at: At, field: str, typed: str, words: str
) -> None:
    client = at.world.client("helen")
    form = settings_form(at, code=at.world.code("helen")) | {field: typed}
    answer = send(client, f"/unit/sign-on/{at.id(AGENCY)}/settings", **form)
    assert answer.status_code == 200
    assert words in words_of(answer)
    with reading(at.world.house.engine) as db:
        assert providers.by_id(db, at.id(AGENCY)) is None


def test_a_secret_is_never_shown_to_another_issuer_nor_kept_in_a_draft(at: At) -> None:
    at.record(AGENCY)
    client = at.world.client("helen")
    elsewhere = settings_form(
        at, issuer="https://evil.example", client_secret="", code=at.world.code("helen")
    )
    answer = send(client, f"/unit/sign-on/{at.id(AGENCY)}/settings", **elsewhere)
    assert "Another issuer needs a secret of its own" in words_of(answer)
    client.post(f"/unit/sign-on/{at.id(AGENCY)}/settings", data=settings_form(at))
    kept = client.get(f"/unit/sign-on/{at.id(AGENCY)}/settings").get_data(as_text=True)
    assert SECRET not in kept


def test_in_production_no_plain_issuer_is_recorded(at: At) -> None:
    house = replace(at.world.house, sign_on=Exchange(Reach(trial=False)))
    for issuer in ("http://127.0.0.1:9", "http://localhost:9", "http://login.example"):
        new = NewSettings(issuer, CLIENT_ID, SECRET, ACR)
        with pytest.raises(Unacceptable):
            record_provider(
                house, at.world.who("helen"), at.id(AGENCY), new, at.world.code("helen")
            )


def test_whoever_neither_decides_nor_operates_records_nothing(at: At) -> None:
    new = NewSettings("https://login.example", CLIENT_ID, SECRET, ACR)
    for name in ("priya", "ruth", "sian", "mark"):
        with pytest.raises(Refused):
            record_provider(
                at.world.house, at.world.who(name), at.id(AGENCY), new, at.world.code(name)
            )


@pytest.mark.parametrize(
    ("accepted", "minutes"),
    [((), 60), (("",), 60), (("a", "a"), 60), (("a b",), 60), (("a",), 0), (("a",), 481)],
)
def test_a_demand_that_demands_nothing_cannot_be_made(
    accepted: tuple[str, ...], minutes: int
) -> None:
    with pytest.raises(BadClient):
        Demand(Proof.ACR, accepted, timedelta(minutes=minutes))
