"""Which letters the fonts of our own pages have, and one that says so in place of any other.

Asked before anything is laid out: what is counted and what is printed are the same words.
"""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from portal.documents.fonts import fonts

UNKNOWN: Final = "\ufffd"
_BREAK: Final = "\u200b"  # a line may end here: a run of unknown letters would leave the page
_NEVER_DRAWN: Final = ("Cc", "Cf", "Zs", "Zl", "Zp")


def legible(text: str) -> str:
    """The text with U+FFFD for each character that no font has, and nothing joined to one.

    A mark or joiner behind it would stand on no letter. A line may break behind each of them.
    """
    missing = {each for each in set(text) if not each.isascii() and not _drawn(each)}
    return replaced(text, missing)


def replaced(text: str, missing: set[str]) -> str:
    """The text with U+FFFD for these characters, and without what is joined to one."""
    missing = missing | {UNKNOWN}
    if missing.isdisjoint(text):
        return text
    kept: list[str] = []
    bare = False
    for each in text:
        if bare and joins(each):
            continue
        bare = each in missing or (bare and each == _BREAK)
        kept.append(UNKNOWN + _BREAK if each in missing else each)
    return "".join(kept).replace(_BREAK + _BREAK, _BREAK)


def joins(each: str) -> bool:
    """Whether this may make one letter with its neighbour, which no font alone may have."""
    kind = unicodedata.category(each)
    if kind == "Cf":
        return each not in (_BREAK, "\u00ad")
    return kind[0] == "M" or kind == "Sk" or "\u1100" <= each <= "\u11ff"


def _drawn(each: str) -> bool:
    """Whether a font has it. What is never drawn needs none."""
    if each == UNKNOWN or unicodedata.category(each) in _NEVER_DRAWN:
        return True
    return bool(_known()[ord(each)]) or 0xFE00 <= ord(each) <= 0xFE0F


@functools.cache
def _known() -> bytes:
    """One byte for each code point: 1 where a font has a letter for it."""
    known = bytearray(0x110000)
    for font in fonts().fonts():
        if font.path is not None:
            with Path(font.path).open("rb") as file:
                for first, last in _ranges(file):
                    known[first : last + 1] = b"\1" * (last + 1 - first)
    return bytes(known)


def _ranges(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Code points with a letter, first and last, of a TrueType font (OpenType 1.9: cmap)."""
    (tables,) = struct.unpack(">4xH6x", file.read(12))
    entries = [struct.unpack(">4s4xLL", file.read(16)) for _ in range(tables)]
    at, length = next((at, length) for tag, at, length in entries if tag == b"cmap")
    file.seek(at)
    cmap = file.read(length)
    starts: dict[int, int] = {}
    for record in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, start = struct.unpack_from(">HHL", cmap, 4 + 8 * record)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            starts[struct.unpack_from(">H", cmap, start)[0]] = start
    # A font that has the long list repeats in it what stands in the short one.
    if 12 in starts:
        yield from _long(cmap, starts[12])
    elif 4 in starts:
        yield from _short(cmap[starts[4] :])


def _long(cmap: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Format 12: groups of code points with consecutive glyphs; glyph 0 is none."""
    (groups,) = struct.unpack_from(">L", cmap, start + 12)
    for first, last, glyph in struct.iter_unpack(
        ">LLL", cmap[start + 16 : start + 16 + 12 * groups]
    ):
        if glyph or last > first:
            yield first + (not glyph), last


def _short(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 4: segments, each with an offset to its glyphs or to a list of them."""
    (twice,) = struct.unpack_from(">H", table, 6)
    for at in range(0, twice, 2):
        (last,) = struct.unpack_from(">H", table, 14 + at)
        first, delta = (struct.unpack_from(">H", table, 16 + twice * n + at)[0] for n in (1, 2))
        place = 16 + 3 * twice + at
        (offset,) = struct.unpack_from(">H", table, place)
        for code in range(first, last + 1):
            glyph = (code + delta) % 0x10000
            if offset:
                there = place + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", table, there)
            if glyph:
                yield code, code
