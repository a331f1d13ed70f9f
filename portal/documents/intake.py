"""Takes in a foreign file: a clean PDF and what was found in it, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents import child
from portal.documents.findings import Finding, FindingKind
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

__all__ = ["Accepted", "Finding", "FindingKind", "Limits", "examine"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_MARKS = (b"word/", b"mimetypeapplication/vnd.oasis.opendocument.text")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


@dataclass(frozen=True)
class Accepted:
    """A paper that may be sealed: rebuilt bytes, number of pages, and what was found."""

    pdf_clear: bytes
    pages: int
    findings: tuple[Finding, ...]


def examine(clear: bytes, limits: Limits | None = None) -> Accepted:
    """Rebuild a PDF from its pages alone, in a limited child process and in memory only.

    The type is told by structure, never by a name: `%PDF-` stands at the first byte, or it is
    no PDF here, whatever readers may make of it.

    Raises RefusedPaper: with a reason of the closed list and words for the sender.
    """
    limits = limits or Limits()
    if not clear:
        raise RefusedPaper(RefusalCode.EMPTY)
    if len(clear) > limits.bytes:
        raise RefusedPaper(RefusalCode.TOO_BIG)
    if not clear.startswith(b"%PDF-"):
        raise RefusedPaper(_what_it_is(clear))
    header, parts = child.run("sanitise", {}, [clear], limits)
    pages, counts = header.get("pages"), header.get("findings")
    if len(parts) != 1 or type(pages) is not int or not 1 <= pages <= limits.pages:
        raise RefusedPaper(RefusalCode.HOSTILE)
    if not parts[0].startswith(b"%PDF-") or not isinstance(counts, dict):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return Accepted(parts[0], pages, _findings(counts))


def _findings(counts: dict[str, object]) -> tuple[Finding, ...]:
    found = []
    for kind in FindingKind:
        count = counts.pop(kind.value, 0)
        if type(count) is not int or count < 0:
            raise RefusedPaper(RefusalCode.HOSTILE)
        if count:
            found.append(Finding(kind, count))
    if counts:
        raise RefusedPaper(RefusalCode.HOSTILE)
    return tuple(found)


def _what_it_is(clear: bytes) -> RefusalCode:
    """A kind guess for the words of the refusal; nothing is taken on its strength."""
    if b"%PDF-" in clear[:1024]:
        return RefusalCode.NOT_PDF
    if clear.startswith(b"PK\x03\x04"):
        is_text = any(mark in clear for mark in _TEXT_MARKS)
        return RefusalCode.WORD_FILE if is_text else RefusalCode.OFFICE_FILE
    if clear.startswith(_OLE):
        name = "WordDocument".encode("utf-16-le")
        return RefusalCode.WORD_FILE if name in clear else RefusalCode.OFFICE_FILE
    if clear.startswith(b"{\\rtf"):
        return RefusalCode.WORD_FILE
    if clear.startswith(_PICTURES):
        return RefusalCode.PICTURE
    return RefusalCode.NOT_PDF
