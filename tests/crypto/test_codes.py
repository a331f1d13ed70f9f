"""Codes on paper, and words: made to be copied by hand, refused with a slip."""

from __future__ import annotations

import re
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto import backup_codes, card_codes, handwriting, unlock
from portal.crypto.fingerprint import fingerprint, passphrase_words, words
from portal.crypto.handwriting import ALPHABET, BadCode
from tests.crypto.naming import by_type

SALT, PEPPER = bytes(range(16)), bytes(range(32))
CODE = unlock.new_recovery_code()
RAW = unlock.parse_recovery_code(CODE)
WRITTEN = "Y1Z7-XF92-2VD8-VX93-XS35-XCJ1-3GAV-ZW12-T8YN"
"""A code that is always the same: which part a slip is in is told wrongly once in a thousand."""


def test_a_recovery_code_has_160_bits_in_groups_of_four() -> None:
    assert re.fullmatch(rf"(?:[{ALPHABET}]{{4}}-){{8}}[{ALPHABET}]{{4}}", CODE)
    assert len(RAW) == 20
    assert len({unlock.new_recovery_code() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        CODE.replace("-", " "),
        CODE.replace("-", ""),
        CODE.replace("-", " – "),
        f"  {CODE}\n",
        CODE.replace("0", "O").replace("1", "I"),
        CODE.replace("0", "o").replace("1", "l"),
        "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in CODE),
    ],
    ids=by_type,
)
def test_a_recovery_code_is_read_as_people_write(typed: str) -> None:
    assert unlock.parse_recovery_code(typed) == RAW


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 35), letter=st.sampled_from(ALPHABET))
def test_a_wrong_letter_is_found(at: int, letter: str) -> None:
    letters = CODE.replace("-", "")
    changed = letters[:at] + letter + letters[at + 1 :]
    if changed != letters:
        with pytest.raises(BadCode):
            unlock.parse_recovery_code(changed)


@pytest.mark.parametrize("at", range(0, 35, 3))
@pytest.mark.parametrize("slip", ["letter", "swap"])
def test_the_part_with_the_slip_is_told(at: int, slip: str) -> None:
    letters = WRITTEN.replace("-", "")
    wrong = ("9" if letters[at] != "9" else "8") + letters[at + 1]
    if slip == "swap":
        wrong = letters[at + 1] + letters[at]
    changed = letters[:at] + wrong + letters[at + 2 :]
    assert changed != letters
    with pytest.raises(BadCode, match=f"slip in part {at // 4 + 1} of this"):
        unlock.parse_recovery_code(handwriting.grouped(changed).lower())


def test_of_more_than_one_slip_no_part_is_named() -> None:
    with pytest.raises(BadCode, match="slip in this recovery code"):
        unlock.parse_recovery_code("A" * 36)


@pytest.mark.parametrize(("at", "part"), [(0, 1), (3, 1), (4, 2), (35, 9)])
def test_a_letter_that_no_code_holds_is_told_with_its_part(at: int, part: int) -> None:
    letters = CODE.replace("-", "")
    with pytest.raises(BadCode, match=f"no U: look at part {part}"):
        unlock.parse_recovery_code(letters[:at] + "U" + letters[at + 1 :])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        CODE[:-1],
        CODE + "A",
        CODE[5:],
        CODE * 2,
        "U" + CODE[1:],
        "é" + CODE[1:],
        "*" * 36,
        "١" + CODE[1:],
        CODE.replace("-", "_"),
        CODE.replace("-", "."),
    ],
    ids=by_type,
)
def test_other_text_is_no_recovery_code(typed: str) -> None:
    with pytest.raises(BadCode) as caught:
        unlock.parse_recovery_code(typed)
    assert CODE[:9] not in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40).map(lambda data: data[: len(data) // 5 * 5]))
def test_letters_round_trip(data: bytes) -> None:
    assert handwriting.from_letters(handwriting.to_letters(data)) == data


def test_letters_need_whole_groups() -> None:
    with pytest.raises(ValueError, match="five"):
        handwriting.to_letters(b"1234")


@settings(max_examples=150, deadline=None)
@given(st.text(ALPHABET, min_size=2, max_size=31), st.integers(0, 30), st.sampled_from(ALPHABET))
def test_check_letter_shows_every_single_slip(letters: str, at: int, letter: str) -> None:
    at %= len(letters)
    check = handwriting.check_letter(letters)
    wrong = letters[:at] + letter + letters[at + 1 :]
    assert (handwriting.check_letter(wrong) == check) == (wrong == letters)
    if at + 1 < len(letters):
        swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
        assert (handwriting.check_letter(swapped) == check) == (swapped == letters)


# ---- backup codes ----


def test_backup_codes_match_once_each_and_cost_one_derivation() -> None:
    codes = backup_codes.new_codes()
    assert len(set(codes)) == 10
    hashes = [backup_codes.hash_code(code, SALT, PEPPER) for code in codes]
    assert len(set(hashes)) == 10
    assert backup_codes.matches(codes[7].lower().replace("-", " "), hashes, SALT, PEPPER) == 7
    assert backup_codes.matches(codes[7], hashes[:7], SALT, PEPPER) is None
    assert backup_codes.matches(codes[0], [], SALT, PEPPER) is None
    assert backup_codes.matches(codes[0], hashes, bytes(16), PEPPER) is None
    assert backup_codes.matches(codes[0], hashes, SALT, bytes(32)) is None
    (stranger,) = backup_codes.new_codes(1)
    assert backup_codes.matches(stranger, hashes, SALT, PEPPER) is None


def test_a_backup_code_has_55_random_bits() -> None:
    (code,) = backup_codes.new_codes(1)
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert len(set(backup_codes.new_codes(500))) == 500


def test_a_slip_in_a_backup_code_is_told_before_any_work() -> None:
    (code,) = backup_codes.new_codes(1)
    other = "2" if code[0] != "2" else "3"
    for typed in (other + code[1:], code[:-1], code + "0", "", "U" + code[1:], code * 2):
        with pytest.raises(BadCode):
            backup_codes.matches(typed, [bytes(32)], SALT, PEPPER)


def test_the_two_kinds_of_codes_cannot_be_taken_for_each_other() -> None:
    (code,) = backup_codes.new_codes(1)
    with pytest.raises(BadCode):
        unlock.parse_recovery_code(code)
    with pytest.raises(BadCode):
        backup_codes.hash_code(CODE, SALT, PEPPER)


# ---- words ----


def test_a_fingerprint_changes_with_either_key() -> None:
    one = fingerprint(b"r" * 1216, b"s" * 32)
    assert re.fullmatch(r"[0-9a-f]{64}", one)
    assert one == fingerprint(b"r" * 1216, b"s" * 32)
    assert one != fingerprint(b"r" * 1215 + b"x", b"s" * 32)
    assert one != fingerprint(b"r" * 1216, b"s" * 31 + b"x")
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")


def test_six_words_of_a_fingerprint() -> None:
    one = words("ab" * 32)
    assert len(one) == 6
    assert one == words("ab" * 32)
    assert all(re.fullmatch(r"[a-z-]+", word) for word in one)
    assert one != words("ab" * 31 + "ac")
    seen = {words(secrets.token_hex(32)) for _ in range(500)}
    assert len(seen) == 500
    assert len({word for six in seen for word in six}) > 2000


@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, "ab" * 33], ids=by_type)
def test_words_need_a_whole_fingerprint(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        words(text)


def test_passphrases_of_words() -> None:
    assert len(passphrase_words().split(" ")) == 5
    assert len(passphrase_words(7).split(" ")) == 7
    assert len({passphrase_words() for _ in range(200)}) == 200
    for n in (-1, 0, 4):
        with pytest.raises(ValueError, match="five"):
            passphrase_words(n)


def test_card_codes_match_once_each_under_any_pepper() -> None:
    codes = card_codes.new_codes(40)
    assert all(len(code) == 9 and not code.replace("-", "").isdigit() for code in codes)
    hashes = [card_codes.hash_code(code, SALT, PEPPER) for code in codes]
    typed = codes[16].lower().replace("-", " ")
    assert card_codes.matches(typed, hashes, SALT, PEPPER) == 16
    assert card_codes.matches(codes[16], hashes, SALT, bytes(32), PEPPER) == 16
    assert card_codes.matches(codes[16], hashes, SALT, bytes(32)) is None
    assert card_codes.matches(codes[16], hashes[:16], SALT, PEPPER) is None
    assert card_codes.matches(codes[16], hashes, bytes(16), PEPPER) is None


def test_a_card_code_is_no_backup_code() -> None:
    (card,), (backup,) = card_codes.new_codes(1), backup_codes.new_codes(1)
    with pytest.raises(backup_codes.BadCode):
        backup_codes.hash_code(card, SALT, PEPPER)
    with pytest.raises(card_codes.BadCode):
        card_codes.hash_code(backup, SALT, PEPPER)


def test_a_slip_in_a_card_code_costs_no_derivation() -> None:
    (code,) = card_codes.new_codes(1)
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    with pytest.raises(card_codes.BadCode):
        card_codes.matches(wrong, [bytes(32)], SALT, PEPPER)
