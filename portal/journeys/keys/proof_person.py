"""Somebody lost their passphrase and their recovery code: a coordinator makes sure of them again.

By meeting them, or by ringing them on the number that the record says is theirs. Nothing changes
yet: a second coordinator approves (renew_person.py). Who proofed, and when, is read from the proven
line; there is no row to be changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Agency, Person
from portal.domain.proofing import How, Proofing
from portal.journeys.agencies.at_home import require_at_home
from portal.journeys.deed import doing, looking
from portal.journeys.giving.granting import LIVING
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.keys.proven import proven_line
from portal.journeys.meetings.slots import area_of
from portal.journeys.restricted.about import hidden_slots
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.ledger import search
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, sendings

ACTION = Action.DECIDE_PERSON_PROOF


@dataclass(frozen=True)
class ToRenew:
    """What the page shows: whom it is about, the proofing that waits, by whom, whether this person
    may approve it, and how many copies of theirs are still open."""

    person: Person
    agency: Agency
    waiting: Proofing | None
    proofed_by: str
    may_approve: bool
    copies: int


def proofing_of(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId
) -> Proofing | None:
    """The newest proofing of this person; None where there is none, or its line is not proven."""
    of_them = {"person": person_id}
    asked = search.newest_about(db, area_id, Deed.PERSON_PROOFED.value, of_them)
    told = None if asked is None else proven_line(house, db, area_id, asked.position)
    if asked is None or told is None:
        return None
    since = search.newest_about(db, area_id, Deed.PERSON_RENEWED.value, of_them)
    return Proofing(
        area_id,
        person_id,
        PersonId(str(told["actor"])),
        datetime.fromisoformat(str(told["at"])),
        since is not None and since.position > asked.position,
    )


def to_renew(house: House, who: Who, person_id: PersonId) -> ToRenew:
    """Raises Refused; KeyAlarm where they are not who was invited, or reached otherwise."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=person_id) as look:
        person = people.load(look.db, area_id, person_id)
        if person is None or person.account is not Account.ENROLLED:
            raise Refused(ACTION, Why.NOT_THERE)
        look.require(ACTION, OfPerson(person.area_id, person.id))
        require_at_home(person)
        agency = people.load_agency(look.db, area_id, person.agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        require_as_invited(house, look.db, person, "")
        found = proofing_of(house, look.db, area_id, person_id)
        waits = found is not None and not found.renewed and look.now < found.approve_before
        by = None if found is None else people.load(look.db, area_id, found.proofed_by)
        # The number must not tell of a restricted case that is not there for whoever looks.
        unseen = hidden_slots(look)
        sent = {each.id: each.slot_id for each in sendings.sendings_in(look.db, area_id)}
        given = [
            grant
            for grant in sendings.grants_of_person(look.db, area_id, person_id)
            if sent.get(grant.sending_id) not in unseen
        ]
        return ToRenew(
            person,
            agency,
            found if waits else None,
            "" if by is None else by.name,
            found is not None and look.may(Action.DECIDE_PERSON_RENEW, found.facts),
            sum(
                grant.state in LIVING and (grant.closes_at is None or grant.closes_at > look.now)
                for grant in given
            ),
        )


def proof_person(house: House, who: Who, person_id: PersonId, how: How, code: str) -> None:
    """Raises Refused, CodeRefused, Unacceptable or KeyAlarm."""
    to_renew(house, who, person_id)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(OfPerson(person.area_id, person.id))
        if person.account is not Account.ENROLLED:
            raise Unacceptable("code", "This person has not joined yet, or has left.")
        require_as_invited(house, deed.db, person, "")
        deed.note(line(Deed.PERSON_PROOFED, person=person_id, how=how.value))
        area = area_of(deed.db, deed.area_id, ACTION)
        path = f"/unit/people/{person_id}/proofing"
        for address, link in ((area.unit_email, path), (person.email, "/account/lost")):
            deed.tell(Kind.RENEWAL_ASKED, address, area=area.name, path=link, phone=area.phone)
