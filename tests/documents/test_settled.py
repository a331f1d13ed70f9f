"""Page instructions cannot turn, hide or swallow what is painted after them."""

from __future__ import annotations

import pytest

from portal.documents.bind import Front, Paper, bind
from portal.documents.intake import examine
from tests.documents.making import TEXT, new, pictures, plain, saved, texts

UNSETTLED = {
    "turned and left so": b"0 1 -1 0 300 0 cm q ",
    "shrunk to nothing": b"q 0.001 0 0 0.001 0 0 cm ",
    "more closed than opened": b"Q Q Q 0 0 0 0 0 0 cm ",
    "moved away after closing": b"Q 1 0 0 1 9000 9000 cm ",
    "clipped away": b"q 0 0 1 1 re W n ",
    "text left open": b"BT 3 Tr /F1 1 Tf ",
    "marked content left open": b"/Span <</ActualText (x)>> BDC ",
    "string left open": b"BT /F1 9 Tf (never closed ",
    "array left open": b"[ 1 2 3 ",
    "dictionary left open": b"/Span << /ActualText ",
    "picture left open": b"q BI /W 9 /H 9 /BPC 8 /CS /G ID xxxxxxxx",
    "comment left open": b"% never ends",
    "hexadecimal left open": b"<4142",
    "brackets of nobody": b") > ] >> } Q",
}


@pytest.mark.parametrize("name", UNSETTLED)
def test_the_strip_is_where_it_belongs(name: str) -> None:
    paper = examine(plain(TEXT + b" " + UNSETTLED[name]))
    honest = examine(plain(TEXT))
    front = Front("Pack", "REF", "Today")
    bound = [
        bind(front, [Paper(1, "Paper", "Police", each.pdf_clear, 1)]).pdf_clear
        for each in (paper, honest)
    ]
    assert "Page 3 of 3" in texts(bound[0])[2]
    assert _strips(pictures(bound[0])[2]) == _strips(pictures(bound[1])[2])


def _strips(picture: bytes) -> tuple[bytes, bytes]:
    """The first and last 14 of 451 lines: the two strips at half size."""
    line = len(picture) // 451
    return picture[: 14 * line], picture[-14 * line :]


def test_a_hidden_layer_left_open_does_not_hide_the_strip() -> None:
    from pikepdf import Array, Dictionary, Name, String

    pdf = new(TEXT + b" /OC /L0 BDC ")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.pages[0].obj.Resources.Properties = Dictionary(L0=layer)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    paper = examine(saved(pdf))
    honest = examine(plain(TEXT))
    front = Front("Pack", "REF", "Today")
    bound = [
        bind(front, [Paper(1, "Paper", "Police", each.pdf_clear, 1)]).pdf_clear
        for each in (paper, honest)
    ]
    assert pictures(bound[0])[2] == pictures(bound[1])[2]


def test_settled_pages_are_left_as_they_are() -> None:
    before = plain(b"q " + TEXT + b" Q", b"q q Q Q BT ET")
    assert pictures(examine(before).pdf_clear) == pictures(before)
