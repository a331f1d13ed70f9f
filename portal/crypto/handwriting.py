"""Codes that are written down by hand and typed again: Crockford's base 32, in groups of four."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
GROUP = 4
"""Letters that stand together."""


class BadCode(ValueError):
    """What was typed is not a code of this kind, or has a slip in it."""


def grouped(letters: str) -> str:
    """The letters in groups of four, with hyphens between."""
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def ungrouped(typed: str) -> str:
    """The letters of what was typed: any case, spaces or dashes; O read as 0, I and L as 1.

    Raises `BadCode` on a letter that no code holds, with words that say in which part it stands.
    """
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    letters = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Pd")
    for at, letter in enumerate(letters):
        if letter not in _VALUES:
            part = at // GROUP + 1
            raise BadCode(f"a code holds letters and digits only, and no U: look at part {part}")
    return letters


def to_letters(data: bytes) -> str:
    """Five bits a letter.  `data` must have a whole number of letters: a multiple of 5 bytes."""
    if len(data) % 5:
        raise ValueError("only multiples of five bytes can be written without padding")
    number = int.from_bytes(data, "big")
    count = len(data) * 8 // 5
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(count)))


def from_letters(letters: str) -> bytes:
    """The inverse of `to_letters`, for letters of `ungrouped`."""
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    return number.to_bytes(len(letters) * 5 // 8, "big")


def check_letter(letters: str) -> str:
    """One letter that shows every single wrong letter and every swap of two neighbours.

    A polynomial over GF(32) (x^5 + x^2 + 1), evaluated at its generator: the weights differ for
    up to 31 letters, so neither slip can cancel out.
    """
    value = 0
    for letter in letters:
        value = _doubled(value ^ _VALUES[letter])
    return ALPHABET[value]


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value
