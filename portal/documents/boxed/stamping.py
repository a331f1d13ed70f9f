"""Prepares a file of ours for the marks of its readers: places on every page, filled in later."""

from __future__ import annotations

import hashlib
import io
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from portal.documents.boxed import frame, pagetree, sanitise, slots
from portal.documents.boxed.titles import entitle, universal

_SHAPES: Final = 0x180


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Prepare the file `blobs[0]`; a page without strips is given them first."""
    with Pdf.open(io.BytesIO(blobs[0])) as pdf:
        pages = pagetree.flatten(pdf, int(asked["pages"]))
        framed = [frame.Frame(page) for page in pages]
        title = str(pdf.docinfo.get("/Title", "")) or "Paper"
        ua, made_of = universal(pdf), slots.made_of(blobs)
        return {"sheets": len(pages)}, [prepare(pdf, framed, title, made_of, ua=ua)]


def prepare(
    pdf: Pdf, framed: Sequence[frame.Frame], title: str, made_of: bytes, *, ua: bool
) -> bytes:
    """Give every page the two drawings, close it, and write the file with its index.

    The drawings are artifacts (ISO 14289-1, 7.1): what was PDF/UA-1 (`ua`) still is, and says so.
    `made_of` is that of slots.py, of everything foreign in it. Raises ValueError when a place
    cannot be told from it.
    """
    digest = hashlib.sha256(title.encode("utf-8", "replace") + made_of)
    tag = digest.hexdigest()[:32].encode()
    resources = _resources(pdf)
    foot = _drawing(pdf, slots.unmarked(b"foot", tag), slots.FOOT_BOX, resources)
    across = _drawing(pdf, slots.unmarked(b"across", tag), slots.ACROSS_BOX, resources)
    saving = frame.saving_state(pdf)
    for page in framed:
        page.paint(_marks(page.sheet, foot, across), "Watermark")
        page.close(pdf, saving)
    entitle(pdf, title, more=slots.unsaid(tag).decode(), ua=ua)
    # The writer keeps the first half as it was, and an /ID from elsewhere may be longer.
    pdf.trailer.ID = Array([String(digest.digest()[:16])] * 2)
    out = io.BytesIO()
    sanitise.save(pdf, out, own_id=True)
    slots.note_down(out, tag)
    return out.getvalue()


def _drawing(pdf: Pdf, flated: bytes, box: tuple[float, float], resources: Object) -> Object:
    drawing = Stream(
        pdf,
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, *box]),
        Resources=resources,
    )
    # The writer leaves a Flate stream as it is, so these very bytes are found in the file again.
    drawing.write(flated, filter=Name.FlateDecode)
    return pdf.make_indirect(drawing)


def _marks(sheet: frame.Sheet, foot: Object, across: Object) -> list[frame.Put]:
    margin = min(frame.MARGIN, sheet.width / 10)
    wide, _ = slots.FOOT_BOX
    low = frame.Put(foot, margin, 3.0, min(1.0, (sheet.width - 2 * margin) / wide))
    wide, high = slots.ACROSS_BOX
    angle = math.atan2(sheet.height, sheet.width)
    reach = math.hypot(sheet.width, sheet.height)
    scale = min(0.6 * reach / wide, 0.7 * min(sheet.width, sheet.height) / high)
    sine, cosine = math.sin(angle), math.cos(angle)
    # The drawing's own middle comes to rest in the middle of the page.
    x = sheet.width / 2 - scale * (wide * cosine - high * sine) / 2
    y = sheet.height / 2 - scale * (wide * sine + high * cosine) / 2
    return [low, frame.Put(across, x, y, scale, sine, cosine)]


def _resources(pdf: Pdf) -> Object:
    return pdf.make_indirect(
        Dictionary(
            ExtGState=Dictionary(
                Light=Dictionary(Type=Name.ExtGState, ca=0.12),
                Loud=Dictionary(Type=Name.ExtGState, ca=0.22),
            ),
            Font=Dictionary(Plain=_empty_font(pdf)),
        )
    )


def _empty_font(pdf: Pdf) -> Object:
    """A font whose every letter is an empty shape half as wide as high.

    The shapes people see are drawn; this lies over them, so that the line at the foot can be
    selected, searched and read aloud in any script. Codes are UTF-16 and mean themselves.
    """
    file = Stream(pdf, _truetype())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.MappaEmpty,
        Flags=5,
        FontBBox=Array([0, -200, 500, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
        FontFile2=pdf.make_indirect(file),
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.MappaEmpty,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=500,
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, _shapes())),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.MappaEmpty,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, _meaning())),
        )
    )


def _shapes() -> bytes:
    """Which shape each code has: plain letters one each, so that a program that writes the file
    anew (a print dialogue) still knows them apart; all others share one."""
    plain = b"".join(code.to_bytes(2, "big") for code in range(_SHAPES))
    return plain + b"\x00\x01" * (0x10000 - _SHAPES)


def _meaning() -> bytes:
    """A ToUnicode map in which every code means itself; a range may not leave its first byte."""
    ranges = [b"<%02x00> <%02xff> <%02x00>" % (high, high, high) for high in range(0x100)]
    blocks = [ranges[at : at + 100] for at in range(0, len(ranges), 100)]
    body = b"\n".join(
        b"%d beginbfrange\n%b\nendbfrange" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        b"/CMapName /MappaEmpty def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + body
        + b"\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )


def _truetype() -> bytes:
    """The smallest TrueType file with nothing but empty shapes (OpenType 1.9, "Font Tables")."""
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 1, 0, 12) + struct.pack(">HHHHH", 6, 10, 0, 0, 0),
        b"glyf": bytes(4),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, 800, -200, 0, 500, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1
        ),
        b"hmtx": struct.pack(">Hh", 500, 0) + bytes(2 * (_SHAPES - 1)),
        b"loca": bytes(2 * (_SHAPES + 1)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, _SHAPES, *[0] * 13),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 1, 0, 0, 0, 0),
    }  # fmt: skip
    count = len(tables)
    place = 12 + 16 * count
    head = struct.pack(">IHHHH", 0x10000, count, 128, 3, count * 16 - 128)
    body = b""
    for name, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += name + struct.pack(">III", total, place + len(body), len(table))
        body += padded
    return head + body
