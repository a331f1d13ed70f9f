"""Reads page instructions, and closes what they leave open.

What is painted after a page's own instructions (the marking, the page number, the reader's
name) must not be turned, hidden or swallowed by them. So every page ends as it began: graphics
states, text objects and marked content are closed, and unfinished tokens are written out whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pikepdf
from pikepdf import Array, Page, Pdf, Stream

from portal.documents.boxed.verdict import RefusedError

_BALANCE: Final = "q Q BT ET BMC BDC EMC"


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


def settle(pdf: Pdf, pages: list[Page], most: int) -> None:
    """Close every page's instructions.

    `most` bounds what all of them together unpack to, in bytes. Raises RefusedError
    `too_heavy` beyond it.
    """
    left = most
    for page in pages:
        left -= _blank_outside(page)
        if left < 0:
            raise RefusedError("too_heavy")
        before = len(pdf.get_warnings())
        steps = list(pikepdf.parse_content_stream(page, _BALANCE))
        if len(pdf.get_warnings()) > before:
            whole = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
            page.obj.Contents = pdf.make_stream(whole)
        level = _Level()
        for step in steps:
            level.step(str(step.operator))
        _close(pdf, page, level)


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
