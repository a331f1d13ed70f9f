"""Every page of a copy says whose it is, whatever the name is written in."""

from __future__ import annotations

import hashlib
import time

import pytest
from pikepdf import Array

from portal.documents.bind import Front, Paper, bind
from portal.documents.intake import examine
from portal.documents.practice import practice_paper
from portal.documents.refusal import RefusedPaper
from portal.documents.stamp import Stamp, stamp
from tests.documents.making import numbered, opened, pictures, plain, texts

MARK = Stamp(
    "Ann Ünal", "Probation Service", "Copy 4 of 11", "Opened 14 May 2026 at 9.02", "K7-QX-4"
)


def pack(pages: int = 3) -> bytes:
    body = examine(numbered(pages)).pdf_clear
    return bind(Front("Pack", "REF", "Today"), [Paper(1, "Paper", "X", body, pages)]).pdf_clear


def test_every_page_carries_the_mark() -> None:
    bound = pack()
    copy = stamp(bound, MARK)
    for text in texts(copy):
        for words in ("Ann Ünal", "Probation Service", "Copy 4 of 11", "9.02", "K7-QX-4"):
            assert words in text
        assert "PREVIEW" not in text
    for before, after in zip(pictures(bound), pictures(copy), strict=True):
        assert len(before) == len(after), "the strip from binding is used, none is added"
        assert before != after


def test_a_preview_says_so_on_every_page() -> None:
    copy = stamp(pack(), Stamp("A", "B", "Copy", "Time", "R", preview=True))
    assert all(text.count("PREVIEW") == 2 for text in texts(copy))


def test_the_reference_stands_in_the_file() -> None:
    pdf = opened(stamp(pack(), MARK))
    assert b"<dc:identifier>K7-QX-4</dc:identifier>" in pdf.Root.Metadata.read_bytes()
    assert bytes(pdf.trailer.ID[0]) == hashlib.sha256(b"K7-QX-4").digest()[:16]
    assert str(pdf.docinfo["/Title"]) == "Pack, REF"


def test_what_binding_made_stays() -> None:
    before, after = opened(pack()), opened(stamp(pack(), MARK))
    for key in ("/Outlines", "/PageLabels", "/StructTreeRoot", "/Lang", "/ViewerPreferences"):
        assert key in before.Root
        assert key in after.Root
    with after.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Cover and contents", "Tab 1: Paper"]
    assert len(after.pages[1].obj.Annots) == 1


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
        "<b>&amp;",
        "</rdf:RDF>",
    ],
)
def test_any_name_can_be_stamped(name: str) -> None:
    copy = stamp(pack(1), Stamp(name, name, "Copy 1 of 1", "Opened now", "REF-1"))
    opened(copy)
    assert all("Copy 1 of 1" in text and "REF-1" in text for text in texts(copy))


def test_names_in_arabic_can_be_found_again() -> None:
    copy = stamp(pack(1), Stamp("محمد", "x", "Copy 1 of 1", "Now", "REF-1"))
    assert all("محمد" in text for text in texts(copy))


def test_a_paper_that_was_not_bound_gets_its_strip() -> None:
    copy = opened(stamp(plain(MediaBox=Array([0, 0, 300, 400])), MARK))
    assert [float(n) for n in copy.pages[0].obj.MediaBox] == [0, -30, 300, 430]
    again = opened(stamp(stamp(plain(MediaBox=Array([0, 0, 300, 400])), MARK), MARK))
    assert [float(n) for n in again.pages[0].obj.MediaBox] == [0, -30, 300, 430]


def test_two_copies_differ_and_the_same_copy_does_not() -> None:
    bound = pack(1)
    other = Stamp(MARK.name, MARK.agency, "Copy 5 of 11", MARK.time_line, "K7-QX-5")
    assert stamp(bound, MARK) == stamp(bound, MARK)
    assert stamp(bound, MARK) != stamp(bound, other)


def test_two_hundred_pages_are_stamped_while_somebody_waits() -> None:
    bound = pack(200)
    start = time.monotonic()
    copy = stamp(bound, MARK)
    assert time.monotonic() - start < 5
    assert len(copy) < 2 * len(bound) + 200_000


@pytest.mark.parametrize("clear", [b"", b"%PDF-1.7\n", b"not a pdf", bytes(900)])
def test_what_is_no_pdf_is_refused(clear: bytes) -> None:
    with pytest.raises(RefusedPaper):
        stamp(clear, MARK)


def test_the_practice_paper_is_bound_like_a_real_one() -> None:
    bound = practice_paper("Northshire")
    assert "practice paper for Northshire" in " ".join(texts(bound.pdf_clear)[2].split())
    assert all("PRACTICE" in text for text in texts(stamp(bound.pdf_clear, MARK)))
