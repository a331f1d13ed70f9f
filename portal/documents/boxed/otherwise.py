"""Whether a page says other words than it paints (ISO 32000-1, 14.9.4).

A text that stands for letters serves screen readers and searches: it leaves out a hyphen, parts a
joined letter, or spells out a sign. Only whole runs of letters that the other side has nowhere on
the page are told, so that none of these is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pikepdf import Array, Dictionary, Pdf, String

from portal.documents.boxed.wording import folded

_A_WORD: Final = 3  # letters
_DEEPEST: Final = 20
_PICTURED: Final = frozenset({"/Figure", "/Formula"})  # what they say is nowhere as letters


def differs(given: pdfium.PdfPage, painted: pdfium.PdfPage, tagged: list[str]) -> bool:
    """Whether the words that this page says, or that its tags say for it, are not those it paints;
    `tagged`: what `by_page` has for it. Letters of which the file does not say which they are may
    be any."""
    shown, clear = _painted(painted)
    says = given.get_textpage().get_text_range()
    said, letters = folded(says), folded(shown)
    if any(word not in said for word in _words(shown)):
        return True
    if not clear:
        return False
    return any(
        word not in letters and word[::-1] not in letters
        for text in (says, *tagged)
        for word in _words(text)
    )


def by_page(pdf: Pdf) -> Mapping[int, list[str]]:
    """What the elements of the file's tags say for what is on a page (from 0)."""
    if "/StructTreeRoot" not in pdf.Root:
        return {}
    places = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    found: dict[int, list[str]] = {}
    for thing in pdf.objects:
        if not isinstance(thing, Dictionary) or "/ActualText" not in thing:
            continue
        says, page = thing.ActualText, _page_of(thing, 0)
        if isinstance(says, String) and str(thing.get("/S", "")) not in _PICTURED:
            index = places.get(page.objgen) if page is not None else None
            if index is not None:
                found.setdefault(index, []).append(str(says))
    return found


def _page_of(element: Dictionary, depth: int) -> Dictionary | None:
    page = element.get("/Pg")
    if isinstance(page, Dictionary):
        return page
    children = element.get("/K")
    for child in list(children) if isinstance(children, Array) else [children]:
        if isinstance(child, Dictionary) and depth < _DEEPEST:
            return _page_of(child, depth + 1)
    return None


def _painted(page: pdfium.PdfPage) -> tuple[str, bool]:
    """The words of which the letters are known, and whether all are."""
    text = page.get_textpage()
    known, clear = list[str](), True
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, number)
        if raw.FPDFText_HasUnicodeMapError(text, number) == 1:
            known.append(" ")
            clear = False
        elif 0 < code < 0xD800 or 0xE000 <= code < 0xFFFE:
            known.append("" if code == 2 else chr(code))
    return "".join(known), clear


def _words(text: str) -> Iterator[str]:
    for token in text.replace("\ufffe", "").replace("\x02", "").split():
        plain = folded(token)
        if len(plain) >= _A_WORD:
            yield plain
