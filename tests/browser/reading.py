"""What stands in a PDF, read by another program than the portal's."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pypdfium2


@dataclass(frozen=True)
class Copy:
    """The words of each page, and the bookmarks."""

    pages: list[str]
    bookmarks: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)


def read(clear: bytes) -> Copy:
    """Read a whole file."""
    document = pypdfium2.PdfDocument(clear)
    try:
        pages = [
            " ".join(page.get_textpage().get_text_bounded().split()) for page in iter(document)
        ]
    finally:
        document.close()
    with pikepdf.open(BytesIO(clear)) as pdf, pdf.open_outline() as outline:
        bookmarks = [item.title for item in outline.root]
    return Copy(pages, bookmarks)
