"""Whole lines of many pages are marked: all of them go, or the person is told before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.redact import MOST_AREAS
from portal.documents.render import Word
from portal.journeys.extracts.cutting import Mark, keep_marking, marking_of
from portal.journeys.extracts.line_boxes import boxes_of
from portal.journeys.extracts.mark_extract import begin_extract, mark_area, mark_lines, page_to_mark
from portal.journeys.unacceptable import Unacceptable
from tests.staging import Stage

SIDES = st.floats(0, 0.3, allow_nan=False)


def row(*lefts: float, y: float = 0.5, high: float = 0.02) -> list[Word]:
    return [Word("word", left, y, 0.08, high) for left in lefts]


def test_a_line_is_one_box() -> None:
    assert len(boxes_of(row(0.1, 0.2, 0.3, 0.4))) == 1


def test_what_stands_far_apart_has_its_own_box() -> None:
    assert len(boxes_of(row(0.1, 0.2, 0.8))) == 2


def test_a_tilted_or_upright_line_takes_no_more_than_its_words() -> None:
    steps = [Word("word", 0.1 + n / 10, 0.1 + n / 10, 0.08, 0.05) for n in range(5)]
    assert len(boxes_of(steps)) == 5
    assert len(boxes_of([Word("up", 0.5, n / 10, 0.02, 0.08) for n in range(5)])) == 5


@settings(max_examples=50, deadline=None)
@given(st.lists(st.builds(Word, st.just("word"), SIDES, SIDES, SIDES, SIDES), max_size=8))
def test_every_word_lies_in_a_box(line: list[Word]) -> None:
    for word in line:
        assert any(
            x <= word.x + 1e-9
            and y <= word.y + 1e-9
            and word.x + word.w <= x + w + 1e-9
            and word.y + word.h <= y + h + 1e-9
            for x, y, w, h in boxes_of(line)
        )


def test_lines_are_marked_with_a_box_each(stage: Stage) -> None:
    who, version_id = stage.world.who("helen"), stage.papers["F"]
    begin_extract(stage.house, who, version_id)
    leaf = page_to_mark(stage.house, who, version_id, 1).leaf
    there = [line for paragraph in leaf.paragraphs for line in paragraph]
    long = max(range(len(there)), key=lambda number: len(there[number]))
    mark_lines(stage.house, who, version_id, 1, [long])
    (mark,) = marking_of(stage.house, who, version_id).marks
    assert len(mark.boxes) < len(there[long])


@pytest.mark.parametrize("how", ["lines", "area"])
def test_what_is_too_much_is_told_before_it_is_kept(stage: Stage, how: str) -> None:
    who, version_id = stage.world.who("helen"), stage.papers["F"]
    begin_extract(stage.house, who, version_id)
    marking = marking_of(stage.house, who, version_id)
    boxes = tuple((0.1, n / MOST_AREAS / 2, 0.1, 0.001) for n in range(MOST_AREAS))
    marking = replace(marking, marks=(Mark(1, 1, boxes),))
    keep_marking(stage.house, who, version_id, marking)
    mark = {
        "lines": lambda: mark_lines(stage.house, who, version_id, 1, [0]),
        "area": lambda: mark_area(stage.house, who, version_id, 1, (0, 0, 50, 50)),
    }[how]
    with pytest.raises(Unacceptable) as told:
        mark()
    assert told.value.field == ("lines" if how == "lines" else "left")
    assert marking_of(stage.house, who, version_id) == marking
