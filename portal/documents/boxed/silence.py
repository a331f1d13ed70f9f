"""Takes out what pictures and page instructions say to nobody who looks at the page.

Notes of cameras and programs in pictures (`jpegnotes`, `jpxnotes`), and what stands beside the
instructions of a page, a drawing, a pattern or a drawn letter (`asides`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

from pikepdf import Dictionary, Name, Object, Page, Pdf, PdfError, Stream

from portal.documents.boxed import asides, coded, jpegnotes, jpxnotes
from portal.documents.boxed.drawing import Drawing
from portal.documents.boxed.jpegnotes import Silent
from portal.documents.boxed.wrapping import listed, unwrapped

_PICTURES: Final[dict[str, Callable[[bytes], Silent]]] = {
    "/DCTDecode": jpegnotes.without_notes,
    "/JPXDecode": jpxnotes.without_notes,
}


def silence(pdf: Pdf, pages: list[Page]) -> Counter[str]:
    """Rewrite what says more than it shows, and nothing else. Returns counts by finding kind.

    Raises RefusedError or PdfError for instructions no reader follows to their end.
    """
    quiet, drawing = _Silence(pdf), Drawing()
    for page in pages:
        quiet.instructions(page.obj)
        for stream in drawing.on(page.obj):
            if stream.get("/Subtype") == Name.Image:
                quiet.picture(stream)
            else:
                quiet.instructions(stream)
    return quiet.counts


class _Silence:
    """Rewrites one file. `counts`: what was found, by finding kind."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self.counts: Counter[str] = Counter()

    def picture(self, stream: Object) -> None:
        """A picture keeps its pixels: their coded bytes are the same."""
        filters = listed(stream.get("/Filter"))
        strip = _PICTURES.get(str(filters[-1])) if filters else None
        if strip is None:
            return
        packed = unwrapped(self._pdf, stream.read_raw_bytes(), stream)
        if packed is None:
            return
        silent = strip(packed)
        self.counts["details"] |= silent.told
        self.counts["picture_place"] += silent.place
        if silent.body != packed or not silent.end:
            parms = listed(stream.get("/DecodeParms"))
            last = parms[-1] if len(parms) == len(filters) else None
            whole = silent.end or isinstance(last, Dictionary)
            stream.write(
                silent.body if whole else coded.anew(silent.body) or silent.body,
                filter=Name(str(filters[-1])),
                decode_parms=last if isinstance(last, Dictionary) else None,
            )

    def instructions(self, holder: Object) -> None:
        """What is drawn stays as it is."""
        try:
            body = asides.of(holder)
            done = None if body is None else asides.without(self._pdf, body)
        except PdfError as broken:
            if "limit exceeded" in str(broken):
                raise
            return
        if done is None:
            return
        self.counts["details"] |= 1
        if isinstance(holder, Stream):
            holder.write(done)
        else:
            holder.Contents = self._pdf.make_stream(done)
