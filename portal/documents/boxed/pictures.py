"""Turns a picture into PDF pages: decoded, turned upright, drawn anew; nothing else is kept."""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Name, Pdf
from PIL import Image, ImageOps

from portal.documents.boxed import jpegnotes, sanitise
from portal.documents.boxed.pngnotes import without_notes
from portal.documents.boxed.verdict import RefusedError

_FORMATS: Final = {"png": "PNG", "jpeg": "JPEG", "tiff": "TIFF"}
_A4: Final = (595.0, 842.0)
_A3_LONG: Final = 1191.0
_LONGEST_SIDE: Final = 50_000
_PLACE: Final = 0x8825  # the EXIF tag under which a camera keeps where it was
# Description, maker, model, program, time, artist, copyright, and what a camera adds.
_TELLING: Final = frozenset({270, 271, 272, 305, 306, 315, 33432, 34665, _PLACE})
_NOTES: Final = ("xmp", "comment", "photoshop", "XML:com.adobe.xmp")
_QUALITY: Final = 88


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer with a PDF of one page per picture, and counts of what was left out.

    Raises RefusedError: `too_heavy` before anything is decoded, `too_many_pages`, `damaged`.
    """
    kind, most, pages = str(asked["kind"]), int(asked["pixels"]), int(asked["pages"])
    counts: Counter[str] = Counter(picture_pages=0)
    Image.MAX_IMAGE_PIXELS = most
    clear = blobs[0]
    if kind == "png":
        clear, counts["details"] = without_notes(clear)
    elif kind == "jpeg":
        counts["details"] |= int(jpegnotes.without_notes(clear).told)
    try:
        with (
            Image.open(io.BytesIO(clear), formats=[_FORMATS[kind]]) as picture,
            Pdf.new() as pdf,
        ):
            for view in _views(picture, kind, most, pages, counts):
                _add(pdf, view, lossless=kind == "png")
                counts["picture_pages"] += 1
            out = io.BytesIO()
            sanitise.save(pdf, out)
    except Image.DecompressionBombError as bomb:
        raise RefusedError("too_heavy") from bomb
    except (OSError, SyntaxError, EOFError, struct.error, zlib.error, AssertionError) as broken:
        raise RefusedError("damaged") from broken
    return {"findings": dict(+counts)}, [out.getvalue()]


def _views(
    picture: Image.Image, kind: str, most: int, pages: int, counts: Counter[str]
) -> Iterator[Image.Image]:
    """Each page, weighed before it is decoded. Only a TIFF may have more than one."""
    number = 0
    while True:
        if number == pages:
            raise RefusedError("too_many_pages")
        width, height = picture.size
        if max(width, height) > _LONGEST_SIDE or width * height > most:
            raise RefusedError("too_heavy")
        exif = picture.getexif()
        counts["picture_place"] |= int(_PLACE in exif)
        told = any(tag in exif for tag in _TELLING) or any(n in picture.info for n in _NOTES)
        counts["details"] |= int(told)
        yield _upright(picture)
        number += 1
        try:
            picture.seek(number)
        except EOFError:
            return
        if kind != "tiff":
            counts["other_views"] += 1
            return


def _upright(picture: Image.Image) -> Image.Image:
    density = _density(picture)
    view = ImageOps.exif_transpose(picture)
    view.load()
    if view.mode in ("I;16", "I;16B", "I;16L"):
        view = view.convert("I").point(lambda value: value / 256).convert("L")
    elif view.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in view.info:
        # What is transparent is white, as on paper; what lay beneath is gone.
        seen = view.convert("RGBA")
        view = Image.new("RGB", seen.size, "white")
        view.paste(seen, mask=seen.getchannel("A"))
    elif view.mode not in ("1", "L", "RGB"):
        if view.mode in ("I", "F"):
            raise RefusedError("damaged")
        view = view.convert("RGB")
    if density != density[::-1] and view.size == picture.size[::-1]:
        density = density[::-1]
    view.info = {"dpi": density}
    return view


def _density(picture: Image.Image) -> tuple[float, float]:
    told = picture.info.get("dpi", (0, 0))
    try:
        across, down = (float(each) for each in told)
    except (TypeError, ValueError, ArithmeticError):
        return 0.0, 0.0
    return (across, down) if 50 <= across <= 2400 and 50 <= down <= 2400 else (0.0, 0.0)


def _add(pdf: Pdf, view: Image.Image, *, lossless: bool) -> None:
    width, height = _paper(view)
    content = b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (width, height)
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, round(width, 2), round(height, 2)],
        Resources=Dictionary(XObject=Dictionary(I=_drawing(pdf, view, lossless=lossless))),
        Contents=pdf.make_stream(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _drawing(pdf: Pdf, view: Image.Image, *, lossless: bool) -> pikepdf.Object:
    """The pixels and nothing else: no profile, no thumbnail, no detail of the camera."""
    about: dict[str, Any] = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": view.width,
        "Height": view.height,
        "ColorSpace": Name.DeviceRGB if view.mode == "RGB" else Name.DeviceGray,
        "BitsPerComponent": 1 if view.mode == "1" else 8,
    }
    if lossless or view.mode == "1":
        packed = zlib.compress(view.tobytes(), 6)
        return pdf.make_stream(packed, Filter=Name.FlateDecode, **about)
    out = io.BytesIO()
    view.save(out, "JPEG", quality=_QUALITY)
    return pdf.make_stream(out.getvalue(), Filter=Name.DCTDecode, **about)


def _paper(view: Image.Image) -> tuple[float, float]:
    """The size in points: as scanned where that is a sheet of paper, else what fits on A4."""
    across, down = view.info["dpi"]
    if across and down:
        width, height = view.width * 72 / across, view.height * 72 / down
        if min(width, height) >= 100 and max(width, height) <= _A3_LONG:
            return width, height
    sheet = _A4 if view.height >= view.width else _A4[::-1]
    scale = min(sheet[0] / view.width, sheet[1] / view.height)
    return max(1.0, view.width * scale), max(1.0, view.height * scale)
