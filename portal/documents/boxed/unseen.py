"""Finds words that are in a page and that nobody sees on it (ISO 32000-1, 9.3.6 and 14.11.2).

Most letters stand on plain paper with nothing near them, and a first look proves that they are
seen. Where one is left in doubt, the page is drawn as it is, and once more without any letter. A
letter where the two pictures are alike paints nothing: it has the colour of what lies behind,
something covers it, it is see-through, cut away, or too fine. Letters in whose place others are
painted are tried by themselves, for the others show in both pictures. Letters that a scanner's
program laid over a picture of the same words are no secret; they are told apart by what the picture
shows there.
"""

from __future__ import annotations

from typing import Final

import pypdfium2 as pdfium

from portal.documents.boxed import piles
from portal.documents.boxed.glance import Glance
from portal.documents.boxed.glyphs import Glyph, glyphs_of, pictures_of
from portal.documents.boxed.pagetree import Box
from portal.documents.boxed.sight import Sight

KINDS: Final = ("off_page_text", "invisible_text", "tiny_text", "cropped_pictures", "scanned_text")
_TINY: Final = 1.0  # points, as shown
_A_WORD: Final = 3  # letters in a row; one alone may be a slip of a pen or of a program
_A_WORD_OF_A_SCAN: Final = 6  # the places of recognised letters are a guess
_CUT_OFF: Final = 0.2  # of a picture; less is the margin of a scan
_MOST_LETTERS: Final = 100_000  # of one page


def look(page: pdfium.PdfPage, unit: float, *, patterned: bool) -> set[str]:
    """The kinds of findings on a page whose unit is so many points, "not_looked_through" where it
    is too full. The page is not fit to be drawn afterwards."""
    crop = page.get_cropbox()
    shown = pictures_of(page)
    found = {"cropped_pictures"} if any(_is_cut(box, crop) for box in shown) else set[str]()
    glyphs, more = glyphs_of(page, _MOST_LETTERS)
    letters = [glyph for glyph in glyphs if not _outside(glyph.box, crop)]
    if len(letters) < len(glyphs):
        outside = (glyph for glyph in glyphs if _outside(glyph.box, crop))
        if sum(map(_counts, outside)) >= _A_WORD:
            found.add("off_page_text")
    large = [glyph for glyph in letters if glyph.paint.size * unit >= _TINY]
    if len(letters) - len(large) >= _A_WORD:
        found.add("tiny_text")
    try:
        found |= _unseen(page, large, shown, patterned=patterned) if large else set()
    except piles.TooHighError:
        more = True
    if more:
        found.add("not_looked_through")
    return found


def _unseen(
    page: pdfium.PdfPage, letters: list[Glyph], shown: list[Box], *, patterned: bool
) -> set[str]:
    glance = Glance(page, patterned=patterned)
    proven = [glance.proves(glyph) for glyph in letters]
    piled = piles.unseen_in(page, letters)
    proven = [seen and at not in piled for at, seen in enumerate(proven)]
    if _cannot_tell(letters, proven, bool(shown)):
        return set()
    sight = Sight(page, shown)
    scanned, runs, run = 0, [0], 0
    for at, (glyph, seen) in enumerate(zip(letters, proven, strict=True)):
        if seen or not (at in piled or sight.hides(glyph)):
            run = 0
        elif sight.is_scanned(glyph):
            scanned, run = scanned + 1, 0
        else:
            run += _counts(glyph)
            runs.append(run)
    found = {"scanned_text"} if scanned >= _A_WORD else set[str]()
    if max(runs) >= (_A_WORD_OF_A_SCAN if found else _A_WORD):
        found.add("invisible_text")
    return found


def _cannot_tell(letters: list[Glyph], proven: list[bool], over_pictures: bool) -> bool:
    """Whether too few letters are in doubt, and too far apart, for any finding."""
    if over_pictures and proven.count(False) >= _A_WORD:
        return False
    run = 0
    for glyph, seen in zip(letters, proven, strict=True):
        run = 0 if seen else run + _counts(glyph)
        if run >= _A_WORD:
            return False
    return True


def _counts(glyph: Glyph) -> int:
    return int(glyph.letter.isalnum())


def _outside(box: Box, crop: Box) -> bool:
    return box[2] < crop[0] or box[0] > crop[2] or box[3] < crop[1] or box[1] > crop[3]


def _is_cut(box: Box, crop: Box) -> bool:
    area = (box[2] - box[0]) * (box[3] - box[1])
    wide = min(box[2], crop[2]) - max(box[0], crop[0])
    high = min(box[3], crop[3]) - max(box[1], crop[1])
    return area > 0 and max(0.0, wide) * max(0.0, high) < area * (1 - _CUT_OFF)
