"""Somebody of the actor's own agency, loaded once for the judge and the page."""

from __future__ import annotations

from portal.domain.facts import OfColleague, OfPerson
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.deed import Doing, Looking
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.rulebook import expected_facts
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


def about(action: Action, person: Person) -> OfColleague | OfPerson:
    """For the judge, of what the unit may do to anybody and a single point of contact to their own
    agency's people: the facts that the action's rule takes."""
    if expected_facts(action) is OfColleague:
        return facts_of(person)
    return OfPerson(person.area_id, person.id)
