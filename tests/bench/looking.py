"""Reading a pack in the browser: from pressing "Read" to the whole picture of its first page."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2

from tests.bench.measuring import Row, against, seconds, within

ALONE_DPI, QUALITY = 110, 80


def first_page(
    grant_id: str, clear: bytes, sheets: int, ask: Callable[[str, str], bytes]
) -> list[Row]:
    """`ask` sends a GET, or the form of a POST, as a signed-in reader; redirects are followed here.
    The peer has the whole paper in memory: no session, no judge, no line, no proof, no stamp."""

    def ours() -> None:
        ask("POST", f"/papers/{grant_id}/read")
        page = ask("GET", f"/papers/{grant_id}/read/1")
        assert b"/read/2" in page
        assert len(ask("GET", f"/papers/{grant_id}/read/1/image")) > 1000

    took = seconds(ours, 5)
    bare = seconds(lambda: _alone(clear), 5)
    return [
        against("P5", f'from "Read" to the whole picture of the first page ({sheets} pages)', took,
                "pypdfium2, that page alone, from memory", bare, "", None),
        within("P5", "the same, as a time", took, "< 1 s", 1.0),
    ]  # fmt: skip


def _alone(clear: bytes) -> bytes:
    pdf = pypdfium2.PdfDocument(clear)
    try:
        out = io.BytesIO()
        pdf[0].render(scale=ALONE_DPI / 72).to_pil().save(out, "JPEG", quality=QUALITY)
        return out.getvalue()
    finally:
        pdf.close()
