"""Takes out of a PNG what it says beside its picture (PNG specification, 11.3.3 and 11.3.4).

Texts and colour profiles are packed, and may unpack to anything. Nothing of them is kept, so they
are left out before any reader unpacks them: a bomb among them is as harmless as an honest note.
"""

from __future__ import annotations

from typing import Final

_MAGIC: Final = 8
_AROUND: Final = 12  # bytes of a chunk beside its data: length, kind, checksum
_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_LEFT_OUT: Final = _TEXTS | {b"iCCP"}


def without_notes(png: bytes) -> tuple[bytes, bool]:
    """The same picture without them, and whether there was a text.

    From where its parts do not follow one another any more it stays as it is: damage is for the
    reader of pictures to tell.
    """
    kept = [png[:_MAGIC]]
    told, at = False, _MAGIC
    while at + _AROUND <= len(png):
        kind = png[at + 4 : at + 8]
        end = at + _AROUND + int.from_bytes(png[at : at + 4], "big")
        if end > len(png) or kind == b"IEND":
            break
        told |= kind in _TEXTS
        if kind not in _LEFT_OUT:
            kept.append(png[at:end])
        at = end
    return b"".join([*kept, png[at:]]), told
