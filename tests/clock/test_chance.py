"""Identifiers: their form, and that no two are alike."""

from __future__ import annotations

import base64
import re

from portal.chance import ID_LENGTH, new_id


def test_an_identifier_is_26_lowercase_base32_characters_of_128_bits() -> None:
    for made in (new_id() for _ in range(200)):
        assert re.fullmatch(r"[a-z2-7]{26}", made)
        assert len(made) == ID_LENGTH
        assert len(base64.b32decode(made.upper() + "======")) == 16


def test_no_two_are_alike_and_every_bit_is_drawn() -> None:
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == len(made)
    drawn = [int.from_bytes(base64.b32decode(each.upper() + "======")) for each in made]
    for bit in range(128):
        ones = sum(number >> bit & 1 for number in drawn)
        assert 700 < ones < 1300, bit
