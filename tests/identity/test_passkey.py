"""Passkeys, below the browser: the site, the options, and answers that are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webauthn import generate_authentication_options, options_to_json
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from portal.crypto import challenge
from portal.identity import passkey
from portal.identity.passkey import BadPasskey, Site, site_of

NOW = datetime(2026, 5, 28, 9, 2, 12, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://portal.example.org", "portal.example.org"),
        ("https://portal.example.org:8443", "portal.example.org"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_the_site_is_the_configured_address(address: str, name: str) -> None:
    site = site_of(address)
    assert (site.name, site.origin) == (name, address)


def test_what_is_asked_demands_a_verified_user_and_the_function() -> None:
    site = site_of("https://portal.example.org")
    made = passkey.creation_options(site, b"c" * 64, "person", "a@b.example", "Nia", [b"known"])
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert len(made["excludeCredentials"]) == 1
    assert "person" not in str(made["user"]["id"])
    asked = passkey.request_options(site, b"c" * 64, [])
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "portal.example.org"
    assert asked["extensions"]["prf"]["eval"]["first"]


def test_what_is_asked_is_word_for_word_what_the_library_would_ask() -> None:
    asked = passkey.request_options(Site("portal.example.org", ""), b"\xfb\xff" * 32, [b"\xfe?>"])
    theirs = generate_authentication_options(
        rp_id="portal.example.org",
        challenge=b"\xfb\xff" * 32,
        timeout=passkey.TIMEOUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=b"\xfe?>")],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    del asked["extensions"]
    assert asked == json.loads(options_to_json(theirs))


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "1", "{", '{"response": []}', '{"response": {}}', "x" * 20_001,
     '{"rawId": 1, "response": {"clientDataJSON": "e30"}}', "[" * 10_000, '{"rawId": "AA"}'],
)  # fmt: skip
def test_what_is_no_answer_is_refused(answer: str) -> None:
    site = site_of("https://portal.example.org")
    for read in (passkey.challenge_in, passkey.credential_in):
        with pytest.raises(BadPasskey):
            read(answer)
    with pytest.raises(BadPasskey):
        passkey.verify_new(site, b"c" * 64, answer)
    with pytest.raises(BadPasskey):
        passkey.verify_use(site, b"c" * 64, answer, b"key", 0)


@given(answer=st.text(max_size=300))
def test_no_text_is_an_answer(answer: str) -> None:
    with pytest.raises(BadPasskey):
        passkey.verify_use(site_of("https://a.example"), b"c" * 64, answer, b"", 0)


def test_a_challenge_is_for_its_purpose_binding_and_five_minutes() -> None:
    made = challenge.new_challenge(KEY, "try", "browser", NOW)
    assert len(made) == challenge.SIZE
    assert challenge.is_ours(made, KEY, "try", "browser", NOW)
    assert challenge.is_ours(made, KEY, "try", "browser", NOW + timedelta(minutes=5))
    for key, purpose, bound, now in (
        (OTHER, "try", "browser", NOW),
        (KEY, "make", "browser", NOW),
        (KEY, "try", "another", NOW),
        (KEY, "try", "browser", NOW + timedelta(minutes=5, seconds=1)),
        (KEY, "try", "browser", NOW - timedelta(seconds=1)),
    ):
        assert not challenge.is_ours(made, key, purpose, bound, now)


@given(place=st.integers(0, challenge.SIZE - 1), flip=st.integers(1, 255))
def test_an_altered_challenge_is_not_ours(place: int, flip: int) -> None:
    made = bytearray(challenge.new_challenge(KEY, "try", "browser", NOW))
    made[place] ^= flip
    assert not challenge.is_ours(bytes(made), KEY, "try", "browser", NOW)
    assert not challenge.is_ours(bytes(made[:-1]), KEY, "try", "browser", NOW)
    assert not challenge.is_ours(b"", KEY, "try", "browser", NOW)
