"""The keys of a provider: how often they are asked for, while it is silent too."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.identity.sign_on.exchange import AGAIN, KEPT, SULKS
from tests.sign_on.making import At
from tests.sign_on.test_signed_out_there import tell, token

pytestmark = pytest.mark.real("OpenID provider")

AGENCY = "social_care"


def later(at: At, by: timedelta) -> None:
    at.world.clock.advance(by)
    at.set_clocks()


def signs_in(at: At) -> bool:
    return at.sign_in(at.world.client(), AGENCY, "ruth-there").status_code == 303


def test_one_that_is_silent_is_not_asked_for_every_token(ruth_tied: At) -> None:
    """Anybody may bring a logout token: each must not hold a thread until the time is over."""
    there = ruth_tied.providers[AGENCY]
    later(ruth_tied, KEPT)
    there.tamper(away=["/jwks"])
    before = there.asked("/jwks")
    for _ in range(5):
        assert tell(ruth_tied, token(ruth_tied)) == 400
    assert there.asked("/jwks") == before + 1
    later(ruth_tied, SULKS)
    assert tell(ruth_tied, token(ruth_tied)) == 400
    assert there.asked("/jwks") == before + 2
    there.tamper()
    assert not signs_in(ruth_tied)
    later(ruth_tied, SULKS)
    assert signs_in(ruth_tied)


def test_a_forged_key_name_takes_no_known_key_away(ruth_tied: At) -> None:
    """It makes the portal ask again; where nobody answers, what was known stays so for its time."""
    there = ruth_tied.providers[AGENCY]
    later(ruth_tied, KEPT)
    assert signs_in(ruth_tied)
    there.tamper(away=["/jwks"], sign="rogue")
    before = there.asked("/jwks")
    for _ in range(3):
        assert tell(ruth_tied, token(ruth_tied)) == 400
    assert there.asked("/jwks") == before + 1
    there.tamper(away=["/jwks"])
    assert signs_in(ruth_tied)
    later(ruth_tied, AGAIN)
    there.tamper(sign="rotated", publish=["rotated"])
    assert signs_in(ruth_tied)
