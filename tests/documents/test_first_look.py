"""The first look at a page takes no word for seen that the second would tell: tried from outside,
case by case, and both looks side by side on pages put together by chance."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf

from portal.documents.boxed.glance import Glance
from portal.documents.boxed.glyphs import glyphs_of, pictures_of
from portal.documents.boxed.sight import Sight
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from tests.documents.making import TEXT, font, new, saved

SAY = b"BT /F1 9 Tf 72 300 Td (Leila) Tj ET "
# Everything a page may call upon, under one-letter names; BAR is where `SAY` stands.
BAR = b"60 290 100 30 re"
PAPER = b"1 g 0 0 595 842 re f "


def _form(pdf: Pdf, said: bytes, **uses: object) -> object:
    """A drawing of the whole page."""
    made = pdf.make_stream(said, Type=Name.XObject, Subtype=Name.Form)
    made.BBox = Array([0, 0, 595, 842])
    made.Resources = Dictionary(Font=Dictionary(F1=font()), **uses)
    return made


def _picture(pdf: Pdf, shades: bytes, **more: object) -> object:
    return pdf.make_stream(
        shades, Type=Name.XObject, Subtype=Name.Image, Width=len(shades), Height=1,
        BitsPerComponent=8, ColorSpace=Name.DeviceGray, **more,
    )  # fmt: skip


def _letters(pdf: Pdf, drawn: bytes) -> Dictionary:
    """A font whose every letter is drawn by these instructions (ISO 32000-1, 9.6.5)."""
    names = [Name("/a" + letter) for letter in "Leila"]
    glyph = pdf.make_stream(drawn)
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=0, LastChar=255,
        Widths=Array([500] * 256), Resources=Dictionary(),
        CharProcs=Dictionary({str(name): glyph for name in names}),
        Encoding=Dictionary(
            Differences=Array(
                [part for name in names for part in (ord(str(name)[2]), name)]
            )
        ),
        ToUnicode=pdf.make_stream(
            b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange "
            b"<20> <7e> <0020> endbfrange endcmap"
        ),
    )  # fmt: skip


def _resources(pdf: Pdf) -> Dictionary:
    white = _form(pdf, b"1 g " + BAR + b" f")
    shade = Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([60, 0, 160, 0]),
        Extend=Array([True, True]),
        Function=Dictionary(
            FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1
        ),
    )  # fmt: skip
    dark = Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([60, 0, 160, 0]),
        Extend=Array([True, True]),
        Function=Dictionary(
            FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([0]), N=1
        ),
    )  # fmt: skip
    tile = pdf.make_stream(
        b"1 g 0 0 9 9 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
        BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9, Resources=Dictionary(),
    )  # fmt: skip
    empty = pdf.make_stream(
        b"", Type=Name.Pattern, PatternType=1, PaintType=2, TilingType=1,
        BBox=Array([0, 0, 9, 9]), XStep=9, YStep=9, Resources=Dictionary(),
    )  # fmt: skip
    veil = _form(pdf, b"")
    veil.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)  # type: ignore[attr-defined]
    return Dictionary(
        Font=Dictionary(
            F1=font(),
            B=Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
                Encoding=Dictionary(
                    Differences=Array(
                        [part for c in "Leila" for part in (ord(c), Name.space)]
                    )
                ),
                ToUnicode=pdf.make_stream(
                    b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange "
                    b"<20> <7e> <0020> endbfrange endcmap"
                ),
            ),
            N=_letters(pdf, b"500 0 0 0 1000 1000 d1"),
            W=_letters(pdf, b"500 0 d0 1 g 0 0 450 700 re f"),
            K=_letters(pdf, b"500 0 0 0 1000 1000 d1 0 0 510 700 re f"),
            Z=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats),
        ),
        XObject=Dictionary(
            A=white,
            C=_form(pdf, b"/A Do", XObject=Dictionary(A=white)),
            D=_form(pdf, SAY),
            E=_form(pdf, b"q 1 0 0 1 0 99 cm /C Do Q",
                    XObject=Dictionary(C=_form(pdf, b"1 g 60 191 100 30 re f"))),
            I=_picture(pdf, b"\xff"),
            J=_picture(pdf, b"\x00\xff" * 50, SMask=_picture(pdf, b"\xff" * 100)),
            M=pdf.make_stream(
                b"\x00", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1,
                BitsPerComponent=1, ImageMask=True,
            ),
        ),
        ExtGState=Dictionary(
            S=Dictionary(BM=Name.Screen), L=Dictionary(BM=Name.Lighten), O=Dictionary(ca=0),
            X=Dictionary(BM=Name.Difference),
            V=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=veil)),
        ),
        Pattern=Dictionary(P=tile, H=Dictionary(PatternType=2, Shading=shade), U=empty,
                           G=Dictionary(PatternType=2, Shading=dark)),
        ColorSpace=Dictionary(U=Array([Name.Pattern, Name.DeviceGray])),
        Shading=Dictionary(H=shade),
    )  # fmt: skip


def _pdf(*contents: bytes, **more: object) -> Pdf:
    pdf = new(*contents, **more)
    resources = pdf.make_indirect(_resources(pdf))
    for page in pdf.pages:
        page.obj.Resources = resources
    return pdf


COVERS = {
    "a drawing": b"/A Do",
    "a drawing within a drawing": b"/C Do",
    "a drawing moved within a drawing": b"/E Do",
    "a picture": b"q 100 0 0 30 60 290 cm /I Do Q",
    "a picture upside down": b"q -100 0 0 -30 160 320 cm /I Do Q",
    "a picture turned": b"q 0 30 -100 0 160 290 cm /I Do Q",
    "a stencil": b"q 1 g 100 0 0 30 60 290 cm /M Do Q",
    "an inline picture": b"q 100 0 0 30 60 290 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q",
    "a shading": b"q " + BAR + b" W n /H sh Q",
    "a pattern": b"/Pattern cs /P scn " + BAR + b" f",
    "a shading as a pattern": b"/Pattern cs /H scn " + BAR + b" f",
    "a thick line": b"1 G 40 w 60 303 m 160 303 l S",
    "a line made thick": b"q 1 G 20 0 0 20 0 0 cm 2 w 3 15.1 m 8 15.1 l S Q",
    "a dot with a round end": b"1 G 200 w 1 J 100 303 m 100 303 l S",
    "the point of a corner": b"1 G 20 w 0 j 900 M -500 303 m -800 306 l -500 309 l S "
    b"1 G 60 w 50 303 m 170 303 l S",
    "a curve": b"1 g 60 280 m 60 330 170 330 170 280 c f",
    "letters of paper": b"1 g BT /Z 40 Tf 60 288 Td (nnn) Tj ET",
    "letters of ink": b"0 g BT /Z 60 Tf 55 280 Td (nnn) Tj ET",
    "drawn letters of ink": b"0 g BT /K 60 Tf 50 290 Td (Leila) Tj ET",
    "what lightens": b"q /L gs 1 g " + BAR + b" f Q",
    "a pile": b"/A Do 0.9 g " + BAR + b" f /A Do",
}
HIDDEN = {
    **{f"beneath {cover}": SAY + drawn for cover, drawn in COVERS.items()},
    "white on black on white": BAR + b" f 1 g " + BAR + b" f " + SAY,
    "in a drawing, beneath": b"/D Do " + BAR + b" f",
    "in a drawing, beneath a drawing": b"/D Do /C Do",
    "white, set around a drawing": b"1 g /D Do",
    "screened": PAPER + b"/S gs 0 g " + SAY,
    "lightened": PAPER + b"/L gs 0 g " + SAY,
    "see-through, deep within": b"q q q /O gs q " + SAY + b"Q Q Q Q",
    "beneath a soft mask": b"/V gs " + SAY,
    "a pattern of paper": b"/Pattern cs /P scn " + SAY,
    "on a shading of ink, behind a heading": b"/Pattern cs /G scn " + BAR + b" f 0 g " + SAY
    + b"1 g BT /F1 14 Tf 68 298 Td (Much of it) Tj ET",
    "a pattern of nothing": b"/U cs 0 /U scn " + SAY,
    "a shading of paper": b"/Pattern cs /H scn " + SAY,
    "letters that are spaces": b"BT /B 9 Tf 72 300 Td (Leila) Tj ET",
    "letters that are nothing": b"BT /N 9 Tf 72 300 Td (Leila) Tj ET",
    "letters that are white of themselves": b"BT /W 9 Tf 72 300 Td (Leila) Tj ET",
    "a clip of letters": b"BT 7 Tr /F1 9 Tf 72 300 Td (Leila) Tj ET",
    "cut by a clip of nothing": b"q 0 0 0 0 re W n " + SAY + b"Q",
    "cut by two clips": b"q 0 0 90 842 re W n 300 0 90 842 re W n " + SAY + b"Q",
    "black on a page made black": PAPER + b"q /X gs 0 0 595 842 re f Q 0 g " + SAY,
    "q left open": b"q 1 g q 0 g Q " + SAY,
    "a size below nought": b"1 g BT /F1 -9 Tf 99 300 Td (Leila) Tj ET",
    "mirrored": b"q -1 0 0 1 400 0 cm 1 g " + SAY + b"Q",
    "mirrored beneath": b"q -1 0 0 1 220 0 cm " + SAY + b"Q " + BAR + b" f",
    "rise": b"BT /F1 9 Tf 200 Ts 72 100 Td (Leila) Tj ET " + BAR + b" f",
    "spread over a bar": b"BT /F1 9 Tf 8 Tc 70 300 Td (Leila) Tj ET " + BAR + b" f",
    "one seen line above": TEXT + b" 1 g " + SAY,
    "a seen line above it all, beneath": TEXT + b" " + SAY + b"/E Do",
}  # fmt: skip


def told(clear: bytes) -> dict[FindingKind, tuple[int, ...]]:
    unseen = {FindingKind.INVISIBLE_TEXT, FindingKind.OFF_PAGE_TEXT, FindingKind.NOT_LOOKED_THROUGH}
    return {each.kind: each.pages for each in examine(clear).findings if each.kind in unseen}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_whatever_hides_a_word_is_told(rotate: int) -> None:
    found = told(saved(_pdf(TEXT, *HIDDEN.values(), TEXT, Rotate=rotate)))
    pages = found.pop(FindingKind.INVISIBLE_TEXT)
    assert [way for page, way in enumerate(HIDDEN, 2) if page not in pages] == []
    assert len(pages) == len(HIDDEN)
    assert found == {}


def test_what_lies_over_a_word_from_outside_the_page_s_own_words_is_told() -> None:
    pdf = _pdf(SAY, SAY, SAY, SAY + b"/OC /Y BDC 1 g " + BAR + b" f EMC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Cover"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer])))
    pdf.pages[0].Resources.Properties = Dictionary(Y=layer)
    for index, subtype in enumerate((Name.FreeText, Name.Stamp, Name.Square)):
        cover = pdf.make_stream(b"1 g 0 0 100 30 re f", Type=Name.XObject, Subtype=Name.Form)
        cover.BBox = Array([0, 0, 100, 30])
        pdf.pages[index].obj.Annots = Array(
            [
                pdf.make_indirect(
                    Dictionary(
                        Type=Name.Annot, Subtype=subtype, Rect=Array([60, 290, 160, 320]), F=4,
                        AP=Dictionary(N=cover),
                    )
                )
            ]
        )  # fmt: skip
    assert told(saved(pdf)) == {FindingKind.INVISIBLE_TEXT: (1, 2, 3, 4)}


def test_white_words_of_a_note_are_told() -> None:
    pdf = _pdf(TEXT)
    note = pdf.make_stream(b"1 g BT /F1 9 Tf 9 9 Td (Leila) Tj ET")
    note.Type, note.Subtype, note.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 30])
    note.Resources = Dictionary(Font=Dictionary(F1=font()))
    pdf.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([60, 290, 160, 320]), F=4,
                AP=Dictionary(N=note),
            )
        ]
    )  # fmt: skip
    assert told(saved(pdf)) == {FindingKind.INVISIBLE_TEXT: (1,)}


def test_instructions_in_pieces_are_read_as_one() -> None:
    pdf = _pdf(b"")
    whole = SAY + b"1 g " + BAR + b" f"
    for cut in (3, len(SAY) - 8, len(SAY) + 2, len(whole) - 1):
        pdf.pages[0].obj.Contents = Array(
            [pdf.make_stream(whole[:cut]), pdf.make_stream(b""), pdf.make_stream(whole[cut:])]
        )
        assert set(told(saved(pdf))) <= {FindingKind.INVISIBLE_TEXT}
    # Cut between two instructions: the same page, and the same answer.
    pdf.pages[0].obj.Contents = Array([pdf.make_stream(SAY), pdf.make_stream(whole[len(SAY) :])])
    assert told(saved(pdf)) == {FindingKind.INVISIBLE_TEXT: (1,)}


def test_a_crop_box_that_is_inherited_counts() -> None:
    pdf = _pdf(SAY, SAY + BAR + b" f")
    pdf.Root.Pages.CropBox = Array([0, 295, 595, 842])
    assert told(saved(pdf)) == {FindingKind.INVISIBLE_TEXT: (2,)}
    pdf.Root.Pages.CropBox = Array([0, 400, 595, 842])
    assert told(saved(pdf)) == {FindingKind.OFF_PAGE_TEXT: (1, 2)}


PROVEN = {
    "plain": TEXT,
    "paper painted first": PAPER + b"0 g " + TEXT,
    "thin and bold": b"BT /F1 11 Tf 72 300 Td (Illicit III billing 1.1 - little) Tj ET",
    "colours": b"0 0 1 rg " + SAY + b"0 1 0 RG 1 0 0 rg BT /F1 12 Tf 72 500 Td (Red) Tj ET",
    "lines and pictures elsewhere": b"72 500 m 400 500 l S q 90 0 0 90 300 80 cm /J Do Q " + SAY,
    "turned": b"BT /F1 12 Tf 0 1 -1 0 300 300 Tm (Upwards) Tj ET",
    "upside down": b"BT /F1 12 Tf -1 0 0 -1 300 300 Tm (Over) Tj ET",
    "a size below nought": b"BT /F1 -12 Tf -1 0 0 -1 72 300 Tm (Over) Tj ET",
    "a clip around it": b"q 60 280 200 60 re W n " + SAY + b"Q",
}
DOUBTED = {
    "on a shade": b"0.9 g " + BAR + b" f 0 g " + SAY,
    "white on a bar": BAR + b" f 1 g " + SAY,
    "underlined": SAY + b"72 298 m 100 298 l S",
    "in a drawing": b"/D Do",
    "over a picture": b"q 595 0 0 842 0 0 cm /J Do Q 1 0 0 rg " + SAY,
    "paper painted last, elsewhere": SAY + b"1 g 200 100 90 90 re f",
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_ordinary_words_are_proven_at_the_first_look(rotate: int) -> None:
    clear = examine(saved(_pdf(*PROVEN.values(), Rotate=rotate))).pdf_clear
    pdf = pdfium.PdfDocument(clear)
    for index, way in enumerate(PROVEN):
        page = pdf[index]
        glyphs, _ = glyphs_of(page, 1000)
        glance = Glance(page)
        assert glyphs
        doubted = [glyph.letter for glyph in glyphs if not glance.proves(glyph)]
        # One alone, a stroke between others, is no word; a second look is not worth its while.
        assert not doubted or (len(doubted) == 1 and doubted[0] in "Il"), way


def test_honest_words_that_it_leaves_in_doubt_raise_nothing() -> None:
    assert told(saved(_pdf(*DOUBTED.values()))) == {}


_WAYS = st.sampled_from(
    [
        SAY, b"BT /F1 14 Tf 60 295 Td (Much of it) Tj ET ", b"BT /Z 20 Tf 80 292 Td (nq) Tj ET ",
        b"BT /W 14 Tf 66 298 Td (Leila) Tj ET ", b"BT /K 14 Tf 70 299 Td (Leila) Tj ET ",
        BAR + b" f ", b"60 303 m 99 303 l S ", BAR + b" B ", b"/A Do ", b"/D Do ", b"/E Do ",
        b"q 30 0 0 9 70 298 cm /J Do Q ", b"q 30 0 0 9 80 301 cm /M Do Q ", b"/S gs ", b"/X gs ",
        b"/O gs ", b"/V gs ", b"1 g ", b"0.93 g ", b"0 g ", b"1 0 0 rg ", b"1 1 0.9 rg ",
        b"0.5 w ", b"12 w ", b"1 G ", b"/Pattern cs /P scn ", b"/Pattern cs /H scn ", b"q ", b"Q ",
        b"1 0 0 1 3 1 cm ", b"-1 0 0 1 180 0 cm ", b"0.5 0 0 0.5 40 150 cm ", b"3 Tr ", b"1 Tr ",
        b"0 Tr ", b"70 300 9 9 re W n ", b"60 290 100 30 re W n ", b"2 Ts ", b"60 Tz ",
    ]
)  # fmt: skip


@given(said=st.lists(_WAYS, min_size=2, max_size=12), rotate=st.sampled_from([0, 90, 180, 270]))
@settings(max_examples=150, deadline=None)
def test_what_the_first_look_proves_the_second_does_not_deny(
    said: list[bytes], rotate: int
) -> None:
    page = pdfium.PdfDocument(saved(_pdf(b"".join(said), Rotate=rotate)))[0]
    glyphs, _ = glyphs_of(page, 1000)
    glance = Glance(page)
    proven = [glyph for glyph in glyphs if glance.proves(glyph)]
    sight = Sight(page, pictures_of(page))
    assert [glyph.letter for glyph in proven if sight.hides(glyph)] == []
