"""Six-digit codes from a code app: RFC 6238, SHA-1, 30 seconds, each accepted once ever.

OWASP ASVS V6.5.1, V6.5.3, V6.5.5; NIST SP 800-63B-4 section 3.1.4. Documented drift: the code
of the step before, of now and of the step after (30 seconds either way), no others.
"""

from __future__ import annotations

import io
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

from portal.identity import oath
from portal.identity.oath import APP, DRIFT_STEPS, NEVER, UsedCode, WrongCode

__all__ = [
    "DRIFT_STEPS",
    "NEVER",
    "STEP_SECONDS",
    "Accepted",
    "UsedCode",
    "WrongCode",
    "accept",
    "canonical",
    "grouped",
    "new_secret",
    "qr_png",
    "step_at",
    "uri",
]

STEP_SECONDS = APP.period

_SECRET_BYTES = 20
_SECRET = re.compile(r"[A-Z2-7]{32}")


@dataclass(frozen=True)
class Accepted:
    """The code is right and fresh. Store `step` as the new high-water step."""

    step: int


def new_secret() -> str:
    """Return 160 random bits as 32 base32 characters. To be stored encrypted only."""
    return b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def grouped(secret: str) -> str:
    """Return the secret in groups of four, for people who type it instead of scanning."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def uri(secret: str, email: str, issuer: str) -> str:
    """Return the otpauth:// address a code app scans, with name and issuer percent-encoded."""
    return pyotp.TOTP(_checked(secret)).provisioning_uri(name=email, issuer_name=issuer)


def qr_png(address: str) -> bytes:
    """Return the address as a QR code: PNG bytes, black on white with a quiet zone.

    It holds the secret: serve it with `no-store`, to the enrolling person only.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=5, border=4)
    return out.getvalue()


def canonical(typed: str) -> str | None:
    """Return exactly six ASCII digits, or None, as `oath.canonical` reads them."""
    code = oath.canonical(typed)
    return code if code is not None and len(code) == APP.digits else None


def step_at(now: datetime) -> int:
    """Return the RFC 6238 time step of an aware time."""
    return oath.step_at(now, STEP_SECONDS)


def accept(secret: str, typed: str, now: datetime, high_water_step: int) -> Accepted:
    """Accept the code if it is right now and its step is above `high_water_step`.

    Raises `WrongCode` or `UsedCode`, as `oath.accept` does.
    """
    return Accepted(oath.accept(_checked(secret), APP, typed, now, high_water_step))


def _checked(secret: str) -> str:
    if not _SECRET.fullmatch(secret):
        raise ValueError("a TOTP secret is 32 base32 characters")
    return secret
