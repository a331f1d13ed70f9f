"""A page in the browser: the reader's stamped copy as a picture, and the words that it shows."""

from __future__ import annotations

import io
import time

import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageChops

from portal.documents import child
from portal.documents.bind import Bound, Front, Paper, bind
from portal.documents.intake import examine
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusedPaper
from portal.documents.render import Kind, Leaf, NoSuchPage, Picture, draw, find_words, read_leaf
from portal.documents.stamp import Stamp, stamp
from tests.documents.making import new, numbered, plain, saved
from tests.documents.test_bombs import CATALOGUE, LEAF, doubles, raw, stacked_flate, stream

FRONT = Front("Meeting pack", "NMR/26/0117-P1", "Level 2 meeting")
AT = 3  # the first page after cover and contents
MARK = Stamp("Ann Ünal", "Probation", "Copy 4 of 11", "Opened 14 May 2026", "7K3M-Q9XD-2FVA")
A_PARAGRAPH = (
    b"BT /F1 12 Tf 14 TL 72 700 Td (He was seen near the family) Tj T* (on 3 May and went) Tj "
    b"T* (away at once.) Tj ET BT /F1 12 Tf 72 560 Td (A second paragraph.) Tj ET"
)
# 200 pt below the page and 10 pt below it: the second lies beneath the strip.
BESIDE = (
    b"BT /F1 12 Tf 72 -200 Td (FARBELOW) Tj ET BT /F1 12 Tf 72 -14 Td (BENEATH) Tj ET "
    b"BT /F1 12 Tf -400 400 Td (ASIDE) Tj ET BT /F1 12 Tf 72 846 Td (ABOVE) Tj ET"
)


def pack(*bodies: bytes, kept_back: int = 0) -> Bound:
    clean = [examine(body) for body in bodies]
    return bind(
        FRONT,
        [
            Paper(tab, f"Paper {tab}", "X", found.pdf_clear, found.pages, given=tab != kept_back)
            for tab, found in enumerate(clean, 1)
        ],
    )


def picture(drawn: Picture) -> Image.Image:
    with Image.open(io.BytesIO(drawn.body_clear)) as found:
        return found.convert("RGB")


def said(leaf: Leaf) -> str:
    return " ".join(leaf.texts())


def layered() -> Pdf:
    """Words on a hidden layer, in the page, in a drawing of its own, and in one inside another."""
    pdf = new(
        b"BT /F1 12 Tf 72 700 Td (Plain words) Tj ET "
        b"/OC /L0 BDC BT /F1 30 Tf 72 400 Td (SECRETONE) Tj ET "
        b"/Span BMC BT /F1 30 Tf 72 360 Td (SECRETTWO) Tj ET EMC EMC /Fm Do /Wrap Do "
        b"BT /F1 12 Tf 72 300 Td (Last words) Tj ET"
    )
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    page = pdf.pages[0].obj
    group = pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([layer])))
    page.Resources.Properties = Dictionary(L0=layer)

    def form(body: bytes, **more: object) -> object:
        made = pdf.make_stream(
            body, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 595, 842])
        )
        made.Resources = Dictionary(Font=page.Resources.Font)
        for key, value in more.items():
            made[f"/{key}"] = value
        return pdf.make_indirect(made)

    hidden = form(b"BT /F1 12 Tf 72 200 Td (SECRETTHREE) Tj ET", OC=group)
    wrap = form(
        b"BT /F1 12 Tf 72 150 Td (Wrapped words) Tj ET /In Do "
        b"/OC /L0 BDC BT /F1 12 Tf 72 100 Td (SECRETFOUR) Tj ET EMC"
    )
    wrap.Resources.XObject = Dictionary(In=hidden)  # type: ignore[attr-defined]
    wrap.Resources.Properties = Dictionary(L0=layer)  # type: ignore[attr-defined]
    page.Resources.XObject = Dictionary(Fm=hidden, Wrap=wrap)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    return pdf


# ---- pictures ----


def test_a_picture_is_of_the_stamped_copy() -> None:
    bound = pack(numbered(2)).pdf_clear
    for sheet in (1, AT, AT + 1):
        marked, unmarked = picture(draw(stamp(bound, MARK), sheet)), picture(draw(bound, sheet))
        changed = ImageChops.difference(marked, unmarked).getbbox()
        assert changed is not None
        left, top, right, bottom = changed
        assert bottom > marked.height * 0.97, "the foot carries the line"
        assert right - left > marked.width / 3
        assert top < marked.height * 0.7, "and the mark runs across"


def test_only_text_is_png_and_what_is_painted_is_jpeg() -> None:
    painted = new()
    image = painted.make_stream(
        bytes(range(256)) * 3,
        Type=Name.XObject, Subtype=Name.Image, Width=16, Height=16,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    painted.pages[0].obj.Resources.XObject = Dictionary(I=image)
    painted.pages[0].obj.Contents = painted.make_stream(b"q 300 0 0 300 90 200 cm /I Do Q")
    copy = stamp(pack(plain(), saved(painted)).pdf_clear, MARK)
    text, photo = draw(copy, AT), draw(copy, AT + 1)
    assert (text.kind, photo.kind) == (Kind.PNG, Kind.JPEG)
    assert text.body_clear.startswith(b"\x89PNG")
    assert photo.body_clear.startswith(b"\xff\xd8\xff")


def test_a_page_of_110_dots_an_inch_and_never_more_than_2000() -> None:
    sizes = [(595, 842), (2389, 3375), (14000, 100)]
    bound = pack(*(plain(MediaBox=Array([0, 0, *size])) for size in sizes)).pdf_clear
    found = [draw(bound, sheet) for sheet in (AT, AT + 1, AT + 2)]
    assert (found[0].width, found[0].height) == (910, 1379)
    assert 1990 < found[1].height <= 2000
    assert 1990 < found[2].width <= 2000
    for drawn, sheet in zip(found, (AT, AT + 1, AT + 2), strict=True):
        leaf = read_leaf(bound, sheet)
        assert leaf.width / leaf.height == pytest.approx(drawn.width / drawn.height, rel=0.02)
    for drawn in found:
        assert picture(drawn).size == (drawn.width, drawn.height)


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_is_drawn_as_it_is_read(angle: int) -> None:
    drawn = draw(pack(plain(Rotate=angle)).pdf_clear, AT)
    assert (drawn.width > drawn.height) is (angle in {90, 270})


@pytest.mark.parametrize("sheet", [0, -1, 5, 10_000, 2**40])
def test_a_page_that_is_not_there(sheet: int) -> None:
    bound = pack(numbered(2)).pdf_clear
    with pytest.raises(NoSuchPage):
        draw(bound, sheet)
    with pytest.raises(NoSuchPage):
        read_leaf(bound, sheet)


# ---- words ----


def test_the_text_is_what_the_page_says_in_its_paragraphs() -> None:
    leaf = read_leaf(pack(plain(A_PARAGRAPH)).pdf_clear, AT)
    assert leaf.texts() == (
        "He was seen near the family on 3 May and went away at once.",
        "A second paragraph.",
    )


def test_the_text_is_what_another_program_reads_too() -> None:
    words = [b"Visited", b"the", b"flat;", b"nobody", b"was", b"in.", b"Left", b"a", b"card."]
    body = plain(
        b"".join(
            b"BT /F1 11 Tf 72 %d Td (%s) Tj ET " % (700 - 15 * n, b" ".join(words[n:] + words[:n]))
            for n in range(9)
        )
    )
    other = pypdf.PdfReader(io.BytesIO(examine(body).pdf_clear)).pages[0].extract_text()
    assert said(read_leaf(pack(body).pdf_clear, AT)).split() == other.split()


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_word_lies_where_its_ink_is(angle: int) -> None:
    body = b"BT /F1 40 Tf 150 300 Td (Harbourside) Tj ET"
    bound = pack(plain(body, Rotate=angle, MediaBox=Array([50, 20, 645, 862]))).pdf_clear
    [[(word,)]] = read_leaf(bound, AT).paragraphs
    drawn = picture(draw(bound, AT)).convert("L")
    wide, high = drawn.size
    inside = drawn.point(lambda shade: 255 if shade < 128 else 0)
    strip = int(high * 32 / (902 if angle in {0, 180} else 655))
    ink = inside.crop((0, strip, wide, high - strip)).getbbox()
    assert ink is not None
    box = (word.x * wide, word.y * high - strip, (word.x + word.w) * wide,
           (word.y + word.h) * high - strip)  # fmt: skip
    assert all(abs(one - other) < 5 for one, other in zip(ink, box, strict=True)), (ink, box)


def test_the_mark_of_the_copy_and_the_strips_are_not_in_the_text() -> None:
    leaf = read_leaf(pack(numbered(2)).pdf_clear, AT + 1)
    assert said(leaf) == "Sheet 2"


def test_what_is_hidden_is_not_in_the_text() -> None:
    bound = pack(saved(layered())).pdf_clear
    assert said(read_leaf(bound, AT)) == "Plain words Wrapped words Last words"
    assert b"SECRET" not in said(read_leaf(bound, AT)).encode()
    assert [hit.sheet for hit in find_words(bound, "last WORDS").hits] == [AT]
    for word in ("secretone", "secrettwo", "secretthree", "secretfour"):
        assert find_words(bound, word).hits == ()


def test_a_layer_that_is_shown_is_in_the_text() -> None:
    pdf = layered()
    pdf.Root.OCProperties.D.OFF = Array([])
    assert "SECRETFOUR" in said(read_leaf(pack(saved(pdf)).pdf_clear, AT))


def test_what_lies_beside_the_page_is_not_in_the_text() -> None:
    bound = pack(plain(BESIDE + b" BT /F1 12 Tf 72 400 Td (Seen) Tj ET")).pdf_clear
    assert said(read_leaf(bound, AT)) == "Seen"
    assert find_words(bound, "beneath").hits == ()


def test_a_page_without_text_has_none() -> None:
    assert read_leaf(pack(plain(b"0 0 1 rg 72 400 100 100 re f")).pdf_clear, AT).texts() == ()


def test_the_same_page_prepared_or_not_has_its_words_at_the_same_place() -> None:
    """A paper that nobody bound is given its strips only when it is stamped."""
    bare = examine(plain()).pdf_clear
    [[(plain_, words)]] = read_leaf(bare, 1).paragraphs
    [[(bound_plain, bound_words)]] = read_leaf(pack(plain()).pdf_clear, AT).paragraphs
    assert plain_.text == bound_plain.text
    assert abs(plain_.y - bound_plain.y) < 0.001
    assert abs(words.y + words.h - bound_words.y - bound_words.h) < 0.001


# ---- where one is ----


def test_labels_and_tabs_are_those_of_the_pack() -> None:
    bound = pack(numbered(2), numbered(3), numbered(1), kept_back=2).pdf_clear
    found = read_leaf(bound, 5).contents
    assert found.labels == ("1", "2", "3", "4", "5-7", "8")
    assert (found.sheets, found.label_of(5)) == (6, "5-7")
    assert [(tab.title, tab.sheet) for tab in found.tabs] == [
        ("Cover and contents", 1),
        ("Tab 1: Paper 1", 3),
        ("Tab 2: Paper 2 (not in your copy)", 5),
        ("Tab 3: Paper 3", 6),
    ]
    assert found.tab_of(1) == found.tabs[0]
    assert found.tab_of(5) == found.tabs[2]
    assert found.tab_after(5) == found.tabs[3]
    assert found.tab_after(6) is None
    assert found == find_words(bound, "sheet").contents
    printed = {"1": 1, " 4 ": 4, "5": 5, "6": 5, "7": 5, "8": 6, "5-7": 5}
    assert {number: found.sheet_of(number) for number in printed} == printed
    for number in ("", "0", "9", "-1", "x", "6a", "٦", "9" * 5000, "5-"):
        assert found.sheet_of(number) is None


# ---- find ----


def test_words_are_found_across_lines_and_in_any_case() -> None:
    bound = pack(numbered(3), plain(A_PARAGRAPH)).pdf_clear
    found = find_words(bound, "  FAMILY   on 3 ")
    assert [hit.sheet for hit in found.hits] == [6]
    assert found.hits[0].found == "family on 3"
    assert found.hits[0].before == "He was seen near the "
    assert found.hits[0].after.startswith(" May and went")
    assert [hit.sheet for hit in find_words(bound, "sheet").hits] == [3, 4, 5]


def test_nothing_is_found_for_nothing_nor_for_what_is_not_there() -> None:
    bound = pack(numbered(2)).pdf_clear
    for wanted in ("", "   ", "unwritten", "(", ".*", "\x00", "sheet" * 500):
        assert find_words(bound, wanted).hits == ()


def test_the_mark_is_not_found_as_if_the_paper_said_it() -> None:
    assert find_words(pack(numbered(2)).pdf_clear, "official-sensitive").hits[1:] == ()


# ---- bombs ----

BOMBS = {
    "drawings that double": doubles,
    "a page of a gigabyte": stacked_flate,
    "patterns in patterns": lambda: raw(
        CATALOGUE,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        LEAF.replace(b"<<>>", b"<</XObject<</I 5 0 R>>>>"),
        stream(b"/I Do " * 400_000),
        stream(
            b"q 0 0 9 9 re W n /I Do /I Do Q " * 2000,
            b"/Type/XObject/Subtype/Form/BBox[0 0 900 900]/Resources<</XObject<</I 6 0 R>>>>",
        ),
        stream(b"0 0 m 900 900 l S " * 2000, b"/Type/XObject/Subtype/Form/BBox[0 0 900 900]"),
    ),
    "a file that is none": lambda: b"%PDF-1.7\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_that_came_this_far_costs_its_child_alone(name: str) -> None:
    """Intake refuses these; a renderer is a larger program, so the limits stand here as well."""
    begun = time.monotonic()
    try:
        drawn = draw(BOMBS[name](), 1)
        assert drawn.width <= 2000
    except RefusedPaper:
        pass
    assert time.monotonic() - begun < 25
    assert draw(pack(plain()).pdf_clear, 1).width == 910


def test_a_child_may_not_take_more_memory_than_it_is_given() -> None:
    limits = Limits(pages=10_000, memory=64 * MIB, cpu_seconds=8, wall_seconds=20.0)
    with pytest.raises(RefusedPaper):
        child.run("draw", {"page": 1}, [plain(MediaBox=Array([0, 0, 2389, 3375]))], limits)
