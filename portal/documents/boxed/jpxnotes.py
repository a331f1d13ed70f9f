"""Blanks what a JPEG 2000 picture says beside itself (ITU-T T.800, annexes A and I).

Boxes of XML, of identifiers and of rights, and remarks in the picture's own code, are filled with
zeros where they stand; what follows the end of the code goes. Nothing moves, so that every length
and place that is written in the file stays true.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portal.documents.boxed.jpegnotes import Silent

_SIGNATURE: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
_CODE: Final = b"\xff\x4f\xff\x51"
_NOTES: Final = frozenset(
    {b"xml ", b"uuid", b"uinf", b"jp2i", b"asoc", b"nlst", b"lbl ", b"free", b"skip"}
)
_HOLDERS: Final = frozenset({b"jp2h", b"jpch", b"jplh"})
_BEGIN, _PART, _DATA, _REMARK, _END = 0xFF4F, 0xFF90, 0xFF93, 0xFF64, 0xFFD9


def without_notes(jpx: bytes) -> Silent:
    """The same picture without them; from where its parts do not follow one another any more it
    stays as it is."""
    blank = bytearray(jpx)
    if jpx.startswith(_CODE):
        end = _blank_code(blank, 0, len(blank))
    elif jpx.startswith(_SIGNATURE):
        end = _blank_boxes(blank, 0, len(blank))
    else:
        return Silent(jpx)
    body = bytes(blank[:end])
    return Silent(body, told=body != jpx[:end] or bool(jpx[end:].strip(b"\0")))


def _boxes(body: bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, where its data begins, where it ends."""
    while at + 8 <= end:
        size = int.from_bytes(body[at : at + 4], "big")
        kind, data = bytes(body[at + 4 : at + 8]), at + 8
        if size == 1:
            size, data = int.from_bytes(body[at + 8 : at + 16], "big"), at + 16
        over = end if size == 0 else at + size
        if over < data or over > end:
            return
        yield kind, data, over
        at = over


def _blank_boxes(body: bytearray, at: int, end: int) -> int:
    """Where the last box ends that follows the one before; `end` where none holds the code."""
    over, found = end, False
    for kind, data, over in _boxes(body, at, end):
        if kind in _NOTES:
            body[data:over] = bytes(over - data)
        elif kind in _HOLDERS:
            _blank_boxes(body, data, over)
        elif kind == b"jp2c":
            found = True
            last = _blank_code(body, data, over)
            body[last:over] = bytes(over - last)
    return over if found else end


def _blank_code(body: bytearray, at: int, end: int) -> int:
    """Where the code ends: after its last mark, or `end` where that is not found."""
    part = None
    at += 2
    while at + 4 <= end:
        mark = int.from_bytes(body[at : at + 2], "big")
        if mark == _END:
            return at + 2
        if mark == _DATA and part is not None:
            at = part
            part = None
            continue
        size = int.from_bytes(body[at + 2 : at + 4], "big")
        if mark < _BEGIN or size < 2 or at + 2 + size > end:
            return end
        if mark == _PART:
            length = int.from_bytes(body[at + 6 : at + 10], "big")
            if length < 12 or at + length > end:
                return end
            part = at + length
        elif mark == _REMARK:
            body[at + 6 : at + 2 + size] = bytes(max(0, size - 4))
        at += 2 + size
    return at + 2 if bytes(body[at : at + 2]) == b"\xff\xd9" else end
