"""Words that are in a page and that nobody sees there are told, page by page; honest ones not."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from portal.documents.findings import FindingKind, from_kept, kept
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.look import look_through
from tests.documents.making import TEXT, font, new, opened, plain, saved, texts

UNSEEN = {
    FindingKind.OFF_PAGE_TEXT,
    FindingKind.INVISIBLE_TEXT,
    FindingKind.TINY_TEXT,
    FindingKind.SCANNED_TEXT,
    FindingKind.CROPPED_PICTURES,
    FindingKind.NOT_LOOKED_THROUGH,
}
SAY = b"BT /F1 9 Tf 72 300 Td (Leila) Tj ET"
BLACK = b"0 g 60 290 100 30 re f"


def told(clear: bytes) -> dict[FindingKind, tuple[int, ...]]:
    return {each.kind: each.pages for each in examine(clear).findings if each.kind in UNSEEN}


def clear_paint(opaque: float) -> Dictionary:
    return Dictionary(Font=Dictionary(F1=font()), ExtGState=Dictionary(G=Dictionary(ca=opaque)))


HIDDEN = {
    "white on nothing": b"1 g " + SAY,
    "nearly white": b"0.97 0.98 0.97 rg " + SAY,
    "white in CMYK": b"0 0 0 0 k " + SAY,
    "the colour behind": b"0.2 0.3 0.8 rg 0 200 595 200 re f 0.21 0.3 0.8 rg " + SAY,
    "beneath a bar": SAY + b" " + BLACK,
    "beneath white": SAY + b" 1 g 60 290 100 30 re f",
    "mode 3": b"BT 3 Tr /F1 9 Tf 72 300 Td (Leila) Tj ET",
    "mode 3 after q": b"q 3 Tr " + SAY + b" Q",
    "clipped away": b"q 0 0 10 10 re W n " + SAY + b" Q",
    "white over other words": SAY + b" 1 g BT /F1 9 Tf 72 300 Td (Unsaid) Tj ET",
    "turned": b"1 g BT /F1 9 Tf 0 1 -1 0 200 300 Tm (Leila) Tj ET",
    "part of a line": b"BT /F1 9 Tf 72 300 Td (About ) Tj 1 g (Leila) Tj 0 g ( today) Tj ET",
    "part of a line, covered": SAY + b" BT /F1 9 Tf 200 300 Td (seen) Tj ET " + BLACK,
    "stroked in white": b"1 G BT 1 Tr 0.01 w /F1 9 Tf 72 300 Td (Leila) Tj ET",
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_words_that_nobody_sees_are_told_with_their_pages(rotate: int) -> None:
    found = told(plain(TEXT, *HIDDEN.values(), TEXT, Rotate=rotate))
    pages = found.pop(FindingKind.INVISIBLE_TEXT)
    assert [way for page, way in enumerate(HIDDEN, 2) if page not in pages] == []
    assert len(pages) == len(HIDDEN)
    assert found == {}


@pytest.mark.parametrize("opaque", [0, 0.03])
def test_words_that_are_see_through_are_told(opaque: float) -> None:
    clear = plain(b"/G gs " + SAY, Resources=clear_paint(opaque))
    assert told(clear) == {FindingKind.INVISIBLE_TEXT: (1,)}


def test_words_hidden_in_a_drawing_within_a_drawing_are_told() -> None:
    pdf = new(b"/X Do")
    inner = pdf.make_stream(b"1 g " + SAY, Type=Name.XObject, Subtype=Name.Form)
    inner.BBox, inner.Resources = Array([0, 0, 595, 842]), Dictionary(Font=Dictionary(F1=font()))
    outer = pdf.make_stream(b"/Y Do", Type=Name.XObject, Subtype=Name.Form)
    outer.BBox, outer.Resources = Array([0, 0, 595, 842]), Dictionary(XObject=Dictionary(Y=inner))
    pdf.pages[0].Resources.XObject = Dictionary(X=outer)
    assert told(saved(pdf)) == {FindingKind.INVISIBLE_TEXT: (1,)}


def test_too_small_is_measured_as_shown() -> None:
    small = b"BT /F1 0.5 Tf 72 300 Td (Leila) Tj ET"
    shrunk = b"q 0.05 0 0 0.05 72 300 cm BT /F1 12 Tf (Leila) Tj ET Q"
    grown = b"q 20 0 0 20 72 300 cm BT /F1 0.5 Tf (Leila) Tj ET Q"
    assert told(plain(small, shrunk, grown)) == {FindingKind.TINY_TEXT: (1, 2)}
    assert told(plain(small, UserUnit=10)) == {}


def test_words_outside_the_edges_are_told_wherever_their_line_begins() -> None:
    runs_over = b"BT /F1 12 Tf 560 300 Td (Goes on and on) Tj ET"
    assert told(plain(TEXT, runs_over)) == {FindingKind.OFF_PAGE_TEXT: (2,)}
    assert told(plain(TEXT, CropBox=Array([0, 0, 595, 400]))) == {FindingKind.OFF_PAGE_TEXT: (1,)}


HONEST = {
    "plain": TEXT,
    "thin marks": b"BT /F1 9 Tf 72 300 Td (l I | --- ... lll III iii ___) Tj ET",
    "white on a bar": BLACK + b" 1 g " + SAY,
    "light grey": b"0.8 g " + SAY,
    "outlined": b"1 g 0 G BT 1 Tr /F1 20 Tf 72 300 Td (Leila) Tj ET",
    "white, outlined in black": b"1 g 0 G BT 2 Tr 1 w /F1 20 Tf 72 300 Td (Leila) Tj ET",
    "small print": b"BT /F1 4 Tf 72 300 Td (Leila was here, said the small print) Tj ET",
    "nothing but spaces, unseen": b"BT 3 Tr /F1 9 Tf 72 300 Td (      ) Tj ET",
    "one slip": b"1 g BT /F1 9 Tf 72 300 Td (.) Tj ET",
    "nothing": b"",
}


@pytest.mark.parametrize("rotate", [0, 90])
def test_honest_words_raise_nothing(rotate: int) -> None:
    assert told(plain(*HONEST.values(), Rotate=rotate)) == {}


def test_a_crop_that_does_not_begin_at_nought_is_looked_at_where_it_is() -> None:
    box = Array([50, 250, 350, 450])
    for rotate in (0, 90, 180, 270):
        assert told(plain(SAY, MediaBox=box, CropBox=box, Rotate=rotate)) == {}
        hidden = plain(SAY + b" " + BLACK, MediaBox=box, CropBox=box, Rotate=rotate)
        assert told(hidden) == {FindingKind.INVISIBLE_TEXT: (1,)}


def _scan(*over: bytes, shown: str = "Leila was here") -> bytes:
    picture = Image.new("L", (595, 842), 255)
    ImageDraw.Draw(picture).text((72, 842 - 300 - 20), shown, fill=0, font_size=20)
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=90)
    pdf = new(b"q 595 0 0 842 0 0 cm /I Do Q " + b" ".join(over))
    pdf.pages[0].Resources.XObject = Dictionary(
        I=pdf.make_stream(
            packed.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=595, Height=842,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
        )
    )  # fmt: skip
    return saved(pdf)


OVER = b"BT 3 Tr /F1 20 Tf 72 304 Td (Leila was here) Tj ET"


def test_the_words_of_a_scan_are_no_alarm() -> None:
    assert told(_scan(OVER)) == {FindingKind.SCANNED_TEXT: (1,)}


def test_words_laid_over_an_empty_part_of_a_scan_are_told() -> None:
    unsaid = b"BT 3 Tr /F1 20 Tf 72 700 Td (Ayesha knows) Tj ET"
    assert told(_scan(unsaid)) == {FindingKind.INVISIBLE_TEXT: (1,)}
    both = {FindingKind.INVISIBLE_TEXT: (1,), FindingKind.SCANNED_TEXT: (1,)}
    assert told(_scan(OVER, unsaid)) == both


def test_a_bar_over_the_words_of_a_scan_hides_nothing_and_is_told() -> None:
    found = told(_scan(OVER, b"0 g 60 290 250 40 re f"))
    assert found == {FindingKind.INVISIBLE_TEXT: (1,)}


def test_a_picture_cut_by_the_edges_is_told() -> None:
    pdf = opened(_scan())
    pdf.pages[0].MediaBox = pdf.pages[0].CropBox = Array([0, 0, 595, 420])
    assert told(saved(pdf))[FindingKind.CROPPED_PICTURES] == (1,)


def test_what_a_hidden_layer_says_is_told_once_as_a_layer() -> None:
    pdf = new(b"/OC /L BDC " + SAY + b" EMC " + TEXT)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Notes"))
    pdf.pages[0].Resources.Properties = Dictionary(L=layer)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    found = examine(saved(pdf)).findings
    assert [each.kind for each in found if each.kind is FindingKind.HIDDEN_LAYERS]
    assert not {each.kind for each in found} & UNSEEN


def test_what_is_told_says_that_it_stays_and_stays() -> None:
    accepted = examine(plain(HIDDEN["beneath a bar"]))
    assert "Leila" in texts(accepted.pdf_clear)[0]
    (finding,) = (each for each in accepted.findings if each.kind is FindingKind.INVISIBLE_TEXT)
    assert finding.words.startswith("Page 1 holds words that nobody sees")
    assert "stay in the copy" in finding.words
    assert finding in from_kept(kept(accepted.findings))


def test_pages_not_reached_and_files_that_burn_are_told() -> None:
    clear = plain(*[SAY] * 30)
    (late,) = look_through(clear, 30, Limits(), seconds=0).unseen
    assert (late.kind, late.pages) == (FindingKind.NOT_LOOKED_THROUGH, tuple(range(1, 31)))
    small = replace(Limits(), memory=64 * 1024 * 1024)
    (burnt,) = look_through(clear, 30, small).unseen
    assert (burnt.kind, burnt.count) == (FindingKind.NOT_LOOKED_THROUGH, 30)
    (garbage,) = look_through(b"no file", 2, Limits()).unseen
    assert garbage.pages == (1, 2)


def test_numbers_that_are_no_numbers_stop_nothing() -> None:
    wild = b"BT /F1 1e38 Tf 1e38 0 0 1e38 1e38 0 Tm (Leila) Tj ET BT /F1 -9 Tf 99 9 Td (x) Tj ET "
    assert FindingKind.INVISIBLE_TEXT in told(plain(wild + b"1 g " + SAY))


def test_a_file_of_one_long_thin_page_is_looked_through() -> None:
    thin = plain(b"1 g " + SAY, MediaBox=Array([0, 0, 14000, 842]))
    assert told(thin) == {FindingKind.INVISIBLE_TEXT: (1,)}
