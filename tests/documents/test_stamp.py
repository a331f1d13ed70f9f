"""Every page of a copy says whose it is, whatever the name is written in."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Page, Pdf

from portal.documents import child
from portal.documents.bind import Front, Paper, bind
from portal.documents.boxed import slots
from portal.documents.intake import examine
from portal.documents.outlines import outline
from portal.documents.practice import practice_paper
from portal.documents.refusal import RefusedPaper
from portal.documents.stamp import Stamp, stamp
from portal.documents.typeset import typeset
from portal.domain.copies import copy_reference, is_copy_reference, written_in
from tests.documents.making import numbered, opened, page, pictures, plain, saved, texts

REFERENCE = "7K3M-Q9XD-2FVA"
MARK = Stamp(
    "Ann Ünal",
    "Probation Service",
    "Copy 4 of 11 of NMR/26/0117-P1",
    "Opened 14 May 2026 at 9.02am",
    REFERENCE,
)


def pack(pages: int = 3) -> bytes:
    body = examine(numbered(pages)).pdf_clear
    return bind(Front("Pack", "REF", "Today"), [Paper(1, "Paper", "X", body, pages)]).pdf_clear


def named(name: str) -> Stamp:
    return Stamp(name, name, "Copy 1 of 1", "Opened now", REFERENCE)


# ---- the mark ----


def test_every_page_carries_the_mark() -> None:
    bound = pack()
    copy = stamp(bound, MARK)
    for text in texts(copy):
        for words in (MARK.name, MARK.agency, MARK.copy_line, MARK.time_line, REFERENCE):
            assert words in text
        assert "PREVIEW" not in text
    for before, after in zip(pictures(bound), pictures(copy), strict=True):
        assert len(before) == len(after), "the strip from binding is used, none is added"
        assert before != after


def test_the_mark_is_seen_at_the_foot_and_across_the_page() -> None:
    bound = pack(1)
    before, after = pictures(bound, 1.0)[-1], pictures(stamp(bound, MARK), 1.0)[-1]
    row = len(before) // 902
    changed = [n for n in range(902) if before[n * row : n * row + row] != after[n * row :][:row]]
    assert any(n > 885 for n in changed)
    assert sum(250 < n < 650 for n in changed) > 300
    assert not any(860 < n < 884 for n in changed), "what binding put at the foot is not covered"


def test_a_preview_says_so_on_every_page() -> None:
    bound = pack()
    shown = Stamp("A", "B", "Copy", "Time", REFERENCE, preview=True)
    copy = stamp(bound, shown)
    assert all(text.count("PREVIEW") == 1 for text in texts(copy))
    red = pictures(copy)[-1]
    assert any(max(red[n : n + 3]) - min(red[n : n + 3]) > 30 for n in range(0, len(red), 3))


def test_the_reference_stands_in_the_file() -> None:
    pdf = opened(stamp(pack(), MARK))
    assert f"<dc:identifier>{REFERENCE}</dc:identifier>".encode() in pdf.Root.Metadata.read_bytes()
    assert [bytes(half) for half in pdf.trailer.ID] == [b"ref 7K3MQ9XD2FVA"] * 2
    assert str(pdf.docinfo["/Title"]) == "Pack, REF"
    with pdf.open_metadata() as found:
        assert found["dc:identifier"] == REFERENCE
        assert "Ann Ünal, Probation Service" in found["dc:rights"]


def test_what_binding_made_stays() -> None:
    before, after = opened(pack()), opened(stamp(pack(), MARK))
    for key in ("/Outlines", "/PageLabels", "/StructTreeRoot", "/Lang", "/ViewerPreferences"):
        assert key in before.Root
        assert key in after.Root
    with after.open_outline() as outlines:
        assert [item.title for item in outlines.root] == ["Cover and contents", "Tab 1: Paper"]
    assert len(after.pages[1].obj.Annots) == 1


@pytest.mark.parametrize("shape", ["", "R-1", "7k3m-q9xd-2fva", "7K3MQ9XD2FVA", "IIII-LLLL-OOOO"])
def test_a_copy_that_could_not_be_traced_is_not_made(shape: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        Stamp("A", "B", "Copy", "Time", shape)


# ---- names ----


@pytest.mark.parametrize(
    "name",
    [
        "محمد بن سلمان",
        "王小明",
        "👩‍⚖️ 😀",
        "Ελένη Жук",
        "O'Brien (\\) #panic()",
        "\u202eevil",
        "x" * 5000,
        "a\x00b\nc",
        "\ud800",
        "",
        "   ",
        "<b>&amp;",
        "</rdf:RDF>",
        "-->",
        "Z" + "\u0301\u0323" * 400,
        "ﷺ﷽" * 40,
        "क्षत्रिय" * 10,
        "% MappaSlots1\nendstream endobj",
    ],
)
def test_any_name_can_be_stamped(name: str) -> None:
    bound = pack(1)
    copy = stamp(bound, named(name))
    assert len(copy) == len(bound)
    opened(copy)
    for text in texts(copy):
        # In a line that reads from right to left, programs turn the order of its words round.
        assert {"Copy", "1", "of"} <= set(text.split())
        assert REFERENCE in written_in(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_name_at_all_is_an_error(name: str) -> None:
    bound = pack_once()
    copy = stamp(bound, named(name))
    assert len(copy) == len(bound)
    with opened(copy) as pdf:
        drawing = next(iter(pdf.pages[0].obj.Resources.XObject.values()))
        assert drawing.read_bytes()
        assert REFERENCE.encode() in pdf.Root.Metadata.read_bytes()


_KEPT: dict[str, bytes] = {}


def pack_once() -> bytes:
    return _KEPT.setdefault("pack", pack(1))


@pytest.mark.parametrize("name", ["محمد", "Ελένη", "Жук", "Łukasz", "שרה", "Nguyễn", "देव"])
def test_names_can_be_found_again_as_text(name: str) -> None:
    assert all(name in text for text in texts(stamp(pack_once(), named(name))))


@pytest.mark.parametrize("name", [
    "محمد", "Ελένη", "Жук", "Łukasz", "שרה", "देव", "ਗੁਰਪ੍ਰੀਤ", "রহিমা", "પટેલ", "முருகன்", "వెంకట",
    "ಕೃಷ್ಣ", "കൃഷ്ണൻ", "නිමල්", "王小明", "さくら", "김철수", "สมชาย", "სოფო", "Հայկ", "አበበ", "សុខ", "ສົມ",
    "အောင်", "ଓଡ଼ିଆ", "ޝަހީދު", "ܝܘܚܢܢ",
])  # fmt: skip
def test_names_are_drawn_with_letters_of_their_own(name: str) -> None:
    """Not the box that stands for a letter no font has."""
    box = outline("\ue000").steps
    assert box
    for letter in name:
        assert outline(letter).steps != box
    assert outline(name).width > 5


def test_arabic_letters_are_joined() -> None:
    apart = outline("\u200c".join("محمد"))
    assert outline("محمد").steps != apart.steps
    assert outline("محمد").width != pytest.approx(apart.width, abs=0.1)


# ---- the places ----


def test_a_copy_has_the_length_of_its_pack_and_one_table() -> None:
    bound = pack()
    copy = stamp(bound, MARK)
    assert len(copy) == len(bound)
    assert copy.count(b"startxref") == bound.count(b"startxref") == 1
    assert copy.count(b"%%EOF") == 1
    assert slots.find(bound) is not None
    assert slots.find(copy) is None, "a copy does not tell where its marks lie"
    assert b"%slot" not in copy
    assert b"MappaSlots" not in copy


def test_no_end_can_be_cut_off_to_be_rid_of_the_mark() -> None:
    """All that was written lies before objects that the file needs."""
    bound = pack()
    at = slots.find(bound)
    assert at is not None
    table = int(bound.rpartition(b"startxref\n")[2].split()[0])
    assert max(at.foot, at.across, at.words) + slots.DRAWING < table


def test_two_copies_differ_and_the_same_copy_does_not() -> None:
    bound = pack(1)
    other = Stamp(MARK.name, MARK.agency, "Copy 5 of 11", MARK.time_line, "7K3M-Q9XD-2FVB")
    assert stamp(bound, MARK) == stamp(bound, MARK)
    assert stamp(bound, MARK) != stamp(bound, other)


def test_a_paper_that_says_it_has_places_changes_nothing() -> None:
    """What stands inside a paper can neither name a place nor be taken for one."""
    told = slots.find(pack())
    assert told is not None
    bound = pack()
    tag = bound[told.index :].split()[1]
    evil = plain(
        slots.unmarked(b"foot", tag),
        b"% " + slots.unsaid(tag),
        bound[told.index :],
    )
    body = examine(evil).pdf_clear
    again = bind(Front("P", "R", "T"), [Paper(1, "Paper", "X", body, 3)]).pdf_clear
    found = slots.find(again)
    assert found is not None
    assert again[found.index :].split()[1] != tag
    opened(stamp(again, MARK))


@pytest.mark.parametrize("which", ["foot", "across", "words", "identity"])
def test_an_index_that_does_not_fit_is_no_index(which: str) -> None:
    bound = pack_once()
    at = slots.find(bound)
    assert at is not None
    place = b"%010d" % getattr(at, which)
    for wrong in (b"0000000000", b"9999999999", b"%010d" % (int(place) + 1)):
        head, tail = bound[: at.index], bound[at.index :]
        assert slots.find(head + tail.replace(place, wrong)) is None


@pytest.mark.parametrize("steps", [b"", b"q Q", b"0 0 m " * 9000])
def test_a_drawing_always_has_its_length(steps: bytes) -> None:
    flated = slots.drawing(steps)
    assert len(flated) == slots.DRAWING
    assert zlib.decompress(flated).rstrip() == steps.rstrip()


def test_what_does_not_fit_is_not_written() -> None:
    with pytest.raises(ValueError, match="draw"):
        slots.drawing(random.Random(1).randbytes(slots.DRAWING))
    with pytest.raises(ValueError, match="say"):
        slots.say(bytes(slots.WORDS + 1))
    with pytest.raises(ValueError, match="16 bytes"):
        slots.identify(bytes(15))
    bound = pack_once()
    at = slots.find(bound)
    assert at is not None
    marks = [slots.drawing(b""), slots.drawing(b""), slots.say(b""), slots.identify(bytes(16))]
    for wrong in range(4):
        cut = [mark[:-1] if n == wrong else mark for n, mark in enumerate(marks)]
        with pytest.raises(ValueError, match="exactly the length"):
            slots.fill(bound, at, *cut)


def test_a_bound_pack_is_stamped_without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    bound = pack_once()

    def started(*_: object) -> None:
        raise AssertionError("a child was started")

    monkeypatch.setattr(child, "run", started)
    assert stamp(bound, MARK) != bound


# ---- files without places ----


def test_our_own_pages_are_stamped_too() -> None:
    """What Typst writes has an /ID of another length."""
    copy = stamp(typeset("practice", {"area": "Northshire"}), MARK)
    assert [bytes(half) for half in opened(copy).trailer.ID] == [b"ref 7K3MQ9XD2FVA"] * 2
    assert REFERENCE in texts(copy)[0]


def test_a_paper_that_was_not_bound_gets_its_strip() -> None:
    copy = opened(stamp(plain(MediaBox=Array([0, 0, 300, 400])), MARK))
    assert [float(n) for n in copy.pages[0].obj.MediaBox] == [0, -30, 300, 430]
    again = opened(stamp(stamp(plain(MediaBox=Array([0, 0, 300, 400])), MARK), MARK))
    assert [float(n) for n in again.pages[0].obj.MediaBox] == [0, -30, 300, 430]


def test_a_copy_of_a_copy_carries_both_marks() -> None:
    other = Stamp("Joe Tarn", "Housing", "Copy", "Now", "0000-1111-2222")
    for text in texts(stamp(stamp(pack(1), MARK), other)):
        assert "Ann Ünal" in text
        assert "Joe Tarn" in text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_has_its_line_at_the_foot_as_shown(turn: int) -> None:
    made = plain(MediaBox=Array([50, 20, 450, 620]), Rotate=turn)
    before, after = pictures(made, 1.0), pictures(stamp(made, MARK), 1.0)
    assert len(after[0]) > len(before[0])
    wide = 400 if turn in {0, 180} else 600
    foot = after[0][-14 * wide * 3 :]
    assert min(foot) < 120
    assert REFERENCE in texts(stamp(made, MARK))[0]


@pytest.mark.parametrize("clear", [b"", b"%PDF-1.7\n", b"not a pdf", bytes(900)])
def test_what_is_no_pdf_is_refused(clear: bytes) -> None:
    with pytest.raises(RefusedPaper):
        stamp(clear, MARK)


def test_a_small_page_has_a_smaller_mark() -> None:
    copy = stamp(plain(MediaBox=Array([0, 0, 90, 60])), MARK)
    assert REFERENCE in texts(copy)[0]


def test_pages_that_share_everything_are_all_marked() -> None:
    pdf = Pdf.new()
    one = pdf.make_indirect(page(pdf))
    for _ in range(3):
        pdf.pages.append(Page(pdf.make_indirect(one.copy())))
    assert all(REFERENCE in text for text in texts(stamp(saved(pdf), MARK)))


def test_the_practice_paper_is_bound_like_a_real_one() -> None:
    bound = practice_paper("Northshire")
    assert "practice paper for Northshire" in " ".join(texts(bound.pdf_clear)[2].split())
    assert all("PRACTICE" in text for text in texts(stamp(bound.pdf_clear, MARK)))


# ---- speed, roughly: the exact figures are measured by `make bench` ----


def test_a_large_pack_is_stamped_at_once() -> None:
    bound = pack(200)
    stamp(bound, MARK)
    start = time.process_time()
    for _ in range(10):
        copy = stamp(bound, MARK)
    assert (time.process_time() - start) / 10 < 0.05
    assert len(copy) < 800_000


# ---- references ----


def test_a_reference_is_known_however_it_is_written() -> None:
    text = f"ref {REFERENCE} and 7K3MQ9XD2FVA, (0000-1111-2222) but not A{REFERENCE} or 7k3m-q9xd"
    turned = "2FVA-Q9XD-7K3M"
    assert list(written_in(text)) == [REFERENCE, turned, "0000-1111-2222", "2222-1111-0000"]
    assert REFERENCE in written_in(f"ref {turned} is how a line from right to left is read")
    assert is_copy_reference(REFERENCE)
    for wrong in ("7K3MQ9XD2FV", "7K3MQ9XD2FVAA", "7K3MQ9XD2FVU", ""):
        with pytest.raises(ValueError, match="12 letters"):
            copy_reference(wrong)


def test_the_reference_outlives_being_printed_to_a_file(tmp_path: Path) -> None:
    """What a print dialogue makes of it: new fonts, new objects, none of our words about it."""
    cairo, reader = shutil.which("pdftocairo"), shutil.which("pdftotext")
    if cairo is None or reader is None:
        assert REFERENCE in texts(stamp(pack_once(), MARK))[0]
        return
    (tmp_path / "copy.pdf").write_bytes(stamp(pack_once(), MARK))
    subprocess.run([cairo, "-pdf", tmp_path / "copy.pdf", tmp_path / "printed.pdf"], check=True)
    printed = (tmp_path / "printed.pdf").read_bytes()
    assert all(REFERENCE in text for text in texts(printed))
    found = subprocess.run(
        [reader, tmp_path / "printed.pdf", "-"], check=True, capture_output=True, text=True
    )
    assert REFERENCE in written_in(found.stdout)
