"""Somebody of the actor's own agency, loaded once for the judge and the page."""

from __future__ import annotations

from portal.domain.facts import OfColleague
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.deed import Doing, Looking
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people


def colleague(at: Doing | Looking, person_id: PersonId, action: Action) -> Person:
    """Raises Refused (not there) for whom the area does not have."""
    person = people.load(at.db, at.actor.area_id, person_id)
    if person is None:
        raise Refused(action, Why.NOT_THERE)
    return person


def facts_of(person: Person) -> OfColleague:
    """For the judge."""
    return OfColleague(person.area_id, person.agency_id, person.id, person.roles)
