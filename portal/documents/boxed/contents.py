"""Reads page instructions: closes what they leave open, and sees text that people do not.

What is painted after a page's own instructions (the marking, the page number, the reader's
name) must not be turned, hidden or swallowed by them. So every page ends as it began: graphics
states, text objects and marked content are closed, and unfinished tokens are written out whole.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pikepdf
from pikepdf import Array, Object, Page, Pdf, Stream

from portal.documents.boxed.pagetree import Box, crop_of
from portal.documents.boxed.verdict import RefusedError

Steps = Sequence[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]
Matrix = tuple[float, float, float, float, float, float]
_LOOKED_AT: Final = "q Q BT ET BMC BDC EMC cm Tm Td TD T* TL Tf Tr Tj TJ ' \""
_BALANCE: Final = "q Q BT ET BMC BDC EMC"
_PAINTS: Final = {"Tj", "TJ", "'", '"'}
_SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SECONDS_TO_LOOK: Final = 2.0
_LARGEST_TO_LOOK: Final = 4 * 1024 * 1024


@dataclass
class Seen:
    """Pages with text outside the edges, with invisible text, and not looked through."""

    off_page: int = 0
    invisible: int = 0
    unread: int = 0


@dataclass
class _Level:
    """What is open at one point of a page's instructions."""

    states: int = 0
    fewest: int = 0
    text: bool = False
    marks: int = 0

    def step(self, operator: str) -> None:
        if operator == "q":
            self.states += 1
        elif operator == "Q":
            self.states -= 1
            self.fewest = min(self.fewest, self.states)
        elif operator in {"BT", "ET"}:
            self.text = operator == "BT"
        elif operator == "EMC":
            self.marks = max(0, self.marks - 1)
        elif operator in {"BMC", "BDC"}:
            self.marks += 1


def settle(pdf: Pdf, pages: list[Page], most: int) -> Seen:
    """Close every page's instructions and tell what was seen in them.

    `most` bounds what all of them together unpack to, in bytes. Raises RefusedError
    `too_heavy` beyond it.
    """
    seen, until, left = Seen(), time.process_time() + _SECONDS_TO_LOOK, most
    for page in pages:
        size = _blank_outside(page)
        left -= size
        if left < 0:
            raise RefusedError("too_heavy")
        look = time.process_time() < until and size < _LARGEST_TO_LOOK
        before = len(pdf.get_warnings())
        steps = list(pikepdf.parse_content_stream(page, _LOOKED_AT if look else _BALANCE))
        if len(pdf.get_warnings()) > before:
            whole = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
            page.obj.Contents = pdf.make_stream(whole)
        level = _Level()
        for step in steps:
            level.step(str(step.operator))
        _close(pdf, page, level)
        if look:
            eye = _Eye(crop_of(page.obj))
            eye.follow(steps)
            seen.off_page += eye.off_page
            seen.invisible += eye.invisible
        else:
            seen.unread += 1
    return seen


def _blank_outside(page: Page) -> int:
    """Blank streams whose data is elsewhere; return the unpacked size of the rest in bytes."""
    contents = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, Array) else [contents]
    good = []
    for part in parts:
        if isinstance(part, Stream):
            if "/F" in part:
                part.write(b"")
                del part["/F"]
            good.append(part)
    page.obj.Contents = Array(good)
    return sum(_size(part) for part in good)


def _size(stream: Stream) -> int:
    try:
        return len(stream.read_bytes())
    except pikepdf.DataDecodingError as error:
        if "limit exceeded" in str(error):
            raise RefusedError("too_heavy") from error
        raise RefusedError("damaged") from error


def _close(pdf: Pdf, page: Page, level: _Level) -> None:
    under, over = -level.fewest, level.states - level.fewest
    if not (under or over or level.text or level.marks):
        return
    if under:
        page.contents_add(pdf.make_stream(b"q " * under + b"\n"), prepend=True)
    tail = b"\n" + b"ET " * level.text + b"EMC " * level.marks + b"Q " * over + b"\n"
    page.contents_add(pdf.make_stream(tail))


@dataclass
class _Eye:
    """Follows where text is painted, roughly: the start of each run, not its length."""

    crop: Box
    off_page: bool = False
    invisible: bool = False
    _matrix: Matrix = _SAME
    _line: Matrix = _SAME
    _leading: float = 0.0
    _mode: int = 0
    _kept: list[tuple[Matrix, float, int]] = field(default_factory=list)

    def follow(self, steps: Steps) -> None:
        for step in steps:
            operator = str(step.operator)
            try:
                self._step(operator, list(step.operands))
            except (TypeError, ValueError, IndexError, ArithmeticError):
                continue  # Numbers that are no numbers paint nothing a reader can place.

    def _step(self, operator: str, given: Sequence[Object]) -> None:
        if operator == "q":
            if len(self._kept) < 1000:
                self._kept.append((self._matrix, self._leading, self._mode))
        elif operator == "Q":
            if self._kept:
                self._matrix, self._leading, self._mode = self._kept.pop()
        elif operator == "cm":
            self._matrix = _times(_six(given), self._matrix)
        elif operator == "Tr":
            self._mode = int(given[0])
        else:
            self._text(operator, given)

    def _text(self, operator: str, given: Sequence[Object]) -> None:
        if operator == "BT":
            self._line = _SAME
        elif operator == "Tm":
            self._line = _six(given)
        elif operator == "TL":
            self._leading = float(given[0])
        elif operator in {"Td", "TD"}:
            across, up = float(given[0]), float(given[1])
            if operator == "TD":
                self._leading = -up
            self._line = _times((1, 0, 0, 1, across, up), self._line)
        if operator in {"T*", "'", '"'}:
            self._line = _times((1, 0, 0, 1, 0, -self._leading), self._line)
        if operator in _PAINTS and _says_something(given):
            self._paint()

    def _paint(self) -> None:
        x, y = _times(self._line, self._matrix)[4:]
        left, bottom, right, top = self.crop
        if not (left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1):
            self.off_page = True
        if self._mode in {3, 7}:
            self.invisible = True


def _says_something(given: Sequence[Object]) -> bool:
    last = given[-1]
    parts = list(last) if isinstance(last, Array) else [last]
    return any(bytes(part).strip() for part in parts if isinstance(part, pikepdf.String))


def _six(given: Sequence[Object]) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in list(given)[:6])
    return (a, b, c, d, e, f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
