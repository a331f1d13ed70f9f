"""A whole form of the minutes, written through the journey."""

from __future__ import annotations

from portal.domain.minutes_form import Section, Written
from portal.journeys.minutes.read_minutes_form import read_minutes_form
from portal.journeys.minutes.write_minutes import write_minutes
from tests.staging import Stage


def whole(stage: Stage) -> dict[Section, Written]:
    """Every section, so that nothing is missing."""
    return {
        Section.STATEMENT: {"put": "yes", "put_at": "10:05"},
        Section.INFORMATION: {"information": "Police: two calls.\n\nHousing: rent is paid."},
        Section.RISK: {"risk": "High risk of serious harm to a former partner."},
        Section.PLAN: {
            "supervision": "Weekly.",
            "monitoring": "Unannounced visits.",
            "interventions": "Horizon programme.",
            "victim_safety": "Officer calls the victim each week.",
        },
        Section.INFORMED: {
            "informed": "withheld",
            "ground": "victim_protection",
            "reason": "He would learn who reported him.",
        },
        Section.DISCLOSURE: {"considered": "none", "why_none": "The employer knows already."},
        Section.DECISIONS: {
            "decision_1": "Stay at Level 2.",
            "rationale_1": "Risk is unchanged.",
            "dissent_1": "Health would have moved to Level 1.",
            "decision_2": "Curfew stays.",
            "rationale_2": "It works.",
        },
        Section.ACTIONS: {
            "action_1": "Visit the address.",
            "agency_1": stage.world.agency("police").id,
            "owner_1": "Sgt Carys Bevan",
            "due_1": "2026-06-12",
        },
        Section.OUTCOME: {"level": "2", "category": "1", "review_on": "2026-09-03"},
    }


def write(stage: Stage, section: Section, written: Written, by: str = "priya") -> None:
    who = stage.world.who(by)
    was = read_minutes_form(stage.house, who, stage.slot_id).digest_of(section)
    write_minutes(stage.house, who, stage.slot_id, section, written, was)


def write_all(stage: Stage, by: str = "priya", **other: Written) -> None:
    """The whole form, with other texts for some sections."""
    for section, written in whole(stage).items():
        write(stage, section, other.get(section.value, written), by)


def digest(stage: Stage, by: str = "priya") -> str:
    return read_minutes_form(stage.house, stage.world.who(by), stage.slot_id).digest
