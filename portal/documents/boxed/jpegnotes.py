"""Takes out of a JPEG what it says beside its picture (ITU-T T.81, annex B; JFIF; Exif 2.3).

Kept are the parts a decoder needs: tables, frames, scans, the JFIF and Adobe marks and the colour
profile. Notes of cameras and programs, remarks, small previews, and whatever follows the end of
the picture are left out unread; no coded byte of the picture itself is touched.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

_BEGIN: Final = b"\xff\xd8"
_END: Final = 0xD9
_SCAN: Final = 0xDA
_REMARK: Final = 0xFE
_NOTES: Final = range(0xE0, 0xF0)
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF: Final = b"JFIF\0"
_JFIF_SIZE: Final = 12  # without the two bytes that say how large its preview is
_ADOBE: Final = b"Adobe"
_ADOBE_SIZE: Final = 12
_PROFILE: Final = b"ICC_PROFILE\0"
_EXIF: Final = b"Exif\0"
_EXIF_HEAD: Final = 6
_PLACE: Final = 0x8825  # the tag under which a camera keeps where it was
_PLACE_IN_WORDS: Final = b"GPSLatitude"
_PADDING: Final = b"\0\xff \r\n\t"
# In a scan an 0xFF is followed by 0 or counts restarts; anything else begins the next part.
_AFTER_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


@dataclass(frozen=True)
class Silent:
    """A picture without its notes; whether there were any, and one of the place among them."""

    body: bytes
    told: bool = False
    place: bool = False


def without_notes(jpeg: bytes) -> Silent:
    """The same picture without them.

    From where its parts do not follow one another any more it stays as it is: damage is for the
    reader of pictures to tell.
    """
    begin = jpeg.find(_BEGIN)
    if begin < 0:
        return Silent(jpeg)
    kept = [_BEGIN]
    told, place, scanned = bool(jpeg[:begin].strip(_PADDING)), False, False
    at = begin + len(_BEGIN)
    while at + 2 <= len(jpeg):
        if jpeg[at] != 0xFF:
            following = -1 if scanned else jpeg.find(b"\xff", at)
            if following < 0:
                break
            told, at = True, following
            continue
        kind = jpeg[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        if kind == _END:
            kept.append(jpeg[at : at + 2])
            told |= bool(jpeg[at + 2 :].strip(_PADDING))
            return Silent(b"".join(kept), told, place)
        if kind in _ALONE:
            kept.append(jpeg[at : at + 2])
            at += 2
            continue
        size = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        end = at + 2 + size
        data = jpeg[at + 4 : end]
        if kind == _REMARK or kind in _NOTES:
            stays = _needed(kind, data)
            told |= not stays and bool(data.strip(_PADDING))
            place |= _tells_place(data)
            kept.append(stays)
        elif size < 2 or end > len(jpeg):
            break
        else:
            kept.append(jpeg[at:end])
        at = max(end, at + 4)
        if kind == _SCAN:
            scanned = True
            over = _AFTER_SCAN.search(jpeg, at)
            following = len(jpeg) if over is None else over.start()
            kept.append(jpeg[at:following])
            at = following
    return Silent(b"".join([*kept, jpeg[at:]]), told, place)


def _needed(kind: int, data: bytes) -> bytes:
    """What of a note decoders need, as a part of its own."""
    if kind == 0xE0 and data.startswith(_JFIF) and len(data) >= _JFIF_SIZE:
        return _part(kind, data[:_JFIF_SIZE] + b"\0\0")
    if kind == 0xEE and data.startswith(_ADOBE) and len(data) >= _ADOBE_SIZE:
        return _part(kind, data[:_ADOBE_SIZE])
    return _part(kind, data) if kind == 0xE2 and data.startswith(_PROFILE) else b""


def _part(kind: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data


def _tells_place(data: bytes) -> bool:
    """Whether a camera's note has a place: by its tag, or written out (XMP)."""
    if not data.startswith(_EXIF):
        return _PLACE_IN_WORDS in data
    notes = data[_EXIF_HEAD:]
    order = {b"II": "<", b"MM": ">"}.get(notes[:2])
    if order is None or len(notes) < 8:
        return False
    at = struct.unpack_from(f"{order}L", notes, 4)[0]
    if at + 2 > len(notes):
        return False
    count = struct.unpack_from(f"{order}H", notes, at)[0]
    tags = range(at + 2, min(at + 2 + 12 * count, len(notes) - 1), 12)
    return any(struct.unpack_from(f"{order}H", notes, tag)[0] == _PLACE for tag in tags)
