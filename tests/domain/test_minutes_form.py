"""What the form of the minutes demands before it can be filed, and what it takes meanwhile."""

from __future__ import annotations

import pytest

from portal.domain.minutes_form import (
    FIELDS,
    LONGEST_ROW_TEXT,
    LONGEST_TEXT,
    MOST_ROWS,
    SECTION_WORDS,
    NotWritable,
    Section,
    missing,
    rows,
    tidied,
)


def lacks(section: Section, **written: str) -> list[str]:
    return [each.field for each in missing(section, tidied(section, written))]


@pytest.mark.parametrize("section", Section)
def test_an_empty_section_is_never_complete(section: Section) -> None:
    assert lacks(section)
    assert section in SECTION_WORDS
    assert section in FIELDS


@pytest.mark.parametrize(
    ("section", "written", "fields"),
    [
        (Section.STATEMENT, {"put": "no", "put_at": "10:00"}, ["put"]),
        (Section.STATEMENT, {"put": "yes"}, ["put_at"]),
        (Section.PLAN, {"supervision": "x", "monitoring": " \n"},
         ["monitoring", "interventions", "victim_safety"]),
        (Section.INFORMED, {"informed": "to_be_told"}, ["by_whom"]),
        (Section.INFORMED, {"informed": "told", "reason": "x"}, ["by_whom"]),
        (Section.INFORMED, {"informed": "withheld", "by_whom": "Joe"}, ["ground", "reason"]),
        (Section.INFORMED, {"informed": "withheld", "ground": "public_safety"}, ["reason"]),
        (Section.DISCLOSURE, {"considered": "none", "to_whom": "x"}, ["why_none"]),
        (Section.DISCLOSURE, {"considered": "disclose", "why_none": "x", "how": "By telephone"},
         ["to_whom", "discloser", "when"]),
        (Section.DECISIONS, {"decision_1": "Keep at Level 2"}, ["rationale_1"]),
        (Section.DECISIONS, {"dissent_1": "Health"}, ["decision_1", "rationale_1"]),
        (Section.ACTIONS, {"action_1": "Visit"}, ["agency_1", "owner_1", "due_1"]),
        (Section.ACTIONS, {"no_actions": "y", "action_1": "v", "agency_1": "a", "owner_1": "o",
                           "due_1": "2026-06-01"}, ["no_actions"]),
        (Section.OUTCOME, {"level": "2", "category": "1"}, ["review_on"]),
        (Section.OUTCOME, {"level": "none"}, ["category"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    section: Section, written: dict[str, str], fields: list[str]
) -> None:
    assert lacks(section, **written) == fields


@pytest.mark.parametrize(
    ("section", "written"),
    [
        (Section.STATEMENT, {"put": "yes", "put_at": "10:05"}),
        (Section.INFORMED, {"informed": "told", "by_whom": "His offender manager"}),
        (
            Section.INFORMED,
            {"informed": "withheld", "ground": "victim_protection", "reason": "She would be found"},
        ),
        (Section.DISCLOSURE, {"considered": "none", "why_none": "Nobody new is at risk"}),
        (
            Section.DISCLOSURE,
            {"considered": "disclose", "to_whom": "A", "discloser": "B", "how": "C", "when": "D"},
        ),
        (Section.DECISIONS, {"decision_1": "a", "rationale_1": "b"}),
        (Section.ACTIONS, {"no_actions": "y"}),
        (Section.OUTCOME, {"level": "none", "category": "2"}),
        (Section.OUTCOME, {"level": "2", "category": "2", "review_on": "2026-09-01"}),
    ],
)
def test_what_is_complete(section: Section, written: dict[str, str]) -> None:
    assert lacks(section, **written) == []


@pytest.mark.parametrize(
    ("section", "field", "text"),
    [
        (Section.STATEMENT, "put", "maybe"),
        (Section.STATEMENT, "put_at", "25:61"),
        (Section.INFORMED, "ground", "embarrassment"),
        (Section.DISCLOSURE, "considered", "NONE"),
        (Section.OUTCOME, "level", "4"),
        (Section.OUTCOME, "category", "0"),
        (Section.OUTCOME, "review_on", "31 June"),
        (Section.ACTIONS, "due_1", "2026-02-30"),
        (Section.RISK, "risk", "x" * (LONGEST_TEXT + 1)),
        (Section.DECISIONS, "dissent_1", "x" * (LONGEST_ROW_TEXT + 1)),
    ],
)
def test_what_cannot_be_kept_says_where(section: Section, field: str, text: str) -> None:
    with pytest.raises(NotWritable) as refused:
        tidied(section, {field: text})
    assert refused.value.field == field
    assert text not in refused.value.words


def test_rows_close_ranks_and_strangers_are_left_out() -> None:
    kept = tidied(
        Section.DECISIONS,
        {"decision_3": " c ", "decision_7": "g", "rationale_7": "why", "risk": "x", "evil_1": "x",
         "decision_0": "x", "decision_01": "x", "decision_100": "x"},
    )  # fmt: skip
    assert kept == {"decision_1": "c", "decision_2": "g", "rationale_2": "why"}
    assert rows(Section.DECISIONS, kept)[1] == {
        "decision": "g", "rationale": "why", "dissent": "",
    }  # fmt: skip


def test_a_list_has_an_end() -> None:
    full = {f"decision_{n}": "x" for n in range(1, MOST_ROWS + 1)}
    assert len(tidied(Section.DECISIONS, full)) == MOST_ROWS
    with pytest.raises(NotWritable):
        tidied(Section.DECISIONS, {**full, f"decision_{MOST_ROWS + 1}": "x"})
