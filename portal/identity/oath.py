"""Codes of digits, from an app or a key-fob: OATH TOTP (RFC 6238) and HOTP (RFC 4226).

Each counts once ever. A code that counts with time is accepted for the step before, now and the
step after (documented drift: one step either way, 30 or 60 seconds); one that counts with presses
is accepted for the next few, since a fob is pressed in pockets too. OWASP ASVS V6.5.1; NIST
SP 800-63B-4 section 3.1.4.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime

import pyotp

from portal.domain.factors import Digest

DRIFT_STEPS = 1
LOOK_AHEAD = 10
"""Presses of a counting fob that may have gone astray since the last code."""
FIRST_LOOK_AHEAD = 100
"""The same when a fob is set up: it may have been tried out before."""
NEVER = -1
"""The high-water step of something that has not made a code yet."""

_SHORTEST_SEED, _LONGEST_SEED = 16, 64
_LONGEST_TYPED = 200
_CODE = re.compile(r"[0-9]{6}|[0-9]{8}")
_HEX = re.compile(r"(?:[0-9a-f]{2})+", re.IGNORECASE)
_BASE32 = re.compile(r"[a-z2-7]+", re.IGNORECASE)
_DIGESTS = {Digest.SHA1: hashlib.sha1, Digest.SHA256: hashlib.sha256}


@dataclass(frozen=True)
class Make:
    """How codes are made: 6 or 8 digits; every 30 or 60 seconds, or at each press (`period` 0).

    Raises ValueError for anything else: a row that says so was changed by somebody.
    """

    digits: int = 6
    period: int = 30
    digest: Digest = Digest.SHA1

    def __post_init__(self) -> None:
        if self.digits not in (6, 8) or self.period not in (0, 30, 60):
            raise ValueError("codes are not made like that here")


APP = Make()
"""What every code app can do."""


class WrongCode(Exception):
    """The code is not one of those that count now, or is not six or eight plain digits."""


class UsedCode(Exception):
    """The code was right, but it or a later one has been used already."""

    def __init__(self, seconds_to_next: int) -> None:
        super().__init__(f"used; the next code comes in {seconds_to_next} seconds")
        self.seconds_to_next = seconds_to_next


class BadSeed(ValueError):
    """What was typed is no seed of 16 to 64 bytes in hexadecimal or base 32."""


def canonical(typed: str) -> str | None:
    """Return exactly six or eight ASCII digits, or None.

    Only the ordinary space may stand between or around them. Full-width or other digits, signs,
    tabs, other spaces and any other length are refused, so one code has one spelling.
    """
    if len(typed) > 32:
        return None
    code = typed.replace(" ", "")
    return code if _CODE.fullmatch(code) else None


def read_seed(typed: str) -> str:
    """Return the seed as base 32 without padding, from hexadecimal or base 32 as it is printed.

    Spaces, dashes and padding do not matter. What could be both is read as hexadecimal, in which
    makers of fobs print. Raises BadSeed.
    """
    if len(typed) > _LONGEST_TYPED:
        raise BadSeed
    text = re.sub(r"[\s-]", "", typed).rstrip("=")
    if _HEX.fullmatch(text):
        raw = bytes.fromhex(text)
    elif _BASE32.fullmatch(text):
        try:
            raw = b32decode(text.upper() + "=" * (-len(text) % 8))
        except Error:
            raise BadSeed from None
    else:
        raise BadSeed
    if not _SHORTEST_SEED <= len(raw) <= _LONGEST_SEED:
        raise BadSeed
    return b32encode(raw).decode("ascii").rstrip("=")


def find_make(seed: str, typed: str, now: datetime, *, pressed: bool) -> tuple[Make, int]:
    """Find out from one code how a fob makes its codes; returns that and the code's step.

    Nobody knows whether theirs turns every 30 or 60 seconds: the code tells. The odds that a code
    of a wrong seed passes are 1 in 80,000 (1 in 5,000 for a fob that counts presses), and the fob
    then merely does not work. Raises WrongCode.
    """
    code = canonical(typed)
    if code is None:
        raise WrongCode
    for period in (0,) if pressed else (30, 60):
        for digest in Digest:
            make = Make(len(code), period, digest)
            try:
                step = accept(seed, make, code, now, NEVER, ahead=FIRST_LOOK_AHEAD)
            except WrongCode:
                continue
            return make, step
    raise WrongCode


def step_at(now: datetime, period: int) -> int:
    """Return the RFC 6238 time step of an aware time."""
    if now.tzinfo is None:
        raise ValueError("a time without a zone has no step")
    return int(now.timestamp() // period)


def accept(
    seed: str, make: Make, typed: str, now: datetime, high_water: int, *, ahead: int = LOOK_AHEAD
) -> int:
    """Return the code's step if it is right now and above `high_water`.

    Raises `WrongCode` or `UsedCode`. The caller stores the step under the same lock it read the
    high-water mark with (compare-and-set), which makes one success ever: the memory never expires,
    and every earlier code dies with the one that was used.
    """
    code = canonical(typed)
    if code is None or len(code) != make.digits:
        raise WrongCode
    generator = pyotp.HOTP(seed, digits=make.digits, digest=_DIGESTS[make.digest])
    if make.period:
        current = step_at(now, make.period)
        steps = range(max(0, current - DRIFT_STEPS), current + DRIFT_STEPS + 1)
    else:
        current = high_water
        # The last one too, so that whoever types it again is told that it was used.
        steps = range(max(0, high_water), high_water + ahead + 1)
    # All are always compared, so that the time taken does not tell which one was near.
    right = [step for step in steps if hmac.compare_digest(generator.at(step), code)]
    if not right:
        raise WrongCode
    if max(right) <= high_water:
        raise UsedCode(_seconds_to_next(now, current, high_water, make.period))
    return max(right) if make.period else min(step for step in right if step > high_water)


def _seconds_to_next(now: datetime, current: int, high_water: int, period: int) -> int:
    if not period:
        return 0
    # The code of step high_water + 1 is first accepted, as the coming one, at step high_water.
    opens = max(current + 1, high_water) * period
    return max(1, opens - int(now.timestamp()))
