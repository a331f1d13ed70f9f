"""Takes out of a JPEG what it says beside its picture (ITU-T T.81, annex B; JFIF; Exif 2.3).

Kept are the parts a decoder needs: tables, frames, scans, the JFIF and Adobe marks and the colour
profile. Notes of cameras and programs, remarks, small previews, parts of no known kind, what stands
between parts, and whatever follows the end of the picture are left out unread; no coded byte of the
picture itself is touched. Of a picture without an end nobody knows where its coded bytes stop.
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
# Frames, their tables and what belongs to them (T.81, table B.1): not JPG, which is reserved.
_PICTURE: Final = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)}) - {0xC8}
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
_NEXT: Final = re.compile(rb"\xff[\x01-\xff]")


@dataclass(frozen=True)
class Silent:
    """A picture without its notes; whether there were any, and one of the place among them. One
    without an `end` may hold anything behind its picture."""

    body: bytes
    told: bool = False
    place: bool = False
    end: bool = True


def without_notes(jpeg: bytes) -> Silent:
    """The same picture without them. From where its parts do not follow one another any more
    nothing is kept."""
    begin = jpeg.find(_BEGIN)
    if begin < 0:
        return Silent(b"", told=bool(jpeg.strip(_PADDING)))
    kept = [_BEGIN]
    told, place = bool(jpeg[:begin].strip(_PADDING)), False
    at = begin + len(_BEGIN)
    while at + 2 <= len(jpeg):
        if jpeg[at] != 0xFF or jpeg[at + 1] == 0:
            # As decoders do: they go on from the next part.
            told, goes_on = True, _NEXT.search(jpeg, at)
            if goes_on is None:
                break
            at = goes_on.start()
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
            told = True
            break
        elif kind in _PICTURE:
            kept.append(jpeg[at:end])
        else:
            told = True
        at = max(end, at + 4)
        if kind == _SCAN:
            over = _AFTER_SCAN.search(jpeg, at)
            following = len(jpeg) if over is None else over.start()
            kept.append(jpeg[at:following])
            at = following
    return Silent(b"".join(kept), told, place, end=False)


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
