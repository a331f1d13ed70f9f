"""Takes out of a file what stands for its words, so that its words are those it paints.

A run of letters may say of itself which words it is (ActualText: ISO 32000-1, 14.9.4), and whoever
reads text is told these instead of the letters. Mostly they are the same words without a hyphen or
a joined letter. They may be any others.
"""

from __future__ import annotations

import io
import re
from typing import Final

from pikepdf import Array, Dictionary, Object, Page, Pdf, Stream

from portal.documents.boxed import keys

_STANDS_FOR: Final = "/ActualText"
# However it is spelled: any letter of a name may be written as its number (7.3.5).
_SPELLED: Final = re.compile(
    b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in b"ActualText")
)
_OTHERWISE: Final = b"/Unsaid"
_DEEPEST: Final = 30


def bare(clear: bytes) -> tuple[bytes, frozenset[int]]:
    """The same file with its words as they are painted, and the pages (from 0) where these may
    differ; the very same bytes if there is none."""
    with Pdf.open(io.BytesIO(clear)) as pdf:
        pages = strip(pdf)
        return (written(pdf), pages) if pages else (clear, pages)


def written(pdf: Pdf) -> bytes:
    """A file that is only read once, and by us."""
    out = io.BytesIO()
    pdf.save(out, compress_streams=False)
    return out.getvalue()


def strip(pdf: Pdf) -> frozenset[int]:
    """Do it to `pdf` itself; tells the pages. What stands in a drawing, or under a name, may be
    used by any page, and counts for all of them."""
    stripper = _Stripper()
    own = {index for index, page in enumerate(pdf.pages) if stripper.page(page)}
    return frozenset(range(len(pdf.pages)) if stripper.shared else own)


class _Stripper:
    """Strips pages, and what they use, each once."""

    def __init__(self) -> None:
        self.shared = False
        self._done: dict[tuple[int, int], bool] = {}

    def page(self, page: Page) -> bool:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, Array) else [contents]
        found = [self._stream(part) for part in parts if isinstance(part, Stream)]
        self._resources(page.obj.get("/Resources"), 0)
        return any(found)

    def _stream(self, stream: Stream) -> bool:
        if stream.objgen not in self._done:
            body = stream.read_bytes()
            # The whole search is dear, and most instructions hold neither spelling.
            may = b"ActualText" in body or b"#" in body
            changed = _SPELLED.sub(_OTHERWISE, body) if may else body
            self._done[stream.objgen] = changed != body
            if changed != body:
                stream.write(changed)
        return self._done[stream.objgen]

    def _resources(self, resources: object, depth: int) -> None:
        if not isinstance(resources, Dictionary) or depth > _DEEPEST:
            return
        for each in _values(resources.get("/Properties")):
            if isinstance(each, Dictionary) and _STANDS_FOR in each:
                keys.drop(each, _STANDS_FOR)
                self.shared = True
        for each in _values(resources.get("/XObject")):
            is_form = isinstance(each, Stream) and each.get("/Subtype") == "/Form"
            if is_form and each.objgen not in self._done:
                self.shared = self._stream(each) or self.shared  # type: ignore[arg-type]
                self._resources(each.get("/Resources"), depth + 1)


def _values(named: object) -> list[Object]:
    return list(named.values()) if isinstance(named, Dictionary) else []
