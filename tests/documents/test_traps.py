"""What binding could do wrong, seen by others before: each trap once, at its smallest.

Tags, links, labels, layers, turned and large pages have their tests in test_bind.py; here is what
a pack of many kinds of paper, a paper bound alone, and a withheld paper could give away.
"""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from pikepdf import Array, Name, Pdf, Stream
from PIL import Image

from portal.documents.bind import Apart, Bound, Front, Paper, bind, bind_apart, without
from portal.documents.headings import NOTE, have_headings
from portal.documents.intake import examine
from portal.documents.refusal import RefusedPaper
from portal.documents.render import find_words, read_leaf
from portal.documents.typeset import typeset
from tests.documents.making import new, numbered, opened, plain, saved, texts

FRONT = Front("Meeting pack", "BK/2026/014-P1", "14 May 2026 at 9.30", ("Do not copy.",))
SECRET = "Elderflower Lane"


def turned(angle: int, words: str) -> bytes:
    text = b"BT /F1 12 Tf 72 400 Td (%b) Tj ET" % words.encode()
    return examine(plain(text, Rotate=angle)).pdf_clear


def scanned() -> bytes:
    """A page that is a picture and nothing else."""
    pdf = new(b"q 400 0 0 600 90 100 cm /Im0 Do Q")
    image = pdf.make_stream(bytes(64 * 64), Type=Name.XObject, Subtype=Name.Image, Width=64,
                            Height=64, ColorSpace=Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
    pdf.pages[0].obj.Resources.XObject = {"/Im0": image}
    return examine(saved(pdf)).pdf_clear


def cropped() -> bytes:
    """Words beside the visible part of the page: they stay in the file, and must stay unseen."""
    text = b"BT /F1 12 Tf 20 780 Td (Beside) Tj ET BT /F1 12 Tf 120 300 Td (Inside) Tj ET"
    return examine(plain(text, CropBox=Array([100, 100, 400, 500]))).pdf_clear


def mixed() -> list[Paper]:
    bodies = [
        (turned(90, "Turned"), 1),
        (scanned(), 1),
        (examine(plain(MediaBox=Array([0, 0, 1191, 842]))).pdf_clear, 1),
        (cropped(), 1),
        (examine(numbered(3, SECRET)).pdf_clear, 3),
        (turned(180, "Overhead"), 1),
    ]
    return [
        Paper(tab, f"Paper {tab}", "Agency", body, pages)
        for tab, (body, pages) in enumerate(bodies, 1)
    ]


def numbers(bound: Bound) -> list[str]:
    return [
        found[1]
        for page in texts(bound.pdf_clear)
        if (found := re.search(r"Page (\d+) of \d+", " ".join(page.split())))
    ]


@pytest.mark.parametrize("tab", [1, 2, 3, 4, 5, 6])
def test_one_numbering_whatever_kind_of_paper_is_withheld(tab: int) -> None:
    whole, part = bind(FRONT, mixed()), bind(FRONT, without(mixed(), frozenset({tab})))
    assert part.pages == whole.pages
    assert [c.first_page for c in part.contents] == [c.first_page for c in whole.contents]
    gone = whole.contents[tab - 1]
    kept = [n for n in numbers(whole) if not gone.first_page <= int(n) <= gone.last_page]
    theirs = [n for n in numbers(part) if not gone.first_page <= int(n) <= gone.last_page]
    assert theirs == kept


def test_attack_nothing_of_a_withheld_paper_is_found() -> None:
    """Not by search, not in any stream or string, not in its pictures, fonts or structure."""
    part = bind(FRONT, without(mixed(), frozenset({5})))
    assert find_words(part.pdf_clear, SECRET).hits == ()
    assert find_words(bind(FRONT, mixed()).pdf_clear, SECRET).hits
    pack = opened(part.pdf_clear)
    for each in pack.objects:
        found = each.unparse()
        if isinstance(each, Stream):
            found += each.read_bytes()
        assert SECRET.encode() not in found


def test_words_beside_the_page_are_not_read_out() -> None:
    bound = bind(FRONT, [Paper(1, "A", "X", cropped(), 1)])
    said = " ".join(read_leaf(bound.pdf_clear, 3).texts())
    assert "Inside" in said
    assert "Beside" not in said


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_strip_never_covers_what_reaches_the_edge(angle: int) -> None:
    """The picture between the strips is the picture of the page as it was."""
    paper = examine(
        plain(b"1 0 0 rg 0 0 612 4 re f 0 0 4 842 re f 0 0 1 rg 0 838 612 4 re f", Rotate=angle)
    ).pdf_clear
    before, after = shown(paper, 0), shown(bind(FRONT, [Paper(1, "A", "X", paper, 1)]).pdf_clear, 2)
    assert after.size == (before.width, before.height + 60)
    between = after.crop((0, 30, after.width, after.height - 30))
    assert between.tobytes() == before.tobytes()


def shown(clear: bytes, index: int) -> Image.Image:
    document = pypdfium2.PdfDocument(clear)
    try:
        return document[index].render(scale=1).to_pil().convert("RGB")
    finally:
        document.close()


def test_a_link_into_a_withheld_paper_leads_nowhere() -> None:
    part = opened(bind(FRONT, without(mixed(), frozenset({5}))).pdf_clear)
    own = {page.obj.objgen for page in part.pages}
    for page in part.pages:
        for link in page.obj.get("/Annots", []):
            assert link.Dest[0].objgen in own


def apart() -> Bound:
    body = examine(numbered(2, "Late")).pdf_clear
    front = Front("Addendum of 12 May 2026", "BK/2026/014-P1-ADD1", "14 May 2026", ("Mine.",))
    place = Apart("After page 47 (Tab 4)", "47, addendum", lambda n: f"47{'ab'[n - 1]}")
    return bind_apart(front, Paper(4, "Agency update", "Police", body, 2), place)


def test_a_paper_bound_alone_has_its_own_numbers_labels_and_bookmarks() -> None:
    bound = apart()
    said = [" ".join(page.split()) for page in texts(bound.pdf_clear)]
    assert "Page 47a" in said[1]
    assert "Page 47b" in said[2]
    assert not re.search(r"Page \d+ of", " ".join(said))
    leaf = read_leaf(bound.pdf_clear, 2)
    assert leaf.contents.labels == ("47, addendum", "47a", "47b")
    assert leaf.contents.sheet_of("47b") == 3
    assert [tab.title for tab in leaf.contents.tabs] == ["Cover", "Agency update"]
    pack = opened(bound.pdf_clear)
    assert [str(part.T) for part in pack.Root.StructTreeRoot.K.K] == ["Cover"]


def test_a_paper_bound_alone_is_the_same_bytes_again() -> None:
    assert apart().pdf_clear == apart().pdf_clear


def test_nothing_can_be_bound_alone_without_pages() -> None:
    place = Apart("x", "y", str)
    for body, pages in ((None, 1), (b"", 1), (examine(numbered(1)).pdf_clear, 0)):
        with pytest.raises(ValueError, match="no pages"):
            bind_apart(FRONT, Paper(1, "A", "X", body, pages), place)
    with pytest.raises(ValueError, match="number of pages"):
        bind_apart(FRONT, Paper(1, "A", "X", examine(numbered(2)).pdf_clear, 1), place)
    with pytest.raises(RefusedPaper):
        bind_apart(FRONT, Paper(1, "A", "X", b"%PDF-1.7 nothing", 1), place)


def test_room_below_the_contents_is_kept_whether_it_is_used_or_not() -> None:
    every = [Paper(n, "A title", "Agency", None, 2, given=False) for n in range(1, 80)]
    said = Front(FRONT.title, FRONT.reference, FRONT.meeting_line, below_contents="More is held.")
    without_it, with_it = bind(FRONT, every), bind(said, every)
    assert without_it.pages == with_it.pages
    assert "More is held." in " ".join(texts(with_it.pdf_clear))


def test_whether_a_paper_has_headings_is_told_of_each() -> None:
    tagged = examine(typeset("notice", {"title": "Seen", "paragraphs": ["One."]})).pdf_clear
    bare = examine(numbered(1)).pdf_clear
    assert have_headings([tagged, bare, tagged]) == (True, False, True)
    assert have_headings([]) == ()
    assert have_headings([b"%PDF-1.7 nothing", b""]) == (False, False)


def test_a_tag_tree_without_a_heading_is_no_heading() -> None:
    pdf = Pdf.open(io.BytesIO(typeset("notice", {"title": "Seen", "paragraphs": ["One."]})))
    for each in pdf.objects:
        if hasattr(each, "get") and each.get("/S") in ("/H1", "/H2", "/Title"):
            each.S = Name.P
    assert have_headings([saved(pdf)]) == (False,)


def test_the_contents_say_so_to_every_reader_alike() -> None:
    bodies = [Paper(1, "A", "X", examine(numbered(2)).pdf_clear, 2, note=NOTE)]
    for bound in (bind(FRONT, bodies), bind(FRONT, without(bodies, frozenset({1})))):
        assert NOTE in " ".join(" ".join(texts(bound.pdf_clear)).split())
        assert bound.contents[0].first_page == 3
