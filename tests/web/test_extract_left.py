"""Words that are seen elsewhere are asked about once each, for all their places."""

from __future__ import annotations

import pytest

from portal.documents.boxed.remains import brief
from portal.documents.redact import Left
from portal.web.coordinator.extract_left import left_words, read_places
from tests.staging import Stage


def left(sheet: int, word: str, times: int = 1) -> Left:
    return Left(sheet, word, times, "tests for", word, f"on page {sheet}")


def test_each_word_once_with_its_pages(stage: Stage) -> None:
    seen = [left(2, "heroin", 2), left(2, "Ng"), *(left(n, "heroin") for n in (5, 6, 7))]
    with stage.world.app.test_request_context():
        found = left_words(seen)
    assert [value for value, _ in found] == ['["heroin", "2,5-7"]', '["Ng", "2"]']
    said = found[0][1]
    assert said.startswith("heroin. Pages 2, 5-7, 5 times: tests for [heroin] on page 2 | ")
    assert "on page 6" in said
    assert "on page 7" not in said
    assert said.endswith("…")
    assert found[1][1] == "Ng. Page 2, 1 times: tests for [Ng] on page 2"


def test_what_is_chosen_is_every_place(stage: Stage) -> None:
    with stage.world.app.test_request_context():
        ((value, _),) = left_words([left(2, 'said "no"'), left(4, 'said "no"')])
    assert read_places([value]) == [('said "no"', 2), ('said "no"', 4)]


@pytest.mark.parametrize(
    "told",
    ["", "x", "1", "null", "{}", "[]", '["a"]', '["a", 2]', '["a", [1]]', '[1, "1"]', '["a", ""]',
     '["a", "2-1"]', '["a", "0"]', '["a", "1-99999"]', '["a", "1", "2"]'],
)  # fmt: skip
def test_what_is_no_such_place_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match=r"no word|Expecting|Extra data"):
        read_places([told])


def test_every_place_is_told_and_what_is_around_the_first_few() -> None:
    seen = [[at, "heroin", 1, "before", "heroin", "after"] for at in range(600, 0, -1)]
    told = brief([*seen, [7, "Ng", 2, "before", "Ng", "after"]])
    assert [each[0] for each in told if each[1] == "heroin"] == list(range(1, 601))
    assert [each[3] for each in told if each[1] == "heroin"][:4] == ["before"] * 3 + [""]
    assert [7, "Ng", 2, "before", "Ng", "after"] in told
