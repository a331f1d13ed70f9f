"""One page of a bound file to be read: its words, and where in the file it stands."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
from pikepdf import Pdf

from portal.documents.boxed import frame, pagetree, unlayer, words
from portal.documents.boxed.verdict import RefusedError

_MOST_TABS: Final = 500


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Page `asked["page"]` (from 1) of the unstamped file `blobs[0]`; without words when 0 pages
    are that far."""
    clear = unlayer.without_hidden(blobs[0])
    pdf = pdfium.PdfDocument(clear)
    sheets = len(pdf)
    if sheets > int(asked["pages"]):
        raise RefusedError("too_many_pages")
    number = int(asked["page"])
    told = contents(pdf) | {"paragraphs": [], "size": [0, 0], "recognised": False}
    if 1 <= number <= sheets:
        shapes = Shapes(clear)
        told["size"] = _size(pdf, shapes, number - 1)
        told["recognised"] = shapes.recognised(number - 1)
        told["paragraphs"] = [
            [[word.told() for word in line] for line in paragraph]
            for paragraph in of_page(pdf, shapes, number - 1)
        ]
    return told, []


def contents(pdf: pdfium.PdfDocument) -> dict[str, object]:
    """What the file says of its pages: the numbers on them, and what begins where."""
    sheets = len(pdf)
    labels = [pdf.get_page_label(index) or str(index + 1) for index in range(sheets)]
    return {"labels": labels, "tabs": _tabs(pdf, sheets)}


class Shapes:
    """What pdfium does not tell of pages: whether they have strips, and how large a unit is."""

    def __init__(self, clear: bytes) -> None:
        self._pdf = Pdf.open(io.BytesIO(clear))

    def of(self, index: int) -> tuple[bool, float]:
        page = self._pdf.pages[index].obj
        return frame.FRAMED in page, pagetree.unit(page)

    def recognised(self, index: int) -> bool:
        """Whether the words of this page were read from a picture."""
        return words.RECOGNISED in self._pdf.pages[index].obj


def of_page(
    pdf: pdfium.PdfDocument, shapes: Shapes, index: int, *, whole: bool = False
) -> list[list[words.Line]]:
    """The paragraphs of the page at `index` (from 0). `whole`: all of them, or RefusedError."""
    framed, unit = shapes.of(index)
    return words.paragraphs(pdf[index], framed=framed, unit=unit, whole=whole)


def _size(pdf: pdfium.PdfDocument, shapes: Shapes, index: int) -> list[float]:
    """Width and height in points as its picture shows the page, strips and all."""
    framed, unit = shapes.of(index)
    wide, high = (side * unit for side in pdf[index].get_size())
    return [wide, high if framed else high + 2 * frame.STRIP]


def _tabs(pdf: pdfium.PdfDocument, sheets: int) -> list[list[object]]:
    found: list[list[object]] = []
    for bookmark in pdf.get_toc(max_depth=1):
        place = bookmark.get_dest()
        index = None if place is None else place.get_index()
        if index is not None and 0 <= index < sheets and len(found) < _MOST_TABS:
            found.append([bookmark.get_title(), index + 1])
    return found
