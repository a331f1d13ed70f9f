"""Tells what a file claims to be, by its first bytes alone: never by a name.

Whether the claim holds is found out in the limited child, by structure. What begins as one thing
and is another besides (a picture with a PDF behind it) is taken as what it begins as, or not at
all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from portal.documents.refusal import RefusalCode, RefusedPaper


class Shape(StrEnum):
    """What is taken."""

    PDF = "pdf"
    ARCHIVE = "archive"
    """A ZIP: a Word file (.docx or .odt), or refused by the gate."""
    OLE = "ole"
    """The container of old Office files: a .doc, or refused by the gate."""
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"


PICTURES: Final = frozenset({Shape.PNG, Shape.JPEG, Shape.TIFF})

_TAKEN: Final = (
    (b"%PDF-", Shape.PDF),
    (b"PK\x03\x04", Shape.ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Shape.OLE),
    (b"\x89PNG\r\n\x1a\n", Shape.PNG),
    (b"\xff\xd8\xff", Shape.JPEG),
    (b"II*\x00", Shape.TIFF),
    (b"MM\x00*", Shape.TIFF),
)
_OTHER_PICTURES: Final = (
    b"GIF8", b"BM", b"II+\x00", b"MM\x00+", b"\x00\x00\x00\x0cjP", b"\x00\x00\x01\x00", b"8BPS",
)  # fmt: skip
# Programs of Windows, Linux and Apple's computers, Java's classes, and scripts that name theirs.
_PROGRAMS: Final = (
    b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/",
)  # fmt: skip
_HEAD: Final = 4096


def sniff(clear: bytes) -> Shape:
    """What these bytes begin as. Raises RefusedPaper for all that is not taken."""
    if not clear:
        raise RefusedPaper(RefusalCode.EMPTY)
    for start, shape in _TAKEN:
        if clear.startswith(start):
            return shape
    raise RefusedPaper(_what_it_is(clear[:_HEAD]))


def _what_it_is(head: bytes) -> RefusalCode:
    """A guess, for the words of the refusal; nothing is taken on its strength."""
    if head.startswith(_PROGRAMS) or (head.startswith(b"MZ") and b"\0" in head[:64]):
        return RefusalCode.PROGRAM
    if b"%PDF-" in head[:1024]:
        return RefusalCode.NOT_PDF
    if head.startswith(_OTHER_PICTURES) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP":
        return RefusalCode.PICTURE
    if head.startswith(b"{\\rtf") or b"office:document" in head or b"wordDocument" in head:
        return RefusalCode.WORD_FILE
    if b"urn:schemas-microsoft-com:office:word" in head:
        return RefusalCode.WORD_FILE
    return RefusalCode.NOT_PDF


def named_after(foreign: bytes) -> str:
    """The end of a file name for bytes that once were taken; `bin` for what was not."""
    try:
        shape = sniff(foreign)
    except RefusedPaper:
        return "bin"
    if shape is Shape.ARCHIVE:
        # An OpenDocument file says what it is first, in the clear (OpenDocument 1.2 part 3, 3.3).
        return "odt" if b"vnd.oasis.opendocument.text" in foreign[:100] else "docx"
    return {Shape.OLE: "doc", Shape.JPEG: "jpg", Shape.TIFF: "tif"}.get(shape, shape.value)
