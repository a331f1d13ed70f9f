"""Whether a paper says of itself that it is marked above OFFICIAL-SENSITIVE.

A marking stands on a line of its own, in capitals (Government Security Classifications Policy):
SECRET or TOP SECRET, with or without the nation before it and a handling instruction after it.
The word within a sentence is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium

from portal.documents.boxed.readings import Readings

_ABOVE: Final = re.compile(
    r"[\W_]*(?:UK\s+)?(?:TOP\s+)?SECRET"
    r"(?:\s*[-/:,\u2013\u2014(\[]{1,3}\s*[A-Z][A-Z0-9 /,&()\-]{0,60}"
    r"|\s+(?:STRAP|UK EYES|PERSONAL|COMMERCIAL|LOCSEN|SENSITIVE)[A-Z0-9 /,&()\-]{0,60})?[\W_]*"
)
_LONGEST: Final = 120


def task(
    _asked: Mapping[str, Any], blobs: Sequence[bytes]
) -> tuple[dict[str, object], list[bytes]]:
    """Whether a line of the rebuilt file `blobs[0]` is such a marking, its recognised words too,
    by what it says or by what it paints."""
    read = Readings(blobs[0])
    pages = (each[index] for index in range(len(read.given)) for each in read.of(index))
    return {"above": any(marked(page) for page in pages)}, []


def marked(page: pdfium.PdfPage) -> bool:
    """Whether a line of a page is such a marking."""
    try:
        text = page.get_textpage().get_text_range()
    except pdfium.PdfiumError:
        return False
    lines = (" ".join(line.split()) for line in text.splitlines())
    return any(len(line) <= _LONGEST and _ABOVE.fullmatch(line) is not None for line in lines)
