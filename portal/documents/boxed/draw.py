"""Draws one page of a stamped copy as a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops

from portal.documents.boxed.verdict import RefusedError

_DPI: Final = 110
_LONGEST: Final = 2000  # pixels of the longer side
_SMALL: Final = 240  # of a thumbnail
_QUALITY: Final = 80
_SHADE: Final = 0.7
_PAINTED: Final = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Page `asked["page"]` (from 1) of `blobs[0]`: PNG where there is only text, else JPEG.

    With `asked["small"]` a thumbnail.
    """
    pdf = pdfium.PdfDocument(blobs[0])
    number = int(asked["page"])
    if not 1 <= number <= len(pdf):
        return {"sheets": len(pdf)}, []
    page = pdf[number - 1]
    longest = max(page.get_size())
    if longest <= 0:
        raise RefusedError("page_size")
    most = _SMALL if asked.get("small") is True else _LONGEST
    scale = min(_DPI / 72, (most - 1) / longest)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    _shade(picture, asked.get("boxes", ()))
    painted = any(True for _ in page.get_objects(filter=_PAINTED, max_depth=10))
    out = io.BytesIO()
    if painted:
        picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    else:
        _plain(picture).save(out, "PNG", compress_level=3)
    told: dict[str, object] = {
        "sheets": len(pdf),
        "kind": "jpeg" if painted else "png",
        "size": list(picture.size),
    }
    return told, [out.getvalue()]


def _shade(picture: Image.Image, boxes: Sequence[Sequence[float]]) -> None:
    """Draw over places, in fractions of the picture: what is meant is still seen beneath."""
    wide, high = picture.size
    for x, y, w, h in boxes:
        place = (
            max(0, int(x * wide) - 1),
            max(0, int(y * high) - 1),
            min(wide, int((x + w) * wide) + 2),
            min(high, int((y + h) * high) + 2),
        )
        if place[0] < place[2] and place[1] < place[3]:
            beneath = picture.crop(place)
            black = Image.new(beneath.mode, beneath.size)
            picture.paste(Image.blend(beneath, black, _SHADE), place)


def _plain(picture: Image.Image) -> Image.Image:
    """In grey where nothing has a colour: a third of the bytes."""
    red, green, blue = picture.convert("RGB").split()
    coloured = ImageChops.difference(red, green).getbbox() or (
        ImageChops.difference(green, blue).getbbox()
    )
    return picture.convert("RGB") if coloured else green
