"""The sample paper of "Check this computer": a PDF with a word to read, of a usual size.

It is the same, byte by byte, wherever and whenever it is made, so that whoever gets it back can
tell whether it came whole. Nothing in it is about anybody.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from typing import Final

from portal.documents.typeset import typeset

WORD: Final = "heron"
SIZE: Final = 2_000_000
"""Bytes of what cannot be made smaller on the way; larger than what filters often cut at."""


@cache
def sample_paper() -> bytes:
    """About 2 MB. Raises FontsMissingError before set-up."""
    import pikepdf  # otherwise loaded in children alone

    with pikepdf.open(io.BytesIO(typeset("sample", {"word": WORD}))) as pdf:
        for told_when in ("/CreationDate", "/ModDate"):
            if told_when in pdf.docinfo:
                del pdf.docinfo[told_when]
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        filling = hashlib.shake_256(b"portal/v1/sample").digest(SIZE)
        pdf.Root["/Filling"] = pikepdf.Stream(pdf, filling)
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True, compress_streams=False)
    return made.getvalue()


def digest() -> str:
    """SHA-256 of the sample paper, in hexadecimal."""
    return hashlib.sha256(sample_paper()).hexdigest()
