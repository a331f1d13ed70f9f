"""The pages of the minutes' form: the list of its sections, and what a section is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.ids import AgencyId, SlotId
from portal.domain.minutes_form import Section, missing
from portal.journeys.deed import looking
from portal.journeys.facts import minutes_facts
from portal.journeys.house import House, Who
from portal.journeys.rewrapping import open_unit_of
from portal.journeys.slots import Scene, scene_of
from portal.journeys.writing_minutes import WrittenForm, written_form
from portal.policy.actions import Action
from portal.records import people


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


def minutes_form_page(house: House, who: Who, slot_id: SlotId) -> FormPage:
    """Raises Refused (also once the chair has approved), KeyAlarm or Spoilt."""
    action = Action.UNIT_MINUTES_WRITE
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        facts = minutes_facts(look.db, area_id, slot_id, action)
        look.require(action, facts)
        unit = open_unit_of(house, look.db, who)
        form = written_form(house, look.db, area_id, slot_id, unit.key.opener())
        agencies = people.agencies_of(look.db, area_id)
        return FormPage(
            scene=scene_of(look, slot_id, action),
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
