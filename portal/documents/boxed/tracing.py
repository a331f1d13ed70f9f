"""Looks through a leaked file for what may be the reference of a copy, and tells nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Pdf, Stream

_MOST: Final = 20_000  # characters of one page
_LARGEST: Final = 4 * 1024 * 1024
_TAGGED: Final = b"ref "


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Tell every piece of text in `blobs[0]` that has 12 letters of a reference in its shape.

    The caller's own expression says what that shape is. A file that one of the two readers cannot
    read may still be read by the other.
    """
    shape = re.compile(str(asked["shape"]))
    found: dict[str, None] = {}
    read = 0
    for source in (_said, _seen):
        try:
            for text in source(blobs[0], int(asked["pages"])):
                found |= dict.fromkeys(match[0] for match in shape.finditer(text))
            read += 1
        except (pikepdf.PdfError, pdfium.PdfiumError, ValueError, TypeError, AttributeError):
            continue
    if not read:
        return {"refused": "damaged"}, []
    return {"found": list(found)[: int(asked["most"])]}, []


def _said(pdf_clear: bytes, _pages: int) -> Iterator[str]:
    """The /ID and the metadata."""
    with Pdf.open(io.BytesIO(pdf_clear)) as pdf:
        for half in list(pdf.trailer.get("/ID", [])):
            if (sixteen := bytes(half)).startswith(_TAGGED):
                yield sixteen.removeprefix(_TAGGED).decode("ascii", "replace")
        words = pdf.Root.get("/Metadata")
        if isinstance(words, Stream):
            yield words.read_bytes()[:_LARGEST].decode("utf-8", "replace")
        for value in pdf.docinfo.values():
            yield str(value)[:_MOST]


def _seen(pdf_clear: bytes, pages: int) -> Iterator[str]:
    """The text of each page, as it is shown."""
    document = pdfium.PdfDocument(pdf_clear)
    for number in range(min(len(document), pages)):
        page = document[number]
        yield page.get_textpage().get_text_range()[-_MOST:]
        page.close()
