"""What changed between two versions of a paper, page by page.

Words are compared as they are read; what a page looks like, by a small grey drawing of it, so that
a picture that was exchanged beneath the same words is told too. Everything told is bounded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium

from portal.documents.boxed import frame, unlayer
from portal.documents.boxed.aligning import Leaf, pairs
from portal.documents.boxed.leaf import Shapes, of_page
from portal.documents.boxed.verdict import RefusedError
from portal.domain.differences import Piece, pieces

_SMALL: Final = 160  # pixels of the longer side of a drawing
_AROUND: Final = 10  # words that stay, told on either side of a change
_MOST_PIECES: Final = 80  # of one page
_MOST_LETTERS: Final = 1500  # of one piece
_MOST_DETAILS: Final = 200  # pages of which words are told
_MOST_PAIRS: Final = 200_000


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The file `blobs[0]` as it was beside `blobs[1]` as it is now.

    `asked["was"]` and `asked["now"]` are the first and the last sheet that count (from 1; 0 for
    the last there is). Answers [how, sheet before or 0, sheet now or 0, pieces, whether cut]; how
    is same, words, looks, added or removed.
    """
    was = _Paper(blobs[0], asked["was"], int(asked["pages"]))
    now = _Paper(blobs[1], asked["now"], int(asked["pages"]))
    told: list[list[object]] = []
    details = 0
    for one, other in pairs(was.leaves, now.leaves):
        how, found = _compared(was, now, one, other)
        details += bool(found)
        cut = len(found) > _MOST_PIECES or details > _MOST_DETAILS
        shown = [] if details > _MOST_DETAILS else found[:_MOST_PIECES]
        cut = cut or any(len(piece.text) > _MOST_LETTERS for piece in shown)
        told.append(
            [
                how,
                0 if one is None else was.sheet(one),
                0 if other is None else now.sheet(other),
                [[piece.how, piece.text[:_MOST_LETTERS]] for piece in shown],
                cut,
            ]
        )
    return {"pages": told}, []


class _Paper:
    """One version, opened: its pages in the range that counts."""

    def __init__(self, clear: bytes, counted: Sequence[int], most: int) -> None:
        clear = unlayer.without_hidden(clear)
        self._pdf = pdfium.PdfDocument(clear)
        if len(self._pdf) > most:
            raise RefusedError("too_many_pages")
        self._shapes = Shapes(clear)
        first, last = counted
        self._first = max(int(first), 1)
        sheets = range(self._first, min(int(last) or len(self._pdf), len(self._pdf)) + 1)
        self.leaves = [self._leaf(sheet - 1) for sheet in sheets]

    def sheet(self, place: int) -> int:
        return self._first + place

    def looks(self, place: int) -> str:
        """A digest of a small drawing of the page, without what its strips say."""
        index = self._first + place - 1
        page = self._pdf[index]
        longest = max(page.get_size())
        if longest <= 0:
            raise RefusedError("page_size")
        scale = min(1.0, _SMALL / longest)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        framed, unit = self._shapes.of(index)
        if framed:
            strip = int(frame.STRIP / unit * scale) + 1
            picture = picture.crop((0, strip, picture.width, picture.height - strip))
        return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()

    def _leaf(self, index: int) -> Leaf:
        words = tuple(
            word.text.replace("\u00ad", "")
            for paragraph in of_page(self._pdf, self._shapes, index)
            for line in paragraph
            for word in line
        )
        return Leaf(words) if words else Leaf((), self.looks(index + 1 - self._first))


def _compared(
    was: _Paper, now: _Paper, one: int | None, other: int | None
) -> tuple[str, list[Piece]]:
    if one is None or other is None:
        paper, place, how = (was, one, "removed") if other is None else (now, other, "added")
        text = " ".join(paper.leaves[place or 0].words)
        return how, [Piece(how, text)] if text else []
    before, after = was.leaves[one], now.leaves[other]
    if before.words != after.words:
        return "words", list(_in_context(pieces(before.words, after.words, _MOST_PAIRS)))
    return ("same" if was.looks(one) == now.looks(other) else "looks"), []


def _in_context(found: list[Piece]) -> Iterator[Piece]:
    """What stays is told by a few words beside each change."""
    for place, piece in enumerate(found):
        words = piece.text.split()
        if piece.how != "kept" or len(words) <= 2 * _AROUND:
            yield piece
            continue
        before = [] if place == 0 else words[:_AROUND]
        after = [] if place == len(found) - 1 else words[-_AROUND:]
        yield Piece("kept", " ".join([*before, "…", *after]))
