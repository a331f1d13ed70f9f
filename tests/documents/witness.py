"""What a picture of a page shows, by a program that knows nothing of the file but its picture."""

from __future__ import annotations

import io
import subprocess

import pypdfium2

from portal.documents.boxed.wording import folded

SCALE = 4


def seen(pdf_clear: bytes, sheet: int) -> str:
    """The letters of a page (from 1) as they are recognised, without spaces or case."""
    document = pypdfium2.PdfDocument(pdf_clear)
    try:
        picture = document[sheet - 1].render(scale=SCALE).to_pil().convert("L")
    finally:
        document.close()
    png = io.BytesIO()
    picture.save(png, "PNG")
    read = subprocess.run(
        ["tesseract", "-", "-", "-l", "eng", "--dpi", str(72 * SCALE), "--psm", "11"],
        input=png.getvalue(), capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1",
        "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )  # fmt: skip
    return folded(read.stdout.decode("utf-8", "replace"))
