"""The words of a file, in each way in which somebody may be told them."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from portal.documents.boxed.painted import bare
from portal.documents.boxed.words import MOST

_A_WORD = 3  # letters in a row; one alone may be a bullet


class Readings:
    """One file, opened. `given`: with the words it says; `painted`: with those that its letters
    are. Both draw the same pages, and are the same where it says no others."""

    def __init__(self, clear: bytes) -> None:
        self.given = pdfium.PdfDocument(clear)
        other, self._pages = bare(clear)
        self.painted = pdfium.PdfDocument(other) if self._pages else self.given

    def of(self, index: int) -> list[pdfium.PdfDocument]:
        """In which the words of the page at `index` (from 0) are to be read, what it paints
        first."""
        return [self.painted, self.given] if index in self._pages else [self.given]

    def texts(self, index: int) -> list[str]:
        """All that stands in or beside the page at `index`."""
        return [each[index].get_textpage().get_text_range() for each in self.of(index)]

    def unclear(self, index: int) -> bool:
        """Whether the page at `index` paints letters of which the file does not say which they
        are, or more than anybody reads: no search of it proves that a word is not there."""
        text = self.painted[index].get_textpage()
        count = text.count_chars()
        if count > MOST:
            return True
        run = 0
        for number in range(count):
            run = run + 1 if raw.FPDFText_HasUnicodeMapError(text, number) == 1 else 0
            if run == _A_WORD:
                return True
        return False
