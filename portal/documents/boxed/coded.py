"""Codes a JPEG that has no end once more, as far as its picture goes.

Where the coded bytes of such a picture stop, and something else begins, only decoding tells.
"""

from __future__ import annotations

import io
import struct
from typing import Final

from PIL import Image, ImageFile

_MODES: Final = ("L", "RGB")  # of others the file may say that their colours are turned round
_MOST_PIXELS: Final = 50_000_000
_QUALITY: Final = 95


def anew(jpeg: bytes) -> bytes | None:
    """The same picture; what is missing of it is grey. None where it cannot be decoded here."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.mode not in _MODES or picture.width * picture.height > _MOST_PIXELS:
                return None
            picture.load()
            out = io.BytesIO()
            plain = Image.new(picture.mode, picture.size)
            plain.paste(picture)
            plain.save(out, "JPEG", quality=_QUALITY, subsampling=0)
            return out.getvalue()
    except (OSError, SyntaxError, EOFError, ValueError, struct.error, AssertionError):
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before
