"""Whoever joined through their agency and stopped before the codes goes on the same way."""

from __future__ import annotations

import pytest

from portal.domain.people import Account
from tests.browsing import words_of
from tests.sign_on.joining import AGENCY, Invited
from tests.sign_on.making import At
from tests.sign_on.test_joining import account, tied
from tests.web.browsing import send
from tests.web.test_account_join import PASSPHRASE

pytestmark = pytest.mark.real("OpenID provider")


@pytest.fixture
def stopped(at: At) -> Invited:
    """Ines has come from her agency, and has another browser now."""
    at.set_up(AGENCY)
    ines = Invited(at).follow()
    assert ines.come().headers.get("Location") == "/join/codes"
    ines.client = at.world.client()
    assert send(ines.client, ines.path).status_code == 303
    answer = send(ines.client, "/join/saved", passphrase=PASSPHRASE)
    assert answer.headers.get("Location") == "/join/next", words_of(answer)
    return ines


def test_they_come_through_their_agency_again_and_join(stopped: Invited) -> None:
    assert stopped.client.get("/join/codes").headers["Location"] == "/join/agency"
    assert stopped.client.get("/join/code-app").headers["Location"] == "/join/agency"
    answer = stopped.come()
    assert answer.headers.get("Location") == "/join/codes", words_of(answer)
    assert tied(stopped.at) == 1
    assert stopped.finish().headers["Location"] == "/join/done"
    assert account(stopped) is Account.ENROLLED


def test_somebody_elses_account_there_stays_theirs(stopped: Invited) -> None:
    other = Invited(stopped.at, "olu@northmere.example").follow()
    answer = stopped.at.back(other.client, other.there("ines-there"))
    assert answer.status_code == 403
    assert tied(stopped.at) == 1
