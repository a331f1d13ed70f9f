"""The form of the minutes (MAPPA C): its sections, and what each must hold (rules 43 to 49).

A section is written as texts by field name. It may be kept unfinished; the whole cannot be filed
before nothing is missing. The words of what is missing never repeat what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

Written = Mapping[str, str]
"""Field name -> text. A day is ISO, a time is HH:MM, an agency is its identifier."""

LONGEST_TEXT = 8_000
LONGEST_ROW_TEXT = 2_000
MOST_ROWS = 30
LONGEST_ALL = 200_000
"""Characters of one text, of one text of a row, rows of a list, characters of the whole form."""


class Section(StrEnum):
    """The sections, in the order of the form."""

    STATEMENT = "statement"
    INFORMATION = "information"
    RISK = "risk"
    PLAN = "plan"
    INFORMED = "informed"
    DISCLOSURE = "disclosure"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    OUTCOME = "outcome"


SECTION_WORDS: Mapping[Section, str] = {
    Section.STATEMENT: "Confidentiality statement",
    Section.INFORMATION: "Information shared",
    Section.RISK: "Risk",
    Section.PLAN: "Risk management plan",
    Section.INFORMED: "Whether the individual is told",
    Section.DISCLOSURE: "Disclosure considered",
    Section.DECISIONS: "Decisions",
    Section.ACTIONS: "Actions",
    Section.OUTCOME: "Level, category and review",
}

PLAN_HEADINGS: Mapping[str, str] = {
    "supervision": "Supervision",
    "monitoring": "Monitoring and control",
    "interventions": "Interventions and treatment",
    "victim_safety": "Victim safety",
}
"""The four headings of a risk management plan."""

INFORMED_WORDS: Mapping[str, str] = {
    "told": "Told already",
    "to_be_told": "To be told",
    "withheld": "Withheld",
}
WITHHELD_WORDS: Mapping[str, str] = {
    "public_safety": "Public safety, staff included",
    "victim_protection": "Protection of a victim",
}
"""The only grounds on which the meeting may be kept from the individual (rule 45)."""

DISCLOSURE_WORDS: Mapping[str, str] = {
    "none": "No disclosure is needed",
    "disclose": "Something is to be disclosed",
}
LEVEL_WORDS: Mapping[str, str] = {
    "3": "Level 3, enhanced multi-agency management",
    "2": "Level 2, multi-agency management",
    "1": "Level 1, multi-agency support",
    "none": "No longer managed under MAPPA",
}
CATEGORY_WORDS: Mapping[str, str] = {
    "1": "Category 1, subject to notification requirements",
    "2": "Category 2, violent or other sexual offence",
    "3": "Category 3, other dangerous",
    "4": "Category 4, terrorist or terrorist risk",
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "put": {"yes": "Yes", "no": "No"},
    "informed": INFORMED_WORDS,
    "ground": WITHHELD_WORDS,
    "considered": DISCLOSURE_WORDS,
    "no_actions": {"y": "No action was agreed"},
    "level": LEVEL_WORDS,
    "category": CATEGORY_WORDS,
}
"""Fields whose text is a member of a closed list, with the words for each member."""

DECISION = ("decision", "rationale", "dissent")
ACTION = ("action", "agency", "owner", "due")
ROWS: Mapping[Section, tuple[str, ...]] = {Section.DECISIONS: DECISION, Section.ACTIONS: ACTION}
"""Sections that are lists: the fields of one row, each followed by `_` and the row's number."""

FIELDS: Mapping[Section, tuple[str, ...]] = {
    Section.STATEMENT: ("put", "put_at"),
    Section.INFORMATION: ("information",),
    Section.RISK: ("risk",),
    Section.PLAN: tuple(PLAN_HEADINGS),
    Section.INFORMED: ("informed", "by_whom", "ground", "reason"),
    Section.DISCLOSURE: ("considered", "why_none", "to_whom", "discloser", "how", "when"),
    Section.DECISIONS: (),
    Section.ACTIONS: ("no_actions",),
    Section.OUTCOME: ("level", "category", "review_on"),
}
"""The fields of each section that stand once."""

_DAYS = frozenset({"due", "review_on"})
_NUMBERED = re.compile(r"([a-z_]+)_([1-9][0-9]?)")


@dataclass(frozen=True)
class Missing:
    """What a section still lacks: the field to go to, and what to do there."""

    field: str
    words: str


class NotWritable(ValueError):
    """A text that cannot be kept as it is; `.field` and `.words` say why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


def tidied(section: Section, typed: Written) -> dict[str, str]:
    """What is kept of what was typed: known fields only, without space at the ends, nothing
    empty, rows numbered from 1 without gaps. Raises NotWritable."""
    kept = {}
    for field in FIELDS[section]:
        if text := typed.get(field, "").strip():
            _check(field, field, text, LONGEST_TEXT)
            kept[field] = text
    for place, row in enumerate(rows(section, typed), 1):
        if place > MOST_ROWS:
            raise NotWritable(f"{ROWS[section][0]}_{MOST_ROWS}", f"Write at most {MOST_ROWS}.")
        for name, text in row.items():
            if text:
                _check(f"{name}_{place}", name, text, LONGEST_ROW_TEXT)
                kept[f"{name}_{place}"] = text
    return kept


def rows(section: Section, written: Written) -> list[dict[str, str]]:
    """The rows in which anything is written, in their order, each with every field."""
    names = ROWS.get(section, ())
    numbers = sorted(
        {int(m[2]) for field in written if (m := _NUMBERED.fullmatch(field)) and m[1] in names}
    )
    found = [{name: written.get(f"{name}_{n}", "").strip() for name in names} for n in numbers]
    return [row for row in found if any(row.values())]


def missing(section: Section, written: Written) -> tuple[Missing, ...]:
    """What the section lacks before it is complete, in the order of its fields."""
    return tuple(_MISSING[section](written))


def _check(field: str, name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise NotWritable(field, f"Write at most {longest:,} characters.")
    if name in CHOICES and text not in CHOICES[name]:
        raise NotWritable(field, "Choose one of the answers.")
    try:
        if name in _DAYS:
            date.fromisoformat(text)
        elif name == "put_at":
            time.fromisoformat(text)
    except ValueError:
        raise NotWritable(field, "Write a day or a time that exists.") from None


def _statement(at: Written) -> Iterator[Missing]:
    if at.get("put") != "yes":
        yield Missing("put", "The statement is put at the start of each case: record that it was.")
    if "put_at" not in at:
        yield Missing("put_at", "Write at what time it was put.")


def _one(field: str, words: str) -> Callable[[Written], Iterator[Missing]]:
    def lacks(at: Written) -> Iterator[Missing]:
        if field not in at:
            yield Missing(field, words)

    return lacks


def _plan(at: Written) -> Iterator[Missing]:
    for field, heading in PLAN_HEADINGS.items():
        if field not in at:
            yield Missing(field, f"Write the plan for: {heading.lower()}. If nothing, say why.")


def _informed(at: Written) -> Iterator[Missing]:
    answer = at.get("informed")
    if answer is None:
        yield Missing("informed", "Say whether the individual is told, is to be told, or is not.")
    elif answer in ("told", "to_be_told") and "by_whom" not in at:
        yield Missing("by_whom", "Say who tells, or told, the individual.")
    elif answer == "withheld":
        if "ground" not in at:
            yield Missing(
                "ground",
                "Choose the reason for withholding: it must be public safety or the protection "
                "of a victim.",
            )
        if "reason" not in at:
            yield Missing("reason", "Write why this is withheld: the reason goes in the minutes.")


def _disclosure(at: Written) -> Iterator[Missing]:
    answer = at.get("considered")
    if answer is None:
        yield Missing("considered", "Every meeting considers disclosure: record what it decided.")
    elif answer == "none" and "why_none" not in at:
        yield Missing("why_none", "Write why no disclosure is needed.")
    elif answer == "disclose":
        asked = {
            "to_whom": "Write to whom it is disclosed.",
            "discloser": "Write who discloses it.",
            "how": "Write how it is disclosed.",
            "when": "Write when it is disclosed.",
        }
        yield from (Missing(field, words) for field, words in asked.items() if field not in at)


def _decisions(at: Written) -> Iterator[Missing]:
    found = rows(Section.DECISIONS, at)
    if not found:
        yield Missing("decision_1", "Write the decisions of the meeting, each with its rationale.")
    for place, row in enumerate(found, 1):
        if not row["decision"]:
            yield Missing(f"decision_{place}", f"Write decision {place}.")
        if not row["rationale"]:
            yield Missing(f"rationale_{place}", f"Write the rationale of decision {place}.")


def _actions(at: Written) -> Iterator[Missing]:
    found = rows(Section.ACTIONS, at)
    if not found and "no_actions" not in at:
        yield Missing("action_1", "Write the actions, or say that none was agreed.")
    if found and "no_actions" in at:
        yield Missing("no_actions", "There are actions below: untick this, or remove them.")
    asked = {
        "action": "Write action {}.",
        "agency": "Choose the one agency that owns action {}.",
        "owner": "Write who does action {}.",
        "due": "Write by when action {} is done.",
    }
    for place, row in enumerate(found, 1):
        for field, words in asked.items():
            if not row[field]:
                yield Missing(f"{field}_{place}", words.format(place))


def _outcome(at: Written) -> Iterator[Missing]:
    asked = {
        "level": "Choose the level the meeting decided.",
        "category": "Choose the category.",
        "review_on": "Write the day of the review.",
    }
    for field, words in asked.items():
        # Whoever is managed no longer is not reviewed.
        if field not in at and not (field == "review_on" and at.get("level") == "none"):
            yield Missing(field, words)


_MISSING: Mapping[Section, Callable[[Written], Iterator[Missing]]] = {
    Section.STATEMENT: _statement,
    Section.INFORMATION: _one("information", "Write what information was shared."),
    Section.RISK: _one("risk", "Write who is at risk, of what, and how it was assessed."),
    Section.PLAN: _plan,
    Section.INFORMED: _informed,
    Section.DISCLOSURE: _disclosure,
    Section.DECISIONS: _decisions,
    Section.ACTIONS: _actions,
    Section.OUTCOME: _outcome,
}
