"""Pages that show one word, spelled in each way in which a file may spell it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.documents.leaks import OTHER, SECRET, table
from tests.documents.making import font

LETTERS = "".join(dict.fromkeys(SECRET))
CODES = b"<%s>" % bytes(LETTERS.index(c) + 1 for c in SECRET).hex().encode()
WORD = b"(Quixwood)"
PAGE = Array([0, 0, 595, 842])


def _said(said: bytes, x: int = 72, y: int = 700, by: bytes = b"F1") -> bytes:
    return b"BT /%s 24 Tf %d %d Td %s Tj ET " % (by, x, y, said)


def _coded(pdf: Pdf, names: list[str], unicode: dict[int, str] | None = None) -> bytes:
    """Codes from 1, by the names of glyphs, and by what the font says that they are."""
    coded = font()
    coded.Encoding = Dictionary(Differences=Array([1, *[Name("/" + name) for name in names]]))
    if unicode:
        coded.ToUnicode = pdf.make_stream(table(unicode))
    pdf.pages[0].Resources.Font.F2 = coded
    return _said(CODES, by=b"F2")


def _drawing(pdf: Pdf, said: bytes, **more: Any) -> Stream:
    return Stream(
        pdf, said, Type=Name.XObject, Subtype=Name.Form, BBox=PAGE,
        Resources=Dictionary(Font=Dictionary(F1=font()), **more),
    )  # fmt: skip


def _noted(pdf: Pdf, kind: Name, **more: Any) -> bytes:
    shown = Stream(
        pdf, b"BT /F1 20 Tf 5 5 Td (Quixwood) Tj ET", Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 200, 30]), Resources=Dictionary(Font=Dictionary(F1=font())),
    )  # fmt: skip
    note = Dictionary(
        Type=Name.Annot, Subtype=kind, Rect=Array([72, 400, 272, 430]), F=4,
        Contents=String(SECRET), AP=Dictionary(N=shown), **more,
    )  # fmt: skip
    whole = pdf.make_indirect(note)
    pdf.pages[0].obj.Annots = Array([whole])
    if kind == Name.Widget:
        pdf.Root.AcroForm = Dictionary(Fields=Array([whole]))
    return OTHER


def _nested(pdf: Pdf) -> bytes:
    inner = _drawing(pdf, _said(WORD))
    pdf.pages[0].Resources.XObject = Dictionary(
        A=_drawing(pdf, b"q 0.5 0 0 0.5 10 10 cm /B Do Q", XObject=Dictionary(B=inner))
    )
    return b"/A Do"


def _with_the_fonts_of_its_page(pdf: Pdf) -> bytes:
    drawing = _drawing(pdf, _said(WORD))
    del drawing["/Resources"]
    pdf.pages[0].Resources.XObject = Dictionary(A=drawing)
    return b"/A Do"


def _by_a_state(pdf: Pdf) -> bytes:
    pdf.pages[0].Resources.ExtGState = Dictionary(
        G=Dictionary(Font=Array([pdf.make_indirect(font()), 24]))
    )
    return b"BT /G gs 72 700 Td (Quixwood) Tj ET"


GONE: dict[str, Callable[[Pdf], bytes]] = {
    "by the names of its letters": lambda pdf: _coded(pdf, list(LETTERS)),
    "by their numbers": lambda pdf: _coded(pdf, [f"uni{ord(c):04X}" for c in LETTERS]),
    "by a table": lambda pdf: _coded(pdf, list(LETTERS), dict(enumerate(LETTERS, 1))),
    "over two lines": lambda _: _said(b"(Met Quix-)") + _said(b"(wood today)", y=670),
    "over two lines, far": lambda _: _said(b"(Quix-)", x=400) + _said(b"(wood)", y=670),
    "upright": lambda _: b"BT /F1 24 Tf 0 1 -1 0 200 300 Tm (Quixwood) Tj ET",
    "upside down": lambda _: b"BT /F1 24 Tf -1 0 0 -1 300 300 Tm (Quixwood) Tj ET",
    "one below the other": lambda _: b"".join(
        _said(b"(%c)" % c, y=700 - 28 * at) for at, c in enumerate(SECRET.encode())
    ),
    "far apart": lambda _: b"BT /F1 24 Tf 45 Tc 72 700 Td (Quixwood) Tj ET",
    "from its end": lambda _: b"".join(
        _said(b"(%c)" % c, x=72 + 16 * at) for at, c in reversed(list(enumerate(SECRET.encode())))
    ),
    "in any order": lambda _: b"".join(
        _said(b"(%c)" % SECRET.encode()[at], x=72 + 16 * at) for at in (3, 0, 7, 1, 5, 2, 6, 4)
    ),
    "in capitals": lambda _: _said(b"(QUIXWOOD)"),
    "in a note": lambda pdf: _noted(pdf, Name.FreeText),
    "in a field": lambda pdf: _noted(pdf, Name.Widget, FT=Name.Tx, T=String(SECRET)),
    "in a drawing's drawing": _nested,
    "with the fonts of its page": _with_the_fonts_of_its_page,
    "as a clip": lambda _: b"q BT 7 Tr /F1 24 Tf 72 700 Td (Quixwood) Tj ET 0 0 595 842 re f Q",
    "by a state": _by_a_state,
    "unseen": lambda _: b"BT 3 Tr /F1 24 Tf 72 600 Td (Quixwood) Tj ET",
    "line by line": lambda _: b"BT /F1 24 Tf 24 TL 72 700 Td (Quix) ' 0 0 (wood) \" ET",
    "in two places that touch": lambda _: _said(b"(Quix)") + _said(b"(wood)", x=124),
    "over the right edge": lambda _: _said(WORD, x=540),
    "over the left edge": lambda _: _said(WORD, x=-40),
    "a unit high, made large": lambda _: b"BT /F1 1 Tf 24 0 0 24 72 700 Tm (Quixwood) Tj ET",
}


def _in_a_letter(pdf: Pdf) -> bytes:
    pdf.pages[0].Resources.Font.T3 = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, -300, 9000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=65, LastChar=65,
        Widths=Array([9000]), Resources=Dictionary(Font=Dictionary(F1=font())),
        CharProcs=Dictionary(A=Stream(pdf, b"9000 0 d0 BT /F1 1000 Tf (Quixwood) Tj ET")),
        Encoding=Dictionary(Differences=Array([65, Name.A])),
    )  # fmt: skip
    return _said(b"(A)", by=b"T3")


def _in_a_mask(pdf: Pdf) -> bytes:
    mask = _drawing(pdf, b"1 g " + _said(WORD))
    mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    pdf.pages[0].Resources.ExtGState = Dictionary(
        V=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask))
    )
    return b"q /V gs 0 g 0 0 595 842 re f Q"


def _without_width(pdf: Pdf) -> bytes:
    flat = font()
    flat.FirstChar, flat.LastChar, flat.Widths = 0, 255, Array([0] * 256)
    pdf.pages[0].Resources.Font.F2 = flat
    return _said(WORD, by=b"F2")


STOPPED: dict[str, Callable[[Pdf], bytes]] = {
    "in a letter": _in_a_letter,
    "in a mask": _in_a_mask,
    "one upon the other": _without_width,
}
TOLD: dict[str, Callable[[Pdf], bytes]] = {
    "by names that mean nothing": lambda pdf: _coded(pdf, [f"g{at}" for at in range(len(LETTERS))]),
}
