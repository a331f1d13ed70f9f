"""Finds words in a bound file: on which pages, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium

from portal.documents.boxed import unlayer
from portal.documents.boxed.leaf import Shapes, contents, of_page
from portal.documents.boxed.readings import Readings
from portal.documents.boxed.verdict import RefusedError
from portal.documents.boxed.words import LINE_END_HYPHEN, Line

_AROUND: Final = 60  # characters before and after
_MOST_PAGES: Final = 300


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Where `asked["wanted"]` stands in the unstamped file `blobs[0]`; case and spacing aside.

    Answers pages (from 1) with how often, and the text before, the text found, the text after of
    the first time.
    """
    clear = unlayer.without_hidden(blobs[0])
    read = Readings(clear)
    if len(read.given) > int(asked["pages"]):
        raise RefusedError("too_many_pages")
    wanted = _plain(str(asked["wanted"]))
    shapes = Shapes(clear)
    found: list[list[object]] = []
    more = False
    for index in range(len(read.given)):
        hits = [
            _first(of_page(each, shapes, index), wanted)
            for each in read.of(index)
            if wanted and _may_hold(each[index], wanted)
        ]
        hit = max((each for each in hits if each), key=lambda each: each[0], default=None)
        if hit is None:
            continue
        if len(found) == _MOST_PAGES:
            more = True
            break
        found.append([index + 1, *hit])
    return contents(read.given) | {"found": found, "more": more}, []


def _may_hold(page: pdfium.PdfPage, wanted: str) -> bool:
    """Whether the page has the letters at all, in any spacing: quick, to pass over the others."""
    letters = page.get_textpage().get_text_range().translate({0x02: None, 0xFFFE: None})
    squeezed = "".join(letters.casefold().split()).replace("-", "").replace(LINE_END_HYPHEN, "")
    return "".join(wanted.split()).replace("-", "") in squeezed


def _first(paragraphs: list[list[Line]], wanted: str) -> tuple[int, str, str, str] | None:
    count, shown = 0, None
    for paragraph in paragraphs:
        ways = [_ready(text) for text in _ways(paragraph)]
        count += max(folded.count(wanted) for _, folded in ways)
        for text, folded in ways:
            if shown is None and (at := folded.find(wanted)) >= 0:
                end = at + len(wanted)
                shown = (text[max(0, at - _AROUND) : at], text[at:end], text[end : end + _AROUND])
    return None if shown is None else (count, *shown)


def _ways(paragraph: list[Line]) -> Iterator[str]:
    """A paragraph; where a line ends in a hyphen, without it, and with it."""
    text = " ".join(word.text for line in paragraph for word in line)
    yield text.replace(f"{LINE_END_HYPHEN} ", "").replace(LINE_END_HYPHEN, "")
    if LINE_END_HYPHEN in text:
        yield text.replace(f"{LINE_END_HYPHEN} ", "-").replace(LINE_END_HYPHEN, "-")


def _ready(text: str) -> tuple[str, str]:
    """The text to be shown and the one to be searched, letter for letter."""
    folded = text.casefold()
    return (text, folded) if len(folded) == len(text) else (folded, folded)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
