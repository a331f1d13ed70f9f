"""Nothing that is to be taken out, and nothing that is to be searched, is passed over for its size.

Where there is more than an extract can take, none is made.
"""

from __future__ import annotations

import pytest

from portal.documents.intake import examine
from portal.documents.redact import (
    LONGEST_WORDS,
    MOST_AREAS,
    Area,
    TooMuch,
    extract,
    look_again,
    occurrences,
)
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import plain

LINES = b"BT /F1 10 Tf 50 780 Td 14 TL %s ET"


def clean(*contents: bytes) -> bytes:
    return examine(plain(*contents)).pdf_clear


def page_of(lines: int) -> bytes:
    """So many lines of eighteen words."""
    said = b"(one of them told us that the aunt of the boy who lives here was seen there) Tj T*\n"
    return LINES % (said * lines)


def boxes(count: int, sheet: int = 1) -> list[Area]:
    return [Area(sheet, 0.1, 0.2, 0.1, 0.01)] * count


def test_more_areas_than_are_painted_make_no_extract() -> None:
    source = clean(page_of(2), page_of(2))
    with pytest.raises(TooMuch) as refused:
        extract(source, [1, 2], [*boxes(MOST_AREAS), *boxes(1, 2)], [])
    assert "Mark an area" in refused.value.words


def test_as_many_areas_as_are_painted_are_painted() -> None:
    made = extract(clean(page_of(2)), [1], [*boxes(MOST_AREAS - 1), Area(1, 0, 0, 1, 1)], [])
    assert made.tested.passed
    assert made.flat == (1,)


def test_words_that_are_longer_than_is_sought_make_no_extract() -> None:
    source = clean(page_of(1))
    with pytest.raises(TooMuch):
        extract(source, [1], [], ["Smith", "a" * (LONGEST_WORDS + 1)])
    with pytest.raises(TooMuch):
        occurrences(source, "a" * (LONGEST_WORDS + 1))


def full(words: bytes) -> bytes:
    """A page with 102,000 letters of no note, then these words at its foot."""
    said = b"(%s) Tj 0 -6 Td\n" % (b"abcdefghi " * 100)
    return (
        b"BT /F1 1 Tf 50 780 Td " + said * 102 + b"ET BT /F1 12 Tf 50 100 Td (" + words + b") Tj ET"
    )


def test_a_page_of_which_not_every_word_is_read_is_refused() -> None:
    source = clean(full(b"Met Quixwood today"))
    for made in (
        lambda: occurrences(source, "Quixwood"),
        lambda: extract(source, [1], [Area(1, 0, 0.05, 0.2, 0.1)], ["Quixwood"]),
        # Nothing is marked; the word is found beneath, and a picture of the page would show it.
        lambda: extract(source, [1], [], ["Quixwood"]),
    ):
        with pytest.raises(RefusedPaper) as refused:
            made()
        assert refused.value.code is RefusalCode.TOO_HEAVY


def test_such_a_page_may_be_left_out() -> None:
    made = extract(clean(full(b"Met Quixwood"), b"BT ET"), [2], [], ["Quixwood"])
    assert made.tested.passed


def test_the_test_of_a_finished_file_reads_such_a_page_to_its_end() -> None:
    assert not look_again(clean(full(b"Met Quixwood")), ["Quixwood"]).passed
