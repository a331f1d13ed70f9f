"""A single point of contact says, each quarter, who of their agency is still here and who has left.

Those who left lose everything at once, in the same step (MAPPA rule 81). Nobody may say of
themselves that they are still here, nor close an account that holds a role of the unit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person
from portal.journeys.across.move_home import other_areas
from portal.journeys.agencies.colleague import facts_of
from portal.journeys.agencies.remove_person import leave
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy import judge
from portal.policy.actions import Action
from portal.records import colleagues, people

ACTION = Action.SPOC_PEOPLE_CERTIFY


@dataclass(frozen=True)
class CertifiedNow:
    """How many were said to be still here, and how many lost everything."""

    here: int
    left: int


def certify_people(
    house: House, who: Who, here: Collection[PersonId], left: Collection[PersonId]
) -> CertifiedNow:
    """Raises Refused, Unacceptable where nothing was said, or Changed where somebody named is no
    colleague of the actor's any more."""
    if (not here and not left) or set(here) & set(left):
        raise Unacceptable("", "Say of at least one person whether they are still here.")
    besides = other_areas(house, who.actor.area_id, left)
    with doing(house, who.actor, ACTION, besides=besides) as deed:
        deed.require(InArea(who.actor.area_id))
        known = _colleagues({p.id: p for p in people.of_agency(
            deed.db, deed.area_id, who.actor.agency_id
        )}, who)  # fmt: skip
        if not {*here, *left} <= known.keys():
            raise Changed
        for person_id in here:
            colleagues.save_certification(
                deed.db,
                colleagues.Certification(person_id, deed.area_id, who.actor.person_id, deed.now),
            )
        if here:
            deed.note(line(Deed.PEOPLE_CERTIFIED, agency=who.actor.agency_id, persons=sorted(here)))
        for person_id in sorted(left):
            judge.require(
                deed.actor, Action.SPOC_PERSON_REMOVE, facts_of(known[person_id]), deed.now
            )
            leave(deed, known[person_id])
        return CertifiedNow(len(here), len(left))


def _colleagues(found: dict[PersonId, Person], who: Who) -> dict[PersonId, Person]:
    return {
        person_id: person
        for person_id, person in found.items()
        if person.account is not Account.LEFT and person_id != who.actor.person_id
    }
