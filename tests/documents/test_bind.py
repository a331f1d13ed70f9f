"""A pack has one numbering for every reader, and says on each page what it is."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, NumberTree, Pdf, String

from portal.documents.bind import Bound, Front, Paper, bind, without
from portal.documents.intake import examine
from portal.documents.refusal import RefusedPaper
from portal.documents.typeset import typeset
from tests.documents.making import new, numbered, opened, page, pictures, plain, saved, texts

FRONT = Front(
    "Level 2 meeting",
    "BK/2026/014",
    "14 May 2026 at 9.30",
    ("Do not copy.",),
    recipient_line="Prepared for Ann Ünal",
)


def papers(*counts: int) -> list[Paper]:
    return [
        Paper(
            tab,
            f"Paper {tab}",
            f"Agency {tab}",
            examine(numbered(count, f"P{tab}S")).pdf_clear,
            count,
        )
        for tab, count in enumerate(counts, 1)
    ]


def labels(bound: Bound) -> list[str]:
    document = pypdfium2.PdfDocument(bound.pdf_clear)
    try:
        return [document.get_page_label(n) for n in range(len(document))]
    finally:
        document.close()


def test_pages_count_on_through_all_papers() -> None:
    bound = bind(FRONT, papers(3, 1, 4))
    assert (bound.pages, bound.sheets) == (10, 10)
    assert [(c.tab, c.first_page, c.last_page) for c in bound.contents] == [
        (1, 3, 5), (2, 6, 6), (3, 7, 10),
    ]  # fmt: skip
    for number, text in enumerate(texts(bound.pdf_clear), 1):
        assert f"Page {number} of 10" in text
        assert "OFFICIAL-SENSITIVE" in text
    assert "Tab 3: Paper 3" in texts(bound.pdf_clear)[7]
    assert "P3S 2" in texts(bound.pdf_clear)[7]
    assert labels(bound) == [str(n) for n in range(1, 11)]


def test_a_paper_not_given_is_one_page_and_moves_no_number() -> None:
    every = papers(3, 8, 2)
    whole, part = bind(FRONT, every), bind(FRONT, without(every, frozenset({2})))
    assert part.pages == whole.pages
    assert part.sheets == whole.sheets - 7
    assert [c.first_page for c in part.contents] == [c.first_page for c in whole.contents]
    assert [c.given for c in part.contents] == [True, False, True]
    assert labels(part) == ["1", "2", "3", "4", "5", "6-13", "14", "15"]
    missing = " ".join(texts(part.pdf_clear)[5].split())
    assert "Pages 6 to 13 (Tab 2: Paper 2) are not in your copy. Ask the chair." in missing
    assert "Pages 6 to 13 of 15" in missing
    assert "P2S" not in " ".join(texts(part.pdf_clear))
    assert "Page 14 of 15" in texts(part.pdf_clear)[6]


def test_one_page_not_given() -> None:
    bound = bind(FRONT, without(papers(1), frozenset({1})))
    assert "Page 3 (Tab 1: Paper 1) is not in your copy." in " ".join(
        texts(bound.pdf_clear)[2].split()
    )


def extract(count: int, pages: int) -> Paper:
    """The second of three papers, cut down to some of its pages."""
    body = examine(numbered(count, "Cut")).pdf_clear
    return Paper(2, "Paper 2", "Agency 2", body, pages, cut=count)


@pytest.mark.parametrize(
    ("count", "left"), [(1, "Pages 7 to 9 of 10"), (3, "Page 9 of 10"), (4, None)]
)
def test_an_extract_takes_the_numbers_of_its_paper(count: int, left: str | None) -> None:
    first, whole, last = papers(3, 4, 1)
    bound = bind(FRONT, [first, extract(count, 4), last])
    full = bind(FRONT, [first, whole, last])
    assert bound.pages == full.pages == 10
    said = texts(bound.pdf_clear)
    assert len(said) == bound.sheets == 10 - 4 + count + (left is not None)
    assert [f"Cut {n}" in said[4 + n] and f"Page {5 + n} of 10" in said[4 + n]
            for n in range(1, count + 1)] == [True] * count  # fmt: skip
    assert "Page 10 of 10" in said[-1]
    assert "P3S 1" in said[-1]
    assert "extract" in said[1]
    assert "Tab 2: Paper 2 (extract)" in said[5]
    printed = labels(bound)
    assert printed[5 : 5 + count] == [str(6 + n) for n in range(count)]
    assert printed[-1] == "10"
    if left:
        assert left in said[5 + count]
        assert "It has an extract of this paper." in " ".join(said[5 + count].split())
        assert printed[5 + count] == ("7-9" if count == 1 else "9")
    assert not any("P2S" in page for page in said)
    for other, same in ((0, 0), (2, 2), (4, 4)):
        assert texts(full.pdf_clear)[other] == said[same]


@pytest.mark.parametrize("wrong", [3, 5, -1])
def test_an_extract_has_the_pages_it_says_and_no_more_than_its_paper(wrong: int) -> None:
    first, _whole, last = papers(1, 1, 1)
    body = examine(numbered(2)).pdf_clear
    with pytest.raises(ValueError, match="tab 2"):
        bind(FRONT, [first, Paper(2, "Paper 2", "Agency 2", body, 4, cut=wrong), last])


def test_what_is_not_given_is_no_extract() -> None:
    with pytest.raises(ValueError, match="tab 1"):
        bind(FRONT, [Paper(1, "Paper 1", "Agency 1", None, 4, given=False, cut=1)])


def test_the_contents_have_one_length_whatever_a_reader_is_given() -> None:
    every = [
        Paper(tab, "A title that goes on for a while " * (tab % 4), "Agency", None, 2, given=False)
        for tab in range(1, 60)
    ]
    body = examine(numbered(2)).pdf_clear
    given = [Paper(p.tab, p.title, p.owner, body, 2) for p in every]
    long = Front(FRONT.title, FRONT.reference, FRONT.meeting_line, recipient_line="Name " * 90)
    none, all_of_them, other = bind(FRONT, every), bind(FRONT, given), bind(long, given)
    assert none.contents[0].first_page > 3
    firsts = [[c.first_page for c in b.contents] for b in (none, all_of_them, other)]
    assert firsts[0] == firsts[1] == firsts[2]


def test_contents_and_bookmarks_lead_to_the_papers() -> None:
    bound = bind(FRONT, papers(2, 3))
    pdf = opened(bound.pdf_clear)
    where = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    links = [link for page in list(pdf.pages)[:2] for link in list(page.obj.get("/Annots", []))]
    assert [where[link.Dest[0].objgen] for link in links] == [3, 5]
    assert all("/A" not in link for link in links)
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Cover and contents", "Tab 1: Paper 1", "Tab 2: Paper 2",
        ]  # fmt: skip
    assert b"pack.invalid" not in b"".join(o.unparse() for o in pdf.objects)


def test_links_inside_a_paper_lead_there_in_the_pack() -> None:
    pdf = new(*[b"BT ET"] * 3)
    pdf.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=[1, 1, 9, 9],
                Dest=Array([pdf.pages[2].obj, Name.XYZ, 5, 6, 1]),
            )
        ]
    )
    linked = examine(saved(pdf)).pdf_clear
    made = papers(2)
    bound = bind(
        FRONT, [*made, Paper(2, "Linked", "X", linked, 3), Paper(3, "Again", "X", linked, 3)]
    )
    pack = opened(bound.pdf_clear)
    for start in (4, 7):
        target = pack.pages[start].obj.Annots[0].Dest
        assert target[0].objgen == pack.pages[start + 2].obj.objgen
        assert int(target[2]) == 5


def test_a_link_to_the_outside_in_a_paper_is_not_taken_for_our_own() -> None:
    pdf = new()
    pdf.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=[1, 1, 9, 9],
                A=Dictionary(S=Name.URI, URI=String("https://pack.invalid/paper/0")),
            )
        ]
    )
    bound = bind(FRONT, [Paper(1, "Raw", "X", saved(pdf), 1)])
    pack = opened(bound.pdf_clear)
    assert "/Annots" not in pack.pages[2].obj


def test_tags_of_every_paper_survive() -> None:
    tagged = typeset("notice", {"title": "Seen", "paragraphs": ["One.", "Two."]})
    body = examine(tagged).pdf_clear
    bound = bind(
        FRONT,
        [
            Paper(1, "First", "X", body, 1),
            Paper(2, "Plain", "X", plain(), 1),
            Paper(3, "Second", "X", body, 1),
        ],
    )
    pack = opened(bound.pdf_clear)
    root = pack.Root.StructTreeRoot
    assert pack.Root.MarkInfo.Marked is True
    parts = [str(part.T) for part in root.K.K]
    assert parts == ["Cover and contents", "Tab 1: First", "Tab 3: Second"]
    owners = dict(NumberTree(root.ParentTree).items())
    kept = [int(p.obj.StructParents) for p in pack.pages if "/StructParents" in p.obj]
    assert len(kept) == len(set(kept)) == 4
    assert set(kept) <= set(owners)
    for part, number in ((1, 2), (2, 4)):
        heading = _first(root.K.K[part], "/H1")
        assert heading.Pg.objgen == pack.pages[number].obj.objgen
        assert _first(root.K.K[part], "/H1").objgen in {
            each.objgen for each in owners[int(pack.pages[number].obj.StructParents)]
        }


def _first(element: pikepdf.Object, kind: str) -> pikepdf.Object:
    waiting = [element]
    while waiting:
        each = waiting.pop(0)
        if each.get("/S") == kind:
            return each
        below = each.get("/K")
        waiting += [
            k
            for k in (list(below) if isinstance(below, Array) else [below])
            if isinstance(k, Dictionary) and "/S" in k
        ]
    raise AssertionError(kind)


def test_hidden_layers_of_two_papers_stay_hidden() -> None:
    pdf = new(b"/OC /L0 BDC BT /F1 40 Tf 72 400 Td (Layer) Tj ET EMC")
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.pages[0].obj.Resources.Properties = Dictionary(L0=layer)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    hidden = examine(saved(pdf)).pdf_clear
    pdf.Root.OCProperties.D.OFF = Array([])
    shown = examine(saved(pdf)).pdf_clear
    blank = plain(b"BT ET")
    made = [
        bind(FRONT, [Paper(1, "A", "X", a, 1), Paper(2, "A", "X", b, 1)]).pdf_clear
        for a, b in ((hidden, shown), (blank, shown))
    ]
    assert pictures(made[0]) == pictures(made[1])
    assert pictures(made[0])[2] != pictures(made[0])[3]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "box",
    [
        (0, 0, 595, 842),
        (0, 0, 842, 595),
        (-50, 30, 1140, 872),
        (0, 0, 200, 150),
        (5, 5, 2389, 3375),
    ],
)
def test_strips_are_above_and_below_as_shown(angle: int, box: tuple[int, ...]) -> None:
    made = Pdf.new()
    made.pages.append(
        pikepdf.Page(
            made.make_indirect(
                page(
                    made,
                    b"0 0 1 rg -9999 -9999 19999 19999 re f",
                    MediaBox=Array(box),
                    Rotate=angle,
                )
            )
        )
    )
    paper = examine(saved(made)).pdf_clear
    bound = bind(FRONT, [Paper(1, "A paper", "X", paper, 1)])
    document = pypdfium2.PdfDocument(bound.pdf_clear)
    try:
        sheet = document[2]
        wide, high = box[2] - box[0], box[3] - box[1]
        if angle in {90, 270}:
            wide, high = high, wide
        assert sheet.get_size() == pytest.approx((wide, high + 60))
        picture = sheet.render(scale=1).to_pil().convert("RGB")
        for y in (2, picture.height - 3):
            assert picture.getpixel((2, y)) == (255, 255, 255)
        for y in (34, picture.height - 35):
            assert picture.getpixel((2, y)) == (0, 0, 255)
        words = sheet.get_textpage()
        place = words.get_charbox(words.get_text_range().index("OFFICIAL"))
        assert place is not None
        text = " ".join(words.get_text_range().split())
        assert "Page 3 of 3" in text
        assert "OFFICIAL-SENSITIVE" in text
        assert _dark(picture, 0, 30)
        assert _dark(picture, picture.height - 30, picture.height)
    finally:
        document.close()


def _dark(picture: object, top: int, bottom: int) -> bool:
    strip = picture.crop((0, top, picture.width, bottom)).convert("L")  # type: ignore[attr-defined]
    return bool(strip.getextrema()[0] < 128)


def test_a_page_in_larger_units_gets_a_strip_in_points() -> None:
    paper = examine(plain(MediaBox=Array([0, 0, 300, 400]), UserUnit=2)).pdf_clear
    pack = opened(bind(FRONT, [Paper(1, "A", "X", paper, 1)]).pdf_clear)
    assert [float(n) for n in pack.pages[2].obj.MediaBox] == [0, -15, 300, 415]


def test_the_same_papers_give_the_same_bytes_without_dates() -> None:
    made = papers(2, 1)
    first = bind(FRONT, made).pdf_clear
    assert first == bind(FRONT, made).pdf_clear
    pack = opened(first)
    assert set(pack.docinfo.keys()) == {"/Title"}
    assert str(pack.Root.Lang) == "en-GB"
    assert pack.Root.ViewerPreferences.DisplayDocTitle is True
    assert not re.search(rb"D:20\d\d", b"".join(o.unparse() for o in pack.objects))


def test_words_in_any_script_and_of_any_length() -> None:
    title = "\ud800\x00\u202eتقرير 报告 😀 \\() #panic(1) " * 12
    body = examine(numbered(1)).pdf_clear
    front = Front(title, "R)(\\", "نص", ("<b>", '#read("/etc/passwd")'), "ОФИЦИАЛЬНО", "王")
    bound = bind(
        front, [Paper(1, title, "代理", body, 1), Paper(2, title, "x", None, 3, given=False)]
    )
    found = " ".join(" ".join(texts(bound.pdf_clear)).split())
    assert "#panic(1)" in found
    assert '#read("/etc/passwd")' in found
    assert bound.pages == bound.contents[-1].last_page


def test_what_does_not_fit_together_is_an_error() -> None:
    body = examine(numbered(2)).pdf_clear
    with pytest.raises(ValueError, match="tab 4"):
        bind(FRONT, [Paper(4, "A", "X", body, 3)])
    with pytest.raises(ValueError, match="tab 4"):
        bind(FRONT, [Paper(4, "A", "X", None, 3)])
    with pytest.raises(ValueError, match="tab 4"):
        bind(FRONT, [Paper(4, "A", "X", body, 0)])
    with pytest.raises(RefusedPaper):
        bind(FRONT, [Paper(4, "A", "X", b"%PDF-1.7 nothing", 1)])
    with pytest.raises(RefusedPaper):
        bind(FRONT, [Paper(4, "A", "X", body[:400], 2)])


def test_an_empty_pack_is_its_cover() -> None:
    bound = bind(FRONT, [])
    assert bound.contents == ()
    assert bound.pages == bound.sheets == len(Pdf.open(io.BytesIO(bound.pdf_clear)).pages)
