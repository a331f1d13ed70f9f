"""Words laid over a picture of a page, to be read by programs and not by eyes.

The font has one glyph, which paints nothing (ISO 32000-1, 9.3.6: text is painted in mode 3), and
says of each code that it is the character with this number: which letters a file uses cannot be
told from it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from portal.documents.boxed.words import LINE_END_HYPHEN, Word

REMOVED: Final = "[removed]"
_WIDE: Final = 0.5  # of the size: how far each code moves on
_UNICODE: Final = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end
"""


def font(pdf: Pdf) -> Object:
    """The font, once for each file."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Unseen, Flags=5, ItalicAngle=0, StemV=80,
        FontBBox=Array([0, 0, 500, 1000]), Ascent=1000, Descent=-1, CapHeight=1000,
        FontFile2=pdf.make_stream(_one_glyph()),
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Unseen, DW=int(_WIDE * 1000),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_stream(b"\x00\x01" * 65536),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Unseen,
            Encoding=Name("/Identity-H"), ToUnicode=pdf.make_stream(_UNICODE),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
        )
    )  # fmt: skip


def steps(paragraphs: Sequence[Sequence[Word]], width: float, height: float) -> bytes:
    """Instructions that lay each paragraph, marked as number 0, 1, ... of its page.

    Boxes are in fractions of a page of `width` by `height` points, from its upper left corner.
    """
    out: list[str] = []
    for number, words in enumerate(paragraphs):
        out.append(f"/P <</MCID {number}>> BDC BT 3 Tr")
        for word in words:
            text = word.text.replace(LINE_END_HYPHEN, "-")
            size = max(1.0, word.h * height)
            codes = (text + " ").encode("utf-16-be", "replace")
            stretch = 100 * max(0.5, word.w * width) / (size * _WIDE * max(1, len(codes) // 2 - 1))
            x, y = word.x * width, height - (word.y + word.h) * height
            out.append(
                f"/Unseen {size:.2f} Tf {min(stretch, 5000):.2f} Tz "
                f"1 0 0 1 {x:.2f} {y:.2f} Tm <{codes.hex()}> Tj"
            )
        out.append("ET EMC")
    return "\n".join(out).encode("ascii")


def _one_glyph() -> bytes:
    """A TrueType font of two empty glyphs (OpenType 1.9: head, hhea, maxp, hmtx, loca, glyf)."""
    tables = {
        b"glyf": b"\x00",
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, 1000, 0, 0,
            0, 0, 500, 1000, 0, 8, 2, 0, 0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, 1000, -1, 0, 500, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hhh", 500, 0, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"maxp": struct.pack(">IH13H", 0x00010000, 2, *[0] * 13),
    }  # fmt: skip
    at = 12 + 16 * len(tables)
    directory, bodies = struct.pack(">IHHHH", 0x00010000, len(tables), 64, 2, 32), b""
    for name, body in sorted(tables.items()):
        padded = body + b"\x00" * (-len(body) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", name, total, at + len(bodies), len(body))
        bodies += padded
    return directory + bodies
