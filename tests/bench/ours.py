"""A pack to measure with: invented pages, incompressible pictures, about 20 MB and 200 pages."""

from __future__ import annotations

import io
import os
import random
from functools import cache
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream
from PIL import Image

from portal.documents.bind import Bound, Front, Paper, bind
from portal.documents.intake import examine

PAPERS, PAGES, BYTES_A_PAGE = 12, 200, 100_000
FRONT = Front("Meeting pack", "NMR/26/0117-P1", "Level 2 meeting on 14 May 2026")
COVER = 2


def a_paper(pages: int, seed: int) -> bytes:
    """Pages with a picture and a paragraph each, as a scanner or a word processor makes them."""
    chance, pdf = random.Random(seed), Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in range(pages):
        side = 186
        noise = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
        jpeg = io.BytesIO()
        noise.save(jpeg, "JPEG", quality=97, subsampling=0)
        picture = Stream(
            pdf,
            jpeg.getvalue(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=side,
            Height=side,
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        words = b"BT /F1 11 Tf 60 780 Td 14 TL (Page %d of an invented report) Tj " % number
        words += b"T* (The plan was read out and agreed, and is kept under review.) Tj " * 30
        made = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 595, 842]),
            Resources=Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im=picture)),
            Contents=Stream(pdf, words + b"ET q 300 0 0 300 150 40 cm /Im Do Q"),
        )
        pdf.pages.append(Page(pdf.make_indirect(made)))
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@cache
def uploads() -> tuple[bytes, ...]:
    """Twelve papers. Real ones are taken where PORTAL_SAMPLE_PAPERS names a folder of PDFs."""
    folder = os.environ.get("PORTAL_SAMPLE_PAPERS")
    found = sorted(Path(folder).glob("*.pdf"))[:PAPERS] if folder else []
    if found:
        return tuple(file.read_bytes() for file in found)
    each = (PAGES - COVER) // PAPERS
    counts = [each] * (PAPERS - 1) + [PAGES - COVER - each * (PAPERS - 1)]
    return tuple(a_paper(count, seed) for seed, count in enumerate(counts))


@cache
def accepted() -> tuple[Paper, ...]:
    found = [examine(upload) for upload in uploads()]
    return tuple(
        Paper(tab, f"Report {tab}", "Probation Service", one.pdf_clear, one.pages)
        for tab, one in enumerate(found, 1)
    )


@cache
def pack() -> Bound:
    return bind(FRONT, accepted())
