"""The minutes as they are printed: what is written in the form, with the locked attendance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from portal.domain.cases import Particulars
from portal.domain.clocks import in_words
from portal.domain.ids import AgencyId, PersonId
from portal.domain.meetings import CAPACITY_WORDS, HEARD, Attendance, Invitation, Presence
from portal.domain.minutes_form import (
    CATEGORY_WORDS,
    DISCLOSURE_WORDS,
    INFORMED_WORDS,
    LEVEL_WORDS,
    PLAN_HEADINGS,
    WITHHELD_WORDS,
    Section,
    rows,
)
from portal.domain.papers import HANDLING, MARKING, MINUTES_FORM, TITLES
from portal.domain.people import Agency
from portal.journeys.minutes.writing import WrittenForm
from portal.journeys.packs.proposing import Setting

Facts = list[list[str]]
"""Pairs of a label and what is said."""


def paper_of(
    at: Setting,
    individual: Particulars,
    invited: Iterable[Invitation],
    register: Mapping[PersonId, Attendance],
    form: WrittenForm,
) -> dict[str, object]:
    """The data of the template `minutes`, of a form from which nothing is missing."""
    return {
        "title": TITLES[MINUTES_FORM],
        "reference": at.case.reference,
        "marking": MARKING,
        "meeting_line": f"Level {at.case.level} meeting on {in_words(at.slot.starts_at)}",
        "facts": [
            ["Individual", individual.name],
            ["Date of birth", _day(individual.born.isoformat())],
            ["Lead agency", at.agencies[at.case.lead_agency_id].name],
        ],
        "handling": list(HANDLING),
        "present": _present(at, invited, register),
        "others": _others(at, register),
        "sections": [{"title": title, "facts": facts} for title, facts in _sections(form)],
        "decisions": rows(Section.DECISIONS, form.of(Section.DECISIONS)),
        "actions": [
            [row["action"], agency_name(row["agency"], at.agencies), row["owner"], _day(row["due"])]
            for row in rows(Section.ACTIONS, form.of(Section.ACTIONS))
        ],
        "outcome": _outcome(form),
    }


def agency_name(agency_id: str, agencies: Mapping[AgencyId, Agency]) -> str:
    """The name of the agency that owns an action."""
    found = agencies.get(AgencyId(agency_id))
    return "An agency that is not in this area" if found is None else found.name


def _present(
    at: Setting, invited: Iterable[Invitation], register: Mapping[PersonId, Attendance]
) -> list[list[str]]:
    """Who was there: name, agency, capacity; by agency (rule 39)."""
    found = []
    for each in invited:
        entry = register.get(each.person_id)
        if entry is None or entry.presence not in HEARD:
            continue
        part = ", for part of the meeting" if entry.presence is Presence.PART else ""
        found.append(
            [
                at.people[each.person_id].name,
                at.agencies[each.agency_id].name,
                CAPACITY_WORDS[each.capacity] + part,
            ]
        )
    return sorted(found, key=lambda row: (row[1], row[0]))


def _others(at: Setting, register: Mapping[PersonId, Attendance]) -> Facts:
    """Who was not there."""
    said: Facts = []
    for presence, label in ((Presence.APOLOGIES, "Apologies"), (Presence.ABSENT, "Absent")):
        names = sorted(
            f"{at.people[person].name}, {at.agencies[at.people[person].agency_id].name}"
            for person, entry in register.items()
            if entry.presence is presence
        )
        said.append([label, "\n".join(names) or "Nobody"])
    return said


def _sections(form: WrittenForm) -> list[tuple[str, Facts]]:
    """The sections that are not lists, in the order of the form."""
    statement = form.of(Section.STATEMENT)
    plan = form.of(Section.PLAN)
    return [
        (
            "Confidentiality statement",
            [["Put at the start of this case", f"Yes, at {statement['put_at']}"]],
        ),
        ("Information shared", [["", form.of(Section.INFORMATION)["information"]]]),
        ("Risk", [["", form.of(Section.RISK)["risk"]]]),
        (
            "Risk management plan",
            [[heading, plan[field]] for field, heading in PLAN_HEADINGS.items()],
        ),
        ("Whether the individual is told", _informed(form)),
        ("Disclosure considered", _disclosure(form)),
    ]


def _informed(form: WrittenForm) -> Facts:
    at = form.of(Section.INFORMED)
    answer = at["informed"]
    said = [["Decision", INFORMED_WORDS[answer]]]
    if answer == "withheld":
        said += [["Ground", WITHHELD_WORDS[at["ground"]]], ["Reason", at["reason"]]]
    else:
        said.append(["By whom", at["by_whom"]])
    return said


def _disclosure(form: WrittenForm) -> Facts:
    at = form.of(Section.DISCLOSURE)
    said = [["Decision", DISCLOSURE_WORDS[at["considered"]]]]
    if at["considered"] == "none":
        return [*said, ["Why", at["why_none"]]]
    labels = {"to_whom": "To whom", "discloser": "By whom", "how": "How", "when": "When"}
    return said + [[label, at[field]] for field, label in labels.items()]


def _outcome(form: WrittenForm) -> Facts:
    at = form.of(Section.OUTCOME)
    said = [["Level", LEVEL_WORDS[at["level"]]], ["Category", CATEGORY_WORDS[at["category"]]]]
    return said + ([["Review", _day(at["review_on"])]] if "review_on" in at else [])


def _day(iso: str) -> str:
    found = date.fromisoformat(iso)
    return f"{found.day} {found:%B} {found.year}"
