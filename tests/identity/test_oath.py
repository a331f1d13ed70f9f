"""Codes of apps and fobs: one success ever, however they are made."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.factors import Digest
from portal.identity import oath
from portal.identity.oath import Make, UsedCode, WrongCode, accept

SEED = base64.b32encode(b"12345678901234567890").decode()
SEED_256 = base64.b32encode(b"12345678901234567890123456789012").decode().rstrip("=")
NOW = datetime(2026, 5, 28, 9, 2, 12, tzinfo=UTC)
PRESSED = Make(6, 0)


def of_standard(key: bytes, counter: int, digits: int, digest: Digest) -> str:
    """RFC 4226 section 5.3, written down again."""
    mac = hmac.new(key, struct.pack(">Q", counter), getattr(hashlib, digest.value)).digest()
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def test_rfc_4226_appendix_d() -> None:
    codes = [
        "755224",
        "287082",
        "359152",
        "969429",
        "338314",
        "254676",
        "287922",
        "162583",
        "399871",
        "520489",
    ]
    high = oath.NEVER
    for counter, code in enumerate(codes):
        high = accept(SEED, PRESSED, code, NOW, high)
        assert high == counter


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "46119246"), (1111111109, "68084774"), (20000000000, "77737706")]
)
def test_rfc_6238_appendix_b_with_sha_256(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    make = Make(8, 30, Digest.SHA256)
    assert accept(SEED_256, make, code, now, oath.NEVER) == seconds // 30


@given(
    digits=st.sampled_from([6, 8]),
    period=st.sampled_from([30, 60]),
    digest=st.sampled_from(list(Digest)),
    drift=st.integers(-1, 1),
    raw=st.binary(min_size=16, max_size=64),
)
def test_how_a_fob_makes_its_codes_is_found_out(
    digits: int, period: int, digest: Digest, drift: int, raw: bytes
) -> None:
    code = of_standard(raw, int(NOW.timestamp()) // period + drift, digits, digest)
    make, step = oath.find_make(oath.read_seed(raw.hex()), code, NOW, pressed=False)
    # Once in very many another way would give the same code: what was found accepts it at least.
    with pytest.raises(UsedCode):
        accept(oath.read_seed(raw.hex()), make, code, NOW, step)


@pytest.mark.parametrize("period", [30, 60])
@pytest.mark.parametrize("steps", [-3, -2, 2, 3, 100])
def test_more_drift_than_documented_is_refused(period: int, steps: int) -> None:
    code = of_standard(base64.b32decode(SEED), int(NOW.timestamp()) // period + steps, 6,
                       Digest.SHA1)  # fmt: skip
    with pytest.raises(WrongCode):
        accept(SEED, Make(6, period), code, NOW, oath.NEVER)


def test_a_press_counts_once_and_no_earlier_one_after_it() -> None:
    codes = [of_standard(base64.b32decode(SEED), place, 6, Digest.SHA1) for place in range(30)]
    high = accept(SEED, PRESSED, codes[4], NOW, oath.NEVER)
    for earlier in codes[:5]:
        with pytest.raises((UsedCode, WrongCode)):
            accept(SEED, PRESSED, earlier, NOW, high)
    assert accept(SEED, PRESSED, codes[14], NOW, high) == 14
    with pytest.raises(WrongCode):
        accept(SEED, PRESSED, codes[16], NOW, high)


def test_a_used_press_says_to_press_again() -> None:
    code = of_standard(base64.b32decode(SEED), 7, 6, Digest.SHA1)
    with pytest.raises(UsedCode) as used:
        accept(SEED, PRESSED, code, NOW, 7)
    assert used.value.seconds_to_next == 0


@pytest.mark.parametrize("make", [(7, 30), (6, 15), (6, -30), (0, 0), (10, 30)])
def test_a_row_that_says_otherwise_makes_no_codes(make: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not made like that"):
        Make(*make)


@pytest.mark.parametrize("typed", ["1234567", "12345", "\uff11" * 6, "+12345", "12345a", "1" * 40])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert oath.canonical(typed) is None


def test_a_code_of_other_length_is_not_tried() -> None:
    code = of_standard(base64.b32decode(SEED), oath.step_at(NOW, 30), 8, Digest.SHA1)
    with pytest.raises(WrongCode):
        accept(SEED, Make(6, 30), code, NOW, oath.NEVER)
    with pytest.raises(WrongCode):
        accept(SEED, Make(8, 30), code[2:], NOW, oath.NEVER)


@given(raw=st.binary(min_size=16, max_size=64))
def test_a_seed_is_read_as_it_is_printed(raw: bytes) -> None:
    wanted = base64.b32encode(raw).decode().rstrip("=")
    grouped = " ".join(raw.hex().upper()[i : i + 4] for i in range(0, len(raw) * 2, 4))
    for typed in (raw.hex(), grouped, raw.hex().upper()):
        assert oath.read_seed(typed) == wanted
    text = base64.b32encode(raw).decode()
    if set(text.rstrip("=")) & set("GHIJKLMNOPQRSTUVWXYZ"):
        assert oath.read_seed(text.lower()) == wanted
        assert oath.read_seed(f" {text[:5]}-{text[5:]} ") == wanted


@pytest.mark.parametrize(
    "typed", ["", "00", "0" * 30, "A" * 25, "0" * 130, "not a seed!", "\u0660" * 40, "1" * 33,
              "G" * 300],
)  # fmt: skip
def test_what_is_no_seed_is_refused(typed: str) -> None:
    with pytest.raises(oath.BadSeed):
        oath.read_seed(typed)


def test_a_time_without_a_zone_has_no_step() -> None:
    with pytest.raises(ValueError, match="zone"):
        oath.step_at(NOW.replace(tzinfo=None), 30)


@pytest.mark.parametrize("minutes", [5, 60])
def test_the_same_code_later_is_nothing(minutes: int) -> None:
    code = of_standard(base64.b32decode(SEED), oath.step_at(NOW, 60), 6, Digest.SHA1)
    with pytest.raises(WrongCode):
        accept(SEED, Make(6, 60), code, NOW + timedelta(minutes=minutes), oath.NEVER)
