"""Six-digit codes from a code app: RFC 6238, SHA-1, 30 seconds, each accepted once ever.

OWASP ASVS V6.5.1, V6.5.3, V6.5.5; NIST SP 800-63B-4 section 3.1.4. Documented drift: the code
of the step before, of now and of the step after (30 seconds either way), no others.
"""

from __future__ import annotations

import hmac
import io
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT_STEPS = 1
NEVER = -1
"""The high-water step of someone who has not used a code yet."""

_SECRET_BYTES = 20
_SECRET = re.compile(r"[A-Z2-7]{32}")
_CODE = re.compile(r"[0-9]{6}")
_LONGEST_TYPED = 32


@dataclass(frozen=True)
class Accepted:
    """The code is right and fresh. Store `step` as the new high-water step."""

    step: int


class WrongCode(Exception):
    """The code is not one of those that count now, or is not six plain digits."""


class UsedCode(Exception):
    """The code was right, but it or a later one has been used already."""

    def __init__(self, seconds_to_next: int) -> None:
        super().__init__(f"used; the next code comes in {seconds_to_next} seconds")
        self.seconds_to_next = seconds_to_next


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
    """Return exactly six ASCII digits, or None.

    Only the ordinary space may stand between or around them. Full-width or other digits, signs,
    tabs, other spaces and any other length are refused, so one code has one spelling.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    code = typed.replace(" ", "")
    return code if _CODE.fullmatch(code) else None


def step_at(now: datetime) -> int:
    """Return the RFC 6238 time step of an aware time."""
    if now.tzinfo is None:
        raise ValueError("a time without a zone has no step")
    return int(now.timestamp() // STEP_SECONDS)


def accept(secret: str, typed: str, now: datetime, high_water_step: int) -> Accepted:
    """Accept the code if it is right now and its step is above `high_water_step`.

    Raises `WrongCode` or `UsedCode`. The caller stores `Accepted.step` under the same lock it
    read the high-water step with (compare-and-set), which makes one success ever: the memory
    never expires, and every earlier code dies with the one that was used.
    """
    _checked(secret)
    code = canonical(typed)
    current = step_at(now)
    if code is None:
        raise WrongCode
    generator = pyotp.TOTP(secret)
    steps = range(max(0, current - DRIFT_STEPS), current + DRIFT_STEPS + 1)
    # All three are always compared, so that the time taken does not tell which one was near.
    right = [step for step in steps if hmac.compare_digest(generator.generate_otp(step), code)]
    if not right:
        raise WrongCode
    if max(right) <= high_water_step:
        raise UsedCode(_seconds_to_next(now, current, high_water_step))
    return Accepted(max(right))


def _seconds_to_next(now: datetime, current: int, high_water_step: int) -> int:
    # The code of step high_water + 1 is first accepted, as the coming one, at step high_water.
    opens = max(current + 1, high_water_step) * STEP_SECONDS
    return max(1, opens - int(now.timestamp()))


def _checked(secret: str) -> str:
    if not _SECRET.fullmatch(secret):
        raise ValueError("a TOTP secret is 32 base32 characters")
    return secret
