"""Passkeys: WebAuthn ceremonies with py_webauthn, strict where the standard leaves a choice.

The origin and the name of the site come from the configured address, never from a request; the
device must have made sure who its user is (fingerprint, face, PIN). W3C WebAuthn Level 3 sections
7.1, 7.2 and 10.1.4 (`prf`); OWASP ASVS V6.7.1, V6.7.2.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from portal.domain.ids import AccountId

PRF_INPUT = hashlib.sha256(b"portal/v1/passkey-prf").digest()
"""What every passkey's pseudo-random function is asked: the answer differs for each passkey."""
CHALLENGE_BYTES = 64
LONGEST_ANSWER = 20_000
TIMEOUT_MS = 120_000


class BadPasskey(Exception):
    """The ceremony does not count. `reason` is for the security log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Site:
    """Where passkeys belong: the host's name without its port, and the whole origin."""

    name: str
    origin: str


@dataclass(frozen=True)
class NewPasskey:
    """What a device has made. The private half never leaves it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def site_of(base_url: str) -> Site:
    """The site of a configured address. A changed address loses its passkeys."""
    parts = urlsplit(base_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def creation_options(
    site: Site,
    challenge: bytes,
    account_id: AccountId,
    email: str,
    name: str,
    known: Sequence[bytes],
) -> dict[str, Any]:
    """What the browser hands to `navigator.credentials.create`, in JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AttestationConveyancePreference,
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.name,
        rp_name="MAPPA portal",
        user_id=hashlib.sha256(b"portal/v1/passkey-user\0" + account_id.encode()).digest(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return _with_prf(json.loads(options_to_json(options)))


def request_options(site: Site, challenge: bytes, allowed: Sequence[bytes]) -> dict[str, Any]:
    """What the browser hands to `navigator.credentials.get`; `allowed` empty: any of this site."""
    # Written here, so that the page for signing in need not wait until the library is loaded.
    return _with_prf(
        {
            "challenge": _in_text(challenge),
            "timeout": TIMEOUT_MS,
            "rpId": site.name,
            "allowCredentials": [{"id": _in_text(each), "type": "public-key"} for each in allowed],
            "userVerification": "required",
        }
    )


def challenge_in(answer: str) -> bytes:
    """The challenge that a device has signed, to be checked before anything else is believed.

    Raises BadPasskey.
    """
    return _read(answer)[1]


def credential_in(answer: str) -> bytes:
    """Which passkey answered. Raises BadPasskey."""
    return _read(answer)[0]


def verify_new(site: Site, challenge: bytes, answer: str) -> NewPasskey:
    """What the device has made, if it made it here and for this challenge. Raises BadPasskey."""
    from webauthn import verify_registration_response

    _read(answer)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:
        # The library reads what a stranger sent: whatever it stumbles over is no passkey.
        raise BadPasskey(type(error).__name__) from None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def verify_use(
    site: Site, challenge: bytes, answer: str, public_key: bytes, sign_count: int
) -> int:
    """The new sign count, if this very passkey signed this challenge here, with its user verified.

    A count that did not grow (where the device counts) means a copy: refused. Raises BadPasskey.
    """
    from webauthn import verify_authentication_response

    _read(answer)
    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        # As above.
        raise BadPasskey(type(error).__name__) from None
    return used.new_sign_count


def _with_prf(options: dict[str, Any]) -> dict[str, Any]:
    # With `eval` at creation too: an empty request fails on some devices.
    return options | {"extensions": {"prf": {"eval": {"first": _in_text(PRF_INPUT)}}}}


def _in_text(told: bytes) -> str:
    """As WebAuthn writes bytes in JSON: base64url without padding."""
    return urlsafe_b64encode(told).rstrip(b"=").decode("ascii")


def _read(answer: str) -> tuple[bytes, bytes]:
    from webauthn.helpers import base64url_to_bytes

    if len(answer) > LONGEST_ANSWER:
        raise BadPasskey("too long")
    try:
        told = json.loads(answer)
        client = json.loads(base64url_to_bytes(told["response"]["clientDataJSON"]))
        return base64url_to_bytes(told["rawId"]), base64url_to_bytes(client["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadPasskey("unreadable") from None
