"""Whom the portal does not know, or knows no more, is answered as anybody, at the same price."""

from __future__ import annotations

import pytest

from portal.crypto import unlock
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.signing_in import unlocking
from tests.browsing import words_of
from tests.sign_on.making import At, give_passphrase
from tests.web.browsing import send

pytestmark = pytest.mark.real("OpenID provider")

AGENCY = "social_care"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that a passphrase was derived."""
    found: list[str] = []
    real = unlock.from_passphrase

    def counted(*given, **named):  # type: ignore[no-untyped-def]
        found.append("argon2")
        return real(*given, **named)

    monkeypatch.setattr(unlocking, "from_passphrase", counted)
    return found


def test_coming_back_costs_nothing_and_tells_nothing(ruth_tied: At, runs: list[str]) -> None:
    """Unknown there, tied to nobody, tied to somebody who has left: one answer, no passphrase."""
    remove_person(
        ruth_tied.world.house, ruth_tied.world.who("helen"), ruth_tied.world.person("ruth").id
    )
    answers = set()
    for name in ("ruth-there", "nobody-there", "ines-there"):
        answer = ruth_tied.sign_in(ruth_tied.world.client(), AGENCY, name)
        answers.add((answer.status_code, words_of(answer)))
    assert len(answers) == 1
    assert runs == []


def test_with_a_ticket_each_passphrase_is_tried_once(ruth_tied: At, runs: list[str]) -> None:
    client = ruth_tied.world.client()
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    give_passphrase(ruth_tied, client, "wrong wrong wrong wrong")
    assert runs == ["argon2"]
    give_passphrase(ruth_tied, client)
    assert runs == ["argon2"] * 2


def test_with_none_no_passphrase_is_tried_whoevers_it_is(ruth_tied: At, runs: list[str]) -> None:
    client = ruth_tied.world.client()
    said = set()
    for typed in (ruth_tied.world.secrets("ruth").passphrase, "wrong wrong wrong wrong"):
        answer = send(client, "/sign-in/passphrase", form="/sign-in", passphrase=typed)
        said.add((answer.status_code, words_of(answer)))
    assert len(said) == 1
    assert runs == []


def test_who_left_between_provider_and_passphrase_costs_no_more(
    ruth_tied: At, runs: list[str]
) -> None:
    client = ruth_tied.world.client()
    ruth_tied.sign_in(client, AGENCY, "ruth-there")
    remove_person(
        ruth_tied.world.house, ruth_tied.world.who("helen"), ruth_tied.world.person("ruth").id
    )
    own = ruth_tied.world.secrets("ruth").passphrase
    assert send(client, "/sign-in/passphrase", form="/sign-in", passphrase=own).status_code == 403
    assert runs == []
