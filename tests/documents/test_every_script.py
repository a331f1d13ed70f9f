"""Names in any script: whose letters our fonts have, and that no other letter is an error."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pytest

from portal.documents.letters import UNKNOWN, legible
from portal.documents.outlines import outline
from tests.documents.scripts import RARE, UNWRITTEN, WRITTEN

EVERY: Final = 172  # values of Script in Unicode 17.0, without Common, Inherited and Unknown
# How names of letters begin that belong to no script, or to one under another name.
OTHERWISE: Final = {
    "Hiragana": ("HENTAIGANA",),
    "Han": ("IDEOGRAPHIC", "OLD CHINESE"),
    "Hangul": ("HALFWIDTH HANGUL",),
    "Katakana": ("HALFWIDTH KATAKANA",),
    "Latin": ("FULLWIDTH LATIN", "SUPERSCRIPT LATIN", "KELVIN", "ANGSTROM", "TURNED", "ROMAN"),
    "Meroitic_Hieroglyphs": ("MEROITIC HIEROGLYPHIC",),
    "Egyptian_Hieroglyphs": ("EGYPTIAN HIEROGLYPH",),
    "Anatolian_Hieroglyphs": ("ANATOLIAN HIEROGLYPH",),
    "Common": (
        "MATHEMATICAL", "MODIFIER", "FEMININE", "MASCULINE", "MICRO", "OHM", "DOUBLE", "BLACK",
        "SCRIPT", "PLANCK", "ALEF", "BET SYMBOL", "GIMEL", "DALET", "INFORMATION", "VERTICAL",
        "MASU", "VEDIC", "EULER", "CARON",
    ),
}  # fmt: skip


def _begins() -> tuple[str, ...]:
    own = [prefix for prefix, _ in WRITTEN.values()]
    old = [re.sub("[_-]", " ", name).upper() for name in UNWRITTEN]
    return (*own, *old, *(each for some in OTHERWISE.values() for each in some), "ARABIC")


def _is_rare(code: int) -> bool:
    return any(first <= code <= last for first, last in RARE)


def _letters(begins: str) -> str:
    # A script's name may begin another's: the letters of Vai and of Thai are none of these.
    return "".join(
        letter
        for letter in map(chr, range(0x110000))
        if unicodedata.category(letter)[0] == "L"
        and unicodedata.name(letter, "").startswith((begins + " ", begins + "-"))
        and not _is_rare(ord(letter))
    )


def test_every_script_is_either_written_or_said_not_to_be() -> None:
    assert not WRITTEN.keys() & UNWRITTEN.keys()
    assert len(WRITTEN) + len(UNWRITTEN) == EVERY


def test_no_letter_of_unicode_belongs_to_a_script_that_neither_list_names() -> None:
    begins = _begins()
    unknown = {
        name.split(" LETTER")[0]
        for code in range(0x110000)
        if unicodedata.category(chr(code))[0] == "L"
        and (name := unicodedata.name(chr(code), "").replace("-", " "))
        and not name.startswith(begins)
    }
    assert unknown == set()


@pytest.mark.parametrize("script", WRITTEN)
def test_every_letter_of_the_script_has_a_drawing(script: str) -> None:
    begins, name = WRITTEN[script]
    letters = _letters(begins)
    missing = {letter for letter in letters if legible(letter) != letter}
    assert letters or script == "Braille"  # its signs are no letters to Unicode
    assert [f"{ord(each):04x}" for each in sorted(missing)] == []
    assert legible(name) == name


@pytest.mark.parametrize("script", WRITTEN)
def test_a_name_is_drawn_with_letters_of_its_own(script: str) -> None:
    """Not the box that stands for a letter no font has."""
    box = outline("\ue000").steps
    name = WRITTEN[script][1]
    letters = [each for each in name if unicodedata.category(each)[0] in "LS"]
    assert letters
    for letter in letters:
        assert outline(letter).steps not in (b"", box)
    assert outline(name).width > 5


@pytest.mark.parametrize("script", UNWRITTEN)
def test_a_letter_without_a_drawing_is_a_box_and_no_error(script: str) -> None:
    """Were a font of it here, the list would be untrue."""
    letter = chr(UNWRITTEN[script])
    assert legible(letter).startswith(UNKNOWN)
    assert outline(letter * 3).width > 0
