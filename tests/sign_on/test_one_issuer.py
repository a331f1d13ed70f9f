"""Two agencies that share one provider: one issuer, one set of keys, and each its own people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsing import words_of
from tests.real.oidc import running
from tests.sign_on.making import At, give_passphrase
from tests.sign_on.test_signed_out_there import inside, tell, token
from tests.web.browsing import cookie
from tests.world import BASE_URL, World

pytestmark = pytest.mark.real("OpenID provider")

DONE = "/sign-in/passphrase"
BOTH = ("social_care", "police")


@pytest.fixture
def shared(world: World) -> Iterator[At]:
    """Ruth is tied for social care; both agencies' single sign-on is open."""
    back = [f"{BASE_URL}/sign-in/agency/{world.agency(each).id}/back" for each in BOTH]
    with running(*back) as one:
        at = At(world, dict.fromkeys(BOTH, one))
        at.set_clocks()
        for agency in BOTH:
            at.set_up(agency)
        at.tie("ruth", "social_care", "ruth-there")
        yield at


def test_a_tie_for_one_agency_says_nothing_at_the_other(shared: At) -> None:
    """The same name, of the same issuer, sworn to by the same key."""
    assert shared.sign_in(shared.world.client(), "social_care", "ruth-there").headers[
        "Location"
    ] == (DONE)
    answer = shared.sign_in(shared.world.client(), "police", "ruth-there")
    assert "no account here is tied" in words_of(answer)


def test_an_answer_for_one_does_not_count_at_the_other(shared: At) -> None:
    """The issuer in it is right for both: it is the state, and where it came back, that differ."""
    client = shared.world.client()
    there = shared.providers["police"]
    for begun, brought in (BOTH, BOTH[::-1]):
        url = there.sign_in(shared.sent_to(client, shared.path(begun)), "ruth-there")
        moved = url.replace(shared.path(begun), shared.path(brought))
        assert shared.back(client, moved).status_code == 403
        assert cookie(client, "ticket") is None


def test_a_code_given_for_one_buys_nothing_at_the_other(shared: At) -> None:
    """Begun at both in one browser, and the codes exchanged: each is bound to where it goes back
    to, and to its own verifier."""
    there = shared.providers["police"]
    one, other = shared.world.client(), shared.world.client()
    mine = there.sign_in(shared.sent_to(one, shared.path("social_care")), "ruth-there")
    theirs = there.sign_in(shared.sent_to(other, shared.path("police")), "ruth-there")
    code, stolen = (url.partition("code=")[2].partition("&")[0] for url in (mine, theirs))
    assert shared.back(one, mine.replace(code, stolen)).status_code == 403
    assert cookie(one, "ticket") is None


def test_signed_out_at_one_of_the_two_endpoints_is_signed_out_of_that_agency(shared: At) -> None:
    client = shared.world.client()
    shared.sign_in(client, "social_care", "ruth-there")
    give_passphrase(shared, client)
    assert inside(client)
    word = token(shared)
    assert tell(shared, word, "police") == 200
    assert inside(client)
    assert tell(shared, word) == 200
    assert not inside(client)
    assert tell(shared, word) == 400
