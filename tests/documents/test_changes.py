"""What changed between two versions, page by page; a bomb costs its own child."""

from __future__ import annotations

import pytest
from pikepdf import Dictionary, Name

from portal.documents.changes import How, changes
from portal.documents.refusal import RefusedPaper
from portal.domain.differences import Piece, pieces
from tests.documents.making import new, numbered, plain, saved
from tests.documents.test_bombs import grows, loop, many_pages, stacked_flate


def say(*lines: str) -> bytes:
    shown = b" ".join(b"(%s) Tj 0 -16 Td" % line.encode() for line in lines)
    return b"BT /F1 12 Tf 72 700 Td %s ET" % shown


ONE = say("He lives at 4 Mill Lane", "with his mother and two dogs.")
TWO = say("He lives at 9 Mill Lane", "with his mother and two dogs.")
OTHER = say("Conditions of the licence are listed below", "and were read to him in March.")
THIRD = say("Victim liaison has nothing further", "to add at this point in time.")


def told(was: bytes, now: bytes) -> list[tuple[str, int | None, int | None]]:
    return [(page.how.value, page.was, page.now) for page in changes(was, now).pages]


@pytest.mark.parametrize(
    "bomb", [stacked_flate, loop, grows, many_pages, lambda: b"", lambda: b"%PDF-1.7 no"]
)
@pytest.mark.parametrize("second", [True, False])
def test_what_cannot_be_read_is_refused_whichever_it_is(bomb, second: bool) -> None:
    good = plain(ONE)
    with pytest.raises(RefusedPaper):
        changes(good, bomb()) if second else changes(bomb(), good)


def test_nothing_is_said_to_have_changed_where_nothing_did() -> None:
    assert told(plain(ONE, OTHER), plain(ONE, OTHER)) == [("same", 1, 1), ("same", 2, 2)]


def test_a_changed_word_is_told_in_its_context() -> None:
    found = changes(plain(ONE, OTHER), plain(TWO, OTHER))
    page, same = found.pages
    assert (page.how, same.how) == (How.WORDS, How.SAME)
    assert [(p.how, p.text) for p in page.pieces] == [
        ("kept", "He lives at"),
        ("removed", "4"),
        ("added", "9"),
        ("kept", "Mill Lane with his mother and two dogs."),
    ]
    assert found.unchanged == (2,)


def test_pages_that_came_and_went_do_not_shift_the_others() -> None:
    was, now = plain(ONE, OTHER, THIRD), plain(say("A new first page about risk"), ONE, THIRD)
    assert told(was, now) == [("added", None, 1), ("same", 1, 2), ("removed", 2, None),
                              ("same", 3, 3)]  # fmt: skip


def test_a_changed_page_is_found_behind_one_that_came() -> None:
    was, now = plain(ONE, THIRD), plain(OTHER, TWO, THIRD)
    assert told(was, now) == [("added", None, 1), ("words", 1, 2), ("same", 2, 3)]


def picture(grey: int, *more: bytes) -> bytes:
    pdf = new(b"q 300 0 0 300 100 300 cm /I Do Q " + b" ".join(more))
    image = pdf.make_stream(
        bytes([grey]) * 64, Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8,
        ColorSpace=Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    return saved(pdf)


def test_a_scanned_page_is_compared_by_its_picture() -> None:
    assert told(picture(10), picture(10)) == [("same", 1, 1)]
    assert told(picture(10), picture(200)) == [("looks", 1, 1)]


def test_attack_another_picture_beneath_the_same_words_is_told() -> None:
    assert told(picture(10, ONE), picture(200, ONE)) == [("looks", 1, 1)]


def test_only_the_sheets_that_count_are_compared() -> None:
    was, now = plain(OTHER, ONE, THIRD), plain(THIRD, TWO)
    found = changes(was, now, was=(2, 2), now=(2, 0))
    assert [(p.how, p.was, p.now) for p in found.pages] == [(How.WORDS, 2, 2)]


def test_much_is_cut_and_says_so() -> None:
    was = plain(say(*(f"old{n} stays{n}" for n in range(120))))
    now = plain(say(*(f"new{n} stays{n}" for n in range(120))))
    (page,) = changes(was, now).pages
    assert page.cut
    assert len(page.pieces) == 80


def test_a_long_paper_is_compared_in_time() -> None:
    was, now = numbered(300), numbered(301)
    found = changes(was, now)
    assert len(found.unchanged) == 300
    assert [page.how for page in found.changed] == [How.ADDED]


def test_two_texts_with_nothing_in_common_and_two_too_long() -> None:
    assert pieces(["a"], ["b"]) == [Piece("removed", "a"), Piece("added", "b")]
    assert pieces([], ["b"]) == [Piece("added", "b")]
    assert pieces(["a"] * 20, ["a"] * 21, most_pairs=100) == [
        Piece("removed", " ".join(["a"] * 20)), Piece("added", " ".join(["a"] * 21)),
    ]  # fmt: skip


def test_another_colour_of_the_same_brightness_is_told() -> None:
    """A rating in red that became green, beside the same words."""

    def rated(colour: bytes) -> bytes:
        cell = b"%b rg 100 300 200 200 re f 0 g BT /F1 12 Tf 72 700 Td (Risk) Tj ET"
        return plain(cell % colour)

    assert told(rated(b"1 0 0"), rated(b"0 0.5098 0")) == [("looks", 1, 1)]
    assert told(rated(b"1 0 0"), rated(b"1 0 0")) == [("same", 1, 1)]
