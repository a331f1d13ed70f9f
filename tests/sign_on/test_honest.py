"""An honest provider: setting it up, tying an account to it, signing in and out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.ledger import book, leaf
from portal.records import outbox
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.real.oidc import CLIENT_ID
from tests.sign_on.making import ACR, AMR, ENTRA, At, give_passphrase
from tests.web.browsing import cookie, send
from tests.world import World

pytestmark = pytest.mark.real("OpenID provider")


def newest(world: World, count: int = 1) -> list[dict[str, object]]:
    with reading(world.house.engine) as db:
        size = book.head(db, world.area.id).size
        return [
            dict(leaf.decode(e.leaf)) for e in book.entries(db, world.area.id, size - count, size)
        ]


def test_somebody_signs_in_through_their_agency_and_their_passphrase(ruth_tied: At) -> None:
    world = ruth_tied.world
    client = world.client()
    answer = ruth_tied.go(
        client, ruth_tied.path("social_care") + "?next=/agency/", "social_care", "ruth-there"
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in/passphrase"
    assert client.get("/account/").status_code == 302
    asked = client.get("/sign-in/passphrase")
    assert "Your agency has confirmed who you are" in words_of(asked)
    done = give_passphrase(ruth_tied, client)
    assert done.status_code == 303, words_of(done)
    assert done.headers["Location"] == "/agency/"
    assert client.get("/agency/").status_code == 200
    (line,) = newest(world)
    assert (line["deed"], line["factor"]) == ("session.opened", "sso")
    assert line["person"] == world.person("ruth").id
    assert "the single sign-on of their agency" in words_of(world.client("sian").get("/record/"))


def test_signing_out_offers_to_sign_out_there_too(ruth_tied: At) -> None:
    client = ruth_tied.world.client()
    ruth_tied.sign_in(client, "social_care", "ruth-there")
    give_passphrase(ruth_tied, client)
    post(client, "/sign-out")
    agency = ruth_tied.id("social_care")
    page = client.get(f"/signed-out?agency={agency}")
    text = page.get_data(as_text=True).replace("&amp;", "&")
    issuer = ruth_tied.providers["social_care"].issuer
    assert f'href="{issuer}/session/end?client_id={CLIENT_ID}&post_logout' in text
    (state,) = re.findall(r"&state=([A-Za-z0-9_-]{43})\"", text)
    # Only what this browser was given says that it was signed out there, and says it once.
    assert "at Social" not in words_of(ruth_tied.world.client().get(f"/signed-out?state={state}"))
    for wrong in ("", "?state=", "?state=x", f"?state={state}x"):
        client.get(f"/signed-out?agency={agency}")
        assert "You are signed out at" not in words_of(client.get(f"/signed-out{wrong}"))
    page = client.get(f"/signed-out?agency={agency}")
    (state,) = re.findall(r"state=([A-Za-z0-9_-]{43})\"", page.get_data(as_text=True))
    assert "You are signed out at" in words_of(client.get(f"/signed-out?state={state}"))
    assert "You are signed out at" not in words_of(client.get(f"/signed-out?state={state}"))


def test_signing_out_leads_to_the_page_that_names_the_agency(ruth_tied: At) -> None:
    for shared in ({}, {"shared": "y"}):
        client = ruth_tied.world.client()
        ruth_tied.sign_in(client, "social_care", "ruth-there")
        own = ruth_tied.world.secrets("ruth").passphrase
        send(client, "/sign-in/passphrase", passphrase=own, **shared)
        answer = post(client, "/sign-out")
        where = answer.headers["Location"]
        assert where == f"/signed-out?agency={ruth_tied.id('social_care')}"
        assert cookie(client, "agency") is None
        assert "Sign out at" in words_of(client.get(where))
    assert "Sign out at" not in words_of(client.get("/signed-out?agency=nobody"))


@pytest.mark.parametrize("demand", [ACR, AMR, ENTRA], ids=["acr", "amr", "entra"])
def test_every_profile_passes_with_two_factors_and_not_with_one(at: At, demand) -> None:  # type: ignore[no-untyped-def]
    at.record("social_care", demand)
    assert at.try_it("social_care").status_code == 200
    for who in ("it-there/weak", "it-there/none"):
        refused = at.try_it("social_care", who)
        assert refused.status_code == 403
        assert "did not confirm a second factor" in words_of(refused)


def test_tying_leaves_a_line_and_a_letter_and_untying_does_too(ruth_tied: At) -> None:
    world = ruth_tied.world
    (line,) = newest(world)
    told = (line["deed"], line["factor"], line["change"])
    assert told == ("factor.changed", "sso", "added")
    client = world.client("ruth")
    assert "It was tied to your account" in words_of(client.get("/account/agency"))
    ruth = world.person("ruth")
    with reading(world.house.engine) as db:
        letters = [notice.letter for notice in outbox.due(db, world.clock.now())]
    assert letters.count("factor_changed") == 1
    code = world.code("ruth")
    assert post(client, "/account/agency/untie", {"code": code}).status_code == 303
    (line,) = newest(world)
    told = (line["deed"], line["factor"], line["change"], line["person"])
    assert told == ("factor.changed", "sso", "removed", ruth.id)
    ruth_tied.set_clocks()
    answer = ruth_tied.sign_in(world.client(), "social_care", "ruth-there")
    assert answer.status_code == 403
    assert "no account here is tied to that sign-in" in words_of(answer)


def test_the_provider_changes_its_keys_and_is_asked_once_a_minute(ruth_tied: At) -> None:
    there = ruth_tied.providers["social_care"]
    client = ruth_tied.world.client()
    there.tamper(sign="rotated", publish=["rotated"])
    assert ruth_tied.sign_in(client, "social_care", "ruth-there").status_code == 303
    there.tamper(sign="rogue")
    before = there.asked("/jwks")
    for _ in range(3):
        assert ruth_tied.sign_in(client, "social_care", "ruth-there").status_code == 403
    assert there.asked("/jwks") == before
    ruth_tied.world.clock.advance(timedelta(seconds=61))
    ruth_tied.set_clocks()
    for _ in range(3):
        assert ruth_tied.sign_in(client, "social_care", "ruth-there").status_code == 403
    assert there.asked("/jwks") == before + 1


def test_a_tie_stays_when_a_secret_is_changed_and_ends_with_the_issuer(ruth_tied: At) -> None:
    ruth_tied.set_up("social_care")
    client = ruth_tied.world.client()
    assert ruth_tied.sign_in(client, "social_care", "ruth-there").status_code == 303
    police = ruth_tied.providers["police"].issuer
    ruth_tied.record("social_care", issuer=police)
    ruth_tied.set_up("social_care")
    answer = ruth_tied.sign_in(client, "social_care", "ruth-there")
    assert "no account here is tied" in words_of(answer)


def test_what_a_provider_says_of_an_e_mail_address_means_nothing(ruth_tied: At) -> None:
    """Everybody of this provider has Ruth's address, as it says; so has the police's."""
    ruth_tied.set_up("police")
    for agency in ("social_care", "police"):
        answer = ruth_tied.sign_in(ruth_tied.world.client(), agency, "ruth@northmere.example")
        assert "no account here is tied to that sign-in" in words_of(answer)
