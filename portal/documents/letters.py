"""Which letters the fonts of our own pages have, and one that says so in place of any other.

Asked before anything is laid out: what is counted and what is printed are the same words.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

from uharfbuzz import Blob, Face

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
    return ord(each) in _known() or 0xFE00 <= ord(each) <= 0xFE0F


@functools.cache
def _known() -> frozenset[int]:
    """The code points that a font has a letter for."""
    paths = [font.path for font in fonts().fonts() if font.path is not None]
    faces = (Face(Blob.from_file_path(str(path))) for path in paths)
    return frozenset().union(*(face.unicodes for face in faces))
