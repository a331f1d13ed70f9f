"""Extracts: a removed word is found nowhere, and what remains is as it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.documents.boxed.wording import Row, folded
from portal.documents.intake import examine
from portal.documents.redact import Area, Extract, extract, look_again, occurrences
from portal.documents.refusal import RefusedPaper
from tests.documents.leaks import MAKERS, OTHER, SECRET, SEEN, appended, everywhere, leaky
from tests.documents.making import denied, markers, opened, pictures, plain, texts
from tests.documents.samples import FOLDER


def clean(pdf: bytes) -> bytes:
    return examine(pdf).pdf_clear


def without(pdf_clear: bytes, word: str = SECRET, *, keep: list[int] | None = None) -> Extract:
    found, more = occurrences(pdf_clear, word)
    assert not more
    pages = keep or list(range(1, len(opened(pdf_clear).pages) + 1))
    return extract(pdf_clear, pages, [area for each in found for area in each.areas], [word])


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_removed_word_is_found_nowhere(kind: str) -> None:
    source = clean(leaky(kind))
    made = without(source)
    assert made.tested.passed
    assert everywhere(made.pdf_clear) == []
    assert denied(made.pdf_clear) == set()
    assert len(opened(made.pdf_clear).pages) == 2
    if kind != "one_code":
        assert "Nothing of note" in texts(made.pdf_clear)[1]


def test_an_older_revision_is_not_in_an_extract() -> None:
    made = extract(clean(appended()), [1, 2], [], [])
    assert everywhere(made.pdf_clear) == []


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_page_that_is_left_out_leaves_nothing(kind: str) -> None:
    made = extract(clean(leaky(kind)), [2], [], [SECRET])
    assert made.tested.passed
    assert everywhere(made.pdf_clear) == []


def test_what_is_painted_over_is_black_in_the_picture_too() -> None:
    made = without(clean(plain(SEEN, OTHER)))
    document = pypdfium2.PdfDocument(made.pdf_clear)
    picture = document[0].render(scale=1).to_pil().convert("L")
    # The word stands behind "Met ", 14 points high, on the line at 700 points.
    assert picture.crop((102, 133, 150, 140)).getextrema() == (0, 0)
    assert picture.crop((72, 300, 300, 500)).getextrema() == (255, 255)
    text = texts(made.pdf_clear)[0]
    assert "Met [removed] today" in text


def test_other_pages_stay_as_they_are() -> None:
    source = clean(plain(SEEN, OTHER))
    made = without(source)
    assert made.flat == (1,)
    assert pictures(made.pdf_clear)[1] == pictures(source)[1]
    with opened(made.pdf_clear) as pdf:
        assert "/XObject" not in pdf.pages[1].Resources


def test_a_word_that_is_still_seen_stops_it_and_is_told() -> None:
    source = clean(plain(SEEN, SEEN))
    found, _ = occurrences(source, SECRET)
    made = extract(source, [1, 2], found[0].areas, [SECRET])
    assert not made.tested.passed
    assert made.pdf_clear == b""
    assert [(left.sheet, left.found, left.before) for left in made.tested.seen] == [
        (2, SECRET, "Met")
    ]


def test_a_word_may_stay_where_somebody_said_so_and_nowhere_else() -> None:
    source = clean(plain(SEEN, SEEN, SEEN))
    found, _ = occurrences(source, SECRET)
    made = extract(source, [1, 2, 3], found[0].areas, [SECRET], [(SECRET.upper(), 2)])
    assert [left.sheet for left in made.tested.seen] == [3]
    both = extract(source, [1, 2, 3], found[0].areas, [SECRET], [(SECRET, 2), (SECRET, 3)])
    assert both.tested.passed
    assert SECRET in texts(both.pdf_clear)[1]
    assert SECRET not in texts(both.pdf_clear)[0]


def test_the_test_asks_for_what_an_area_covered() -> None:
    source = clean(plain(SEEN, SEEN))
    made = extract(source, [1, 2], [Area(1, 0.1, 0.15, 0.8, 0.1)], [])
    assert not made.tested.passed
    assert "Met Quixwood today" in made.words
    assert {left.word for left in made.tested.seen} >= {"Met Quixwood today", SECRET}


def test_an_extract_of_an_extract_brings_nothing_back() -> None:
    source = clean(plain(SEEN, OTHER, SEEN))
    once = without(source)
    twice = without(once.pdf_clear, "note")
    assert everywhere(twice.pdf_clear) == []
    assert everywhere(twice.pdf_clear, "note") == []
    assert "[removed]" in texts(twice.pdf_clear)[0]


def test_what_stands_for_a_removed_word_is_no_word() -> None:
    once = without(clean(plain(SEEN, SEEN)))
    twice = extract(once.pdf_clear, [1, 2], [Area(1, 0, 0, 1, 1)], [])
    assert "[removed]" not in twice.words
    assert {left.word for left in twice.tested.seen} <= {"Met today", "Met", "today"}


def test_the_finished_file_can_be_tested_again() -> None:
    made = without(clean(plain(SEEN, OTHER)))
    assert look_again(made.pdf_clear, [SECRET]).passed
    assert not look_again(made.pdf_clear, ["note"]).passed
    assert look_again(made.pdf_clear, ["note"], [("note", 2)]).passed
    assert not look_again(made.pdf_clear, ["note"], [("note", 1)]).passed


@pytest.mark.parametrize("keep", [[], [0], [1, 1], [-1]])
def test_pages_that_are_none_are_refused(keep: list[int]) -> None:
    with pytest.raises(ValueError, match="pages"):
        extract(clean(plain()), keep, [], [])


def test_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(RefusedPaper):
        extract(clean(plain()), [2], [], [])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("MÜLLER came", "muller"),
        ("the ﬁrst", "FIRST"),
        ("Smi\u00adth came", "smith"),
        ("Sm ith came", "smith"),
        ("htimS came", "Smith"),
        ("O\u2019Neill came", "o'neill"),
        ("07700 900 123", "07700900123"),
        ("SW1A1AA", "sw1a 1aa"),
        ("Ｓｍｉｔｈ", "smith"),
        ("Smith's", "smith"),
        ("Bjørn", "bjorn"),
    ],
)
def test_however_it_is_written_it_is_found(text: str, word: str) -> None:
    assert list(Row(text.split()).find(word))


@pytest.mark.parametrize(("text", "word"), [("plan next", "ann"), ("a b", ""), ("so me", "om")])
def test_letters_that_only_happen_to_meet_are_no_word(text: str, word: str) -> None:
    assert not list(Row(text.split()).find(word))


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFG0123456789"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_word_cut_in_any_way_is_gone(data: st.DataObject) -> None:
    word = data.draw(st.text(LETTERS, min_size=5, max_size=12))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(word) - 1), max_size=4)))
    pieces = [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True)]
    across = data.draw(st.integers(20, 200))
    kerned = b"".join(b"(%s) %d " % (p.encode(), data.draw(st.integers(-60, 60))) for p in pieces)
    content = b"BT /F1 12 Tf %d 500 Td [%s] TJ ET" % (across, kerned)
    turn = data.draw(st.sampled_from([0, 90, 180, 270]))
    made = without(clean(plain(content, b"BT /F1 12 Tf 72 72 Td (...) Tj ET", Rotate=turn)), word)
    if made.pdf_clear:
        assert not any(True for t in texts(made.pdf_clear) for _ in Row(t.split()).find(word))
        assert folded(word) not in folded("".join(texts(made.pdf_clear)).replace("removed", ""))
    assert made.tested.passed


PAPERS = sorted((FOLDER / "papers").glob("*.pdf"))


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_words_of_a_paper_from_outside_are_gone(path: Path, tmp_path: Path) -> None:
    source = clean(path.read_bytes())
    pages = min(4, len(opened(source).pages))
    found, _ = occurrences(source, "police")
    areas = [a for each in found for a in each.areas if each.sheet <= pages]
    made = extract(source, range(1, pages + 1), areas, ["police"])
    if not made.tested.passed:
        stays = [(left.word, left.sheet) for left in made.tested.seen if left.word != "police"]
        made = extract(source, range(1, pages + 1), areas, ["police"], stays)
    assert made.tested.passed
    assert markers(made.pdf_clear) == set()
    out = tmp_path / "x.pdf"
    out.write_bytes(made.pdf_clear)
    said = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, text=True, check=True)
    assert "police" not in said.stdout.lower()
    assert everywhere(made.pdf_clear, "police") == []
