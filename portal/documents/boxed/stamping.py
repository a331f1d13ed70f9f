"""Paints one reader's mark on every page of a copy."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from pikepdf import Array, Object, Page, Pdf, String

from portal.documents.boxed import frame, pagetree, sanitise
from portal.documents.boxed.titles import entitle


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Stamp the file `blobs[0]` with the overlay `blobs[1]`: footer, diagonal, perhaps PREVIEW.

    The copy's reference stands in the metadata, and its SHA-256 (first 16 bytes) as the first
    half of /ID, which most programs keep when they save the file again.
    """
    reference = str(asked["reference"])
    with Pdf.open(io.BytesIO(blobs[0])) as pdf, Pdf.open(io.BytesIO(blobs[1])) as overlay:
        footer, *across = (pdf.copy_foreign(page.as_form_xobject()) for page in overlay.pages)
        pages = pagetree.flatten(pdf, int(asked["pages"]))
        for page in pages:
            frame.grow(pdf, page)
            frame.own_resources(page)
            frame.paint(pdf, page, _marks(page, footer, across), "Watermark")
        title = str(pdf.docinfo.get("/Title", "")) or "Paper"
        entitle(pdf, title, identifier=reference, holder=str(asked["holder"]))
        first = hashlib.sha256(reference.encode()).digest()[:16]
        pdf.trailer.ID = Array([String(first), String(first)])
        out = io.BytesIO()
        sanitise.save(pdf, out)
        return {"sheets": len(pages)}, [out.getvalue()]


def _marks(page: Page, footer: Object, across: Sequence[Object]) -> list[frame.Put]:
    sheet = frame.sheet_of(page)
    margin = min(frame.MARGIN, sheet.width / 10)
    wide, _ = frame.size_of(footer)
    puts = [frame.Put(footer, margin, 4.0, min(1.0, (sheet.width - 2 * margin) / wide))]
    angle = math.atan2(sheet.height, sheet.width)
    reach = math.hypot(sheet.width, sheet.height)
    for drawing in across:
        wide, high = frame.size_of(drawing)
        scale = min(0.6 * reach / wide, 0.5 * min(sheet.width, sheet.height) / high)
        sine, cosine = math.sin(angle), math.cos(angle)
        # The drawing's own middle comes to rest in the middle of the page.
        x = sheet.width / 2 - scale * (wide * cosine - high * sine) / 2
        y = sheet.height / 2 - scale * (wide * sine + high * cosine) / 2
        puts.append(frame.Put(drawing, x, y, scale, sine, cosine))
    return puts
