"""The pages of the minutes' form: the list of its sections, and what a section is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.ids import AgencyId, SlotId
from portal.domain.minutes_form import Section, missing
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.minutes.writing import WrittenForm, written_form
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people

ACTION = Action.UNIT_MINUTES_WRITE


class Progress(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True)
class FormPage:
    """The sections and how far each is; nothing of what is written."""

    scene: Scene
    progress: Mapping[Section, Progress]
    locked: bool
    chaired: bool
    agencies: Mapping[AgencyId, str]

    @property
    def complete(self) -> int:
        """How many sections are completed."""
        return list(self.progress.values()).count(Progress.COMPLETED)

    @property
    def whole(self) -> bool:
        """Whether the draft could be filed now."""
        return self.locked and self.complete == len(Section)


def section_named(house: House, who: Who, slot_id: SlotId, name: str) -> tuple[FormPage, Section]:
    """The section of this name, with the page. Raises Refused (not there) for any other name."""
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, who.actor.area_id, slot_id, ACTION))
        if name not in set(Section):
            raise Refused(ACTION, Why.NOT_THERE)
    return minutes_form_page(house, who, slot_id), Section(name)


def minutes_form_page(house: House, who: Who, slot_id: SlotId) -> FormPage:
    """Raises Refused (also once the chair has approved), KeyAlarm or Spoilt."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        facts = minutes_facts(look.db, area_id, slot_id, ACTION)
        look.require(ACTION, facts)
        unit = open_unit_behind(house, look.db, who, slot_id)
        form = written_form(house, look.db, area_id, slot_id, unit.key.openers())
        agencies = people.agencies_of(look.db, area_id)
        return FormPage(
            scene=scene_of(look, slot_id, ACTION),
            progress={section: _progress(form, section) for section in Section},
            locked=facts.attendance_locked,
            chaired=bool(facts.chairs),
            agencies={
                agency.id: agency.name
                for agency in sorted(agencies.values(), key=lambda each: each.name)
            },
        )


def _progress(form: WrittenForm, section: Section) -> Progress:
    if not form.of(section):
        return Progress.NOT_STARTED
    return Progress.IN_PROGRESS if missing(section, form.of(section)) else Progress.COMPLETED
