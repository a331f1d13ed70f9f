from __future__ import annotations

import base64
import struct
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import mintotp  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity import totp
from portal.identity.totp import NEVER, Accepted, UsedCode, WrongCode, accept, canonical

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 5, 28, 9, 2, 12, tzinfo=UTC)


def other_generator(secret: str, step: int) -> str:
    return str(mintotp.hotp(secret, step))


@pytest.mark.parametrize(
    ("seconds", "digits8"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
     (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_rfc_6238_appendix_b(seconds: int, digits8: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert accept(RFC_SECRET, digits8[-6:], now, NEVER) == Accepted(seconds // 30)


@pytest.mark.real("independent TOTP")
@given(step=st.integers(min_value=1, max_value=2**32), drift=st.integers(-1, 1))
def test_codes_of_another_generator_pass_within_one_step(step: int, drift: int) -> None:
    secret = totp.new_secret()
    now = datetime.fromtimestamp(step * 30 + 7, UTC)
    assert accept(secret, other_generator(secret, step + drift), now, NEVER).step >= step - 1


@pytest.mark.real("independent TOTP")
@pytest.mark.parametrize("seconds", [-3600, -90, -61, 61, 90, 3600, 86400])
def test_more_drift_than_documented_is_refused(seconds: int) -> None:
    device = NOW.replace(second=0) + timedelta(seconds=seconds)
    code = other_generator(RFC_SECRET, totp.step_at(device))
    with pytest.raises(WrongCode):
        accept(RFC_SECRET, code, NOW.replace(second=0), NEVER)


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_one_success_ever(drift: int) -> None:
    step = totp.step_at(NOW) + drift
    code = other_generator(RFC_SECRET, step)
    assert accept(RFC_SECRET, code, NOW, NEVER) == Accepted(step)
    for later in range(0, 120, 5):
        with pytest.raises((UsedCode, WrongCode)):
            accept(RFC_SECRET, code, NOW + timedelta(seconds=later), step)


def test_an_earlier_code_dies_with_the_one_that_was_used() -> None:
    step = totp.step_at(NOW)
    with pytest.raises(UsedCode):
        accept(RFC_SECRET, other_generator(RFC_SECRET, step - 1), NOW, step)
    assert accept(RFC_SECRET, other_generator(RFC_SECRET, step + 1), NOW, step).step == step + 1


def test_the_wait_told_is_the_wait_there_is() -> None:
    step = totp.step_at(NOW)
    code = other_generator(RFC_SECRET, step)
    with pytest.raises(UsedCode) as used:
        accept(RFC_SECRET, code, NOW, step)
    assert used.value.seconds_to_next == 18
    then = NOW + timedelta(seconds=18)
    assert accept(RFC_SECRET, other_generator(RFC_SECRET, step + 1), then, step).step == step + 1


def test_the_wait_after_a_fast_clock_was_put_right() -> None:
    # A code of the step after next is on record; the one after it comes in two steps.
    step = totp.step_at(NOW)
    with pytest.raises(UsedCode) as used:
        accept(RFC_SECRET, other_generator(RFC_SECRET, step), NOW, step + 2)
    assert used.value.seconds_to_next == 48


@given(st.integers(0, 2**32), st.integers(0, 29))
def test_the_wait_is_never_nothing(step: int, second: int) -> None:
    now = datetime.fromtimestamp(step * 30 + second, UTC)
    with pytest.raises(UsedCode) as used:
        accept(RFC_SECRET, other_generator(RFC_SECRET, step), now, step + 1)
    assert 1 <= used.value.seconds_to_next <= 60


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("1 2 3 4 5 6", "123456"),
        ("000000", "000000"),
    ],
)
def test_ordinary_spaces_are_all_that_is_removed(typed: str, code: str) -> None:
    assert canonical(typed) == code


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12345", "1234567", "0123456", "+123456", "-123456", "123456+", "12345a",
     "１２３４５６", "12345６", "١٢٣٤٥٦",
     "123\t456", "123\n456", "123456\n", "123\u00a0456", "123\u2009456",
     "123\u200b456", "123-456", "123_456", "1e5", "0x1234", "123456\x00", "1" * 10_000,
     " " * 40 + "123456", "𝟏𝟐𝟑𝟒𝟓𝟔", "¹²³⁴⁵⁶"],
)  # fmt: skip
def test_every_other_spelling_is_refused(typed: str) -> None:
    assert canonical(typed) is None
    with pytest.raises(WrongCode):
        accept(RFC_SECRET, typed, NOW, NEVER)


@given(st.text(max_size=40))
def test_what_is_accepted_has_one_spelling(typed: str) -> None:
    code = canonical(typed)
    if code is not None:
        assert code.isascii()
        assert code.isdigit()
        assert len(code) == 6
        assert typed.replace(" ", "") == code


def test_replay_in_another_spelling_is_still_a_replay() -> None:
    step = totp.step_at(NOW)
    code = other_generator(RFC_SECRET, step)
    with pytest.raises(UsedCode):
        accept(RFC_SECRET, f" {code[:3]} {code[3:]} ", NOW, step)
    for other in ("0" + code, "+" + code, code.translate({48 + n: 0xFF10 + n for n in range(10)})):
        with pytest.raises(WrongCode):
            accept(RFC_SECRET, other, NOW, step)


def test_a_wrong_code_and_a_strangers_code_are_refused() -> None:
    step = totp.step_at(NOW)
    right = {other_generator(RFC_SECRET, step + drift) for drift in (-1, 0, 1)}
    wrong = next(code for n in range(10) if (code := f"{n:06}") not in right)
    with pytest.raises(WrongCode):
        accept(RFC_SECRET, wrong, NOW, NEVER)


@pytest.mark.parametrize("secret", ["", "A" * 16, "A" * 31, "a" * 32, "A" * 31 + "1", "A" * 33])
def test_a_short_or_broken_secret_accepts_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match="32 base32"):
        accept(secret, "000000", NOW, NEVER)
    with pytest.raises(ValueError, match="32 base32"):
        totp.uri(secret, "a@example.org", "Portal")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        accept(RFC_SECRET, "000000", NOW.replace(tzinfo=None), NEVER)


def test_the_first_minute_of_time_has_no_step_before() -> None:
    code = other_generator(RFC_SECRET, 0)
    assert accept(RFC_SECRET, code, datetime.fromtimestamp(3, UTC), NEVER) == Accepted(0)


def test_secrets_are_160_bits_and_differ() -> None:
    made = {totp.new_secret() for _ in range(200)}
    assert len(made) == 200
    assert {len(base64.b32decode(secret)) for secret in made} == {20}
    assert totp.grouped("ABCDEFGHIJ") == "ABCD EFGH IJ"


def test_the_address_cannot_be_broken_by_its_parts() -> None:
    address = totp.uri(RFC_SECRET, "o'neil+x&secret=AAAA@example.org", "Portal & Co?x=1#y")
    parts = urlsplit(address)
    asked = parse_qs(parts.query, strict_parsing=True)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("otpauth", "totp", "")
    assert asked["secret"] == [RFC_SECRET]
    assert asked["issuer"] == ["Portal & Co?x=1#y"]
    assert unquote(parts.path).endswith("o'neil+x&secret=AAAA@example.org")


def test_the_picture_is_a_png() -> None:
    png = totp.qr_png(totp.uri(RFC_SECRET, "a@example.org", "MAPPA portal"))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width == height >= 200
    assert zlib.crc32(png[12:29]) == struct.unpack(">I", png[29:33])[0]
