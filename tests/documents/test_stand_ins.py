"""Words that a file says in the place of those it paints hide neither from any search."""

from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.redact import Area, extract, look_again, occurrences
from portal.documents.refusal import RefusalCode
from tests.documents.leaks import OTHER, SECRET, everywhere
from tests.documents.making import font, new, opened, outcome, plain, saved, texts


def spoken(says: bytes, paints: bytes = b"Quixwood", at: int = 700) -> bytes:
    """A line that paints one thing and says another."""
    return b"/Span <</ActualText %s>> BDC BT /F1 24 Tf 72 %d Td (%s) Tj ET EMC " % (
        says,
        at,
        paints,
    )


def _in_a_drawing(pdf: Pdf) -> None:
    form = Stream(pdf, spoken(b"(Other)"), Type=Name.XObject, Subtype=Name.Form)
    form.BBox, form.Resources = Array([0, 0, 595, 842]), Dictionary(Font=Dictionary(F1=font()))
    pdf.pages[0].Resources.XObject = Dictionary(Fm=form)
    pdf.pages[0].Contents = pdf.make_stream(b"/Fm Do")


def _by_a_name(pdf: Pdf) -> None:
    pdf.pages[0].Resources.Properties = Dictionary(
        P1=pdf.make_indirect(Dictionary(ActualText=String("Other")))
    )
    pdf.pages[0].Contents = pdf.make_stream(
        b"/Span /P1 BDC BT /F1 24 Tf 72 700 Td (Quixwood) Tj ET EMC"
    )


WAYS = {
    "another word": spoken(b"(Other)"),
    "another alphabet": spoken(b"<FEFF041404400443>"),
    "nothing": spoken(b"()"),
    "a space": spoken(b"( )"),
    "what nobody prints": spoken(b"(\\001)"),
    "a name in numbers": spoken(b"(Other)").replace(b"ActualText", b"Actual#54#65xt"),
    "in pieces": spoken(b"(Other)").replace(b"(Quixwood) Tj", b"(Quix) Tj (wood) Tj"),
    "within another": b"/P <</ActualText (Outer)>> BDC " + spoken(b"(Other)") + b"EMC",
    "part of a word": spoken(b"(Qu)", b"Quix") + b"BT /F1 24 Tf 122 700 Td (wood) Tj ET",
}


def source(way: str) -> bytes:
    pdf = new(WAYS.get(way, b""), OTHER)
    for page in pdf.pages:
        page.Resources = Dictionary(Font=Dictionary(F1=font()))
    if way == "in a drawing":
        _in_a_drawing(pdf)
    elif way == "by a name":
        _by_a_name(pdf)
    return examine(saved(pdf)).pdf_clear


@pytest.mark.parametrize("way", [*WAYS, "in a drawing", "by a name"])
def test_a_word_that_says_another_is_found_and_gone(way: str) -> None:
    clear = source(way)
    found, _ = occurrences(clear, SECRET)
    assert [each.sheet for each in found] == [1]
    made = extract(clear, [1, 2], [area for each in found for area in each.areas], [SECRET])
    assert made.tested.passed
    assert everywhere(made.pdf_clear) == []


@pytest.mark.parametrize("way", [*WAYS, "in a drawing", "by a name"])
def test_a_word_that_says_another_stops_an_extract_that_leaves_it(way: str) -> None:
    clear = source(way)
    made = extract(clear, [1, 2], [], [SECRET])
    assert made.pdf_clear == b""
    assert [(left.sheet, left.word) for left in made.tested.seen] == [(1, SECRET)]
    assert [left.sheet for left in look_again(clear, [SECRET]).seen] == [1]


def test_a_word_that_is_only_said_is_found_too_and_what_is_painted_there_goes_with_it() -> None:
    clear = examine(plain(spoken(b"(Quixwood)", b"Painted"), OTHER)).pdf_clear
    found, _ = occurrences(clear, SECRET)
    made = extract(clear, [1, 2], found[0].areas, [SECRET])
    assert made.tested.passed
    assert everywhere(made.pdf_clear) == []


def test_one_place_that_is_marked_does_not_settle_another() -> None:
    clear = examine(plain(spoken(b"(Other)") + spoken(b"(More)", at=500), OTHER)).pdf_clear
    found, _ = occurrences(clear, SECRET)
    assert len(found) == 2
    made = extract(clear, [1, 2], found[0].areas, [SECRET])
    assert made.pdf_clear == b""
    assert [(left.sheet, left.times) for left in made.tested.seen] == [(1, 1)]
    both = extract(clear, [1, 2], [a for each in found for a in each.areas], [SECRET])
    assert both.tested.passed


def test_a_picture_says_what_it_shows() -> None:
    clear = examine(plain(spoken(b"(Other)", b"Painted") + spoken(b"(Gone)", at=500))).pdf_clear
    found, _ = occurrences(clear, SECRET)
    made = extract(clear, [1], found[0].areas, [SECRET])
    assert "Painted" in texts(made.pdf_clear)[0]
    assert "Other" not in texts(made.pdf_clear)[0]


def patterned(wide: bytes) -> bytes:
    pdf = new(b"/Pattern cs /P1 scn 50 500 %s 200 re f" % wide, OTHER)
    tile = Stream(
        pdf, b"BT /F1 24 Tf 2 6 Td (Quixwood) Tj ET", Type=Name.Pattern, PatternType=1,
        PaintType=1, TilingType=1, BBox=Array([0, 0, 200, 40]), XStep=200, YStep=40,
    )  # fmt: skip
    tile.Resources = Dictionary(Font=Dictionary(F1=font()))
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font()), Pattern=Dictionary(P1=tile))
    return examine(saved(pdf)).pdf_clear


def test_a_word_that_only_a_pattern_shows_is_not_settled_by_a_picture() -> None:
    clear = patterned(b"400")
    made = extract(clear, [1, 2], [], [SECRET])
    assert made.pdf_clear == b""
    assert [left.sheet for left in made.tested.seen] == [1]
    assert extract(clear, [2], [], [SECRET]).tested.passed


def test_whoever_marked_a_place_on_it_is_told_to_look() -> None:
    clear = patterned(b"400")
    made = extract(clear, [1, 2], [Area(1, 0, 0, 1, 1)], [SECRET])
    assert made.tested.pictures == (1,)


def told(clear: bytes) -> tuple[int, ...]:
    return next(
        (each.pages for each in examine(clear).findings if each.kind is FindingKind.OTHER_WORDS), ()
    )


DIFFER = {
    "another word": spoken(b"(Other)"),
    "no word": spoken(b"( )"),
    "one word more": spoken(b"(Quixwood again)"),
    "one word less": spoken(b"(Quixwood)", b"Quixwood again"),
    "half of it": spoken(b"(Quix)"),
}
AGREE = {
    "nothing said": b"BT /F1 24 Tf 72 700 Td (Quixwood) Tj ET",
    "the same": spoken(b"(Quixwood)"),
    "in capitals": spoken(b"(QUIXWOOD)"),
    "without its hyphen": b"BT /F1 24 Tf 72 700 Td (Quix) Tj ET "
    + spoken(b"<FEFF00AD>", b"-")
    + b"BT /F1 24 Tf 72 670 Td (wood) Tj ET",
    "parted": spoken(b"(Quix wood)"),
    "a bullet": spoken(b"<FEFF2022>", b"o"),
    "a space": spoken(b"( )", b" ") + b"BT /F1 24 Tf 72 600 Td (wood) Tj ET",
}


def test_words_that_are_said_and_not_shown_are_told_with_their_pages() -> None:
    found = told(plain(*AGREE.values(), *DIFFER.values()))
    assert found == tuple(range(len(AGREE) + 1, len(AGREE) + len(DIFFER) + 1))


def test_the_sentence_says_what_to_do() -> None:
    findings = examine(plain(*AGREE.values(), *DIFFER.values())).findings
    words = next(each.words for each in findings if each.kind is FindingKind.OTHER_WORDS)
    assert "say other words to a screen reader or a search than they show" in words
    assert "Print" in words


def _tagged(kind: str, says: str, paints: bytes = b"Quixwood") -> bytes:
    pdf = new(b"/P <</MCID 0>> BDC BT /F1 24 Tf 72 700 Td (%s) Tj ET EMC" % paints)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    row = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem, S=Name("/" + kind), P=root, Pg=pdf.pages[0].obj, K=0,
            ActualText=String(says),
        )
    )  # fmt: skip
    root.K = Array([row])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array([row])])))
    pdf.pages[0].StructParents = 0
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)
    return saved(pdf)


def test_what_tags_say_instead_is_told_but_for_pictures() -> None:
    assert told(_tagged("P", "Somebody else")) == (1,)
    assert told(_tagged("P", "Quixwood")) == ()
    assert told(_tagged("Figure", "The seal of the court")) == ()


@pytest.mark.parametrize("says", [b"(OFFICIAL)", b"( )", b"(\\001)", b"(S E C R E T maybe)"])
def test_a_marking_is_seen_whatever_it_says_it_says(says: bytes) -> None:
    assert outcome(plain(b"/X BMC EMC", spoken(says, b"SECRET"))) is RefusalCode.ABOVE_MARKING
    assert outcome(plain(spoken(b"(SECRET)", b"Plain"))) is RefusalCode.ABOVE_MARKING


def test_words_nobody_sees_are_told_though_they_say_nothing() -> None:
    kinds = {each.kind for each in examine(plain(b"1 g " + spoken(b"( )"))).findings}
    assert FindingKind.INVISIBLE_TEXT in kinds


def test_a_rebuilt_file_keeps_what_it_says_for_those_who_need_it() -> None:
    clear = examine(plain(spoken(b"(Quixwood)"))).pdf_clear
    with opened(clear) as pdf:
        pdf.pages[0].contents_coalesce()
        assert b"ActualText" in pdf.pages[0].Contents.read_bytes()
