"""Finds the pages that are pictures without words, and photographs one to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from portal.documents.boxed.verdict import RefusedError

_DPI: Final = 200  # as sure as 300 on papers that were scanned in offices, in half the time
_LONGEST: Final = 3600  # pixels of the longer side
_DEEPEST: Final = 10


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Which pages of `blobs[0]` (from 1) hold a picture and no letter.

    With `asked["sheet"]`: that page in grey, as it is shown, as a PGM.
    """
    pdf = pdfium.PdfDocument(blobs[0])
    sheet = int(asked.get("sheet", 0))
    if sheet:
        return _photograph(pdf, sheet)
    found = [number for number in range(1, len(pdf) + 1) if is_picture(pdf[number - 1])]
    return {"pages": len(pdf), "pictures": found}, []


def is_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page holds a picture and no letter."""
    drawn = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=_DEEPEST)
    if not any(True for _ in drawn):
        return False
    return not page.get_textpage().get_text_bounded().strip()


def _photograph(pdf: pdfium.PdfDocument, sheet: int) -> tuple[dict[str, object], list[bytes]]:
    if not 1 <= sheet <= len(pdf):
        raise RefusedError("no_pages")
    page = pdf[sheet - 1]
    longest = max(page.get_size())
    if longest <= 0:
        raise RefusedError("page_size")
    scale = min(_DPI / 72, (_LONGEST - 1) / longest)
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
    head = b"P5\n%d %d\n255\n" % picture.size
    told: dict[str, object] = {"size": list(picture.size), "dpi": round(scale * 72)}
    return told, [head + picture.tobytes()]
