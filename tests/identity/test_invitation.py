from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from portal.identity import invitation, known_device, secret_token
from portal.identity.invitation import Invitation, NotUsable
from portal.identity.known_device import KnownDevice

NOW = datetime(2026, 5, 28, 9, 2, tzinfo=UTC)


def made() -> tuple[str, Invitation]:
    token, token_hash = invitation.new_token()
    return token, Invitation(token_hash, invitation.expires(NOW))


def why(made_of: Invitation, token: str, now: datetime) -> str:
    with pytest.raises(NotUsable) as refused:
        invitation.claim(made_of, token, now)
    with pytest.raises(NotUsable):
        invitation.look(made_of, token, now)
    return refused.value.reason


def test_looking_spends_nothing_and_claiming_spends_once() -> None:
    token, link = made()
    for _ in range(5):
        invitation.look(link, token, NOW)
    spent = invitation.claim(link, token, NOW)
    assert spent.used_at == NOW
    assert why(spent, token, NOW) == "used"


def test_the_last_moment_counts_and_the_next_does_not() -> None:
    token, link = made()
    invitation.look(link, token, link.expires_at - timedelta(microseconds=1))
    assert why(link, token, link.expires_at) == "expired"
    assert why(link, token, link.expires_at + timedelta(days=400)) == "expired"


def test_a_withdrawn_link_is_dead() -> None:
    token, link = made()
    withdrawn = Invitation(link.token_hash, link.expires_at, None, NOW)
    assert why(withdrawn, token, NOW) == "withdrawn"


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda token: token[:-1],
        lambda token: token + "=",
        lambda token: " " + token,
        lambda token: token + "\x00",
        lambda _: "",
        lambda _: "é\ud800",
    ],
)
def test_nothing_but_the_token_opens_it(change: Callable[[str], str]) -> None:
    token, link = made()
    assert why(link, change(token), NOW) == "unknown"


def test_anothers_token_and_the_hash_itself_open_nothing() -> None:
    token, link = made()
    other, _ = made()
    assert why(link, other, NOW) == "unknown"
    assert why(link, link.token_hash.hex(), NOW) == "unknown"
    assert why(Invitation(b"", link.expires_at), token, NOW) == "unknown"


def test_tokens_are_long_random_and_fit_a_path() -> None:
    tokens = {secret_token.new_token()[0] for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_browser_is_known_for_its_owner_only_and_for_a_time() -> None:
    token, token_hash = known_device.new_token()
    device = KnownDevice("person-1", token_hash, NOW)
    assert known_device.recognises(device, "person-1", token, NOW)
    assert not known_device.recognises(device, "person-2", token, NOW)
    assert not known_device.recognises(device, "person-1", token + "x", NOW)
    assert not known_device.recognises(device, "person-1", "", NOW)
    assert not known_device.recognises(device, "person-1", token, NOW + known_device.LIFETIME)
