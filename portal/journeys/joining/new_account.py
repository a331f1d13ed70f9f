"""Making an account and its joining link, within a deed that has been judged (or is the first).

Only the link's hash is kept; the token itself stands in the notice until it is sent. A person has
one living link: a new one ends the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.chance import new_id
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.ids import AgencyId, PersonId
from portal.domain.people import Account, Area, Person, Role
from portal.domain.roles import clash
from portal.identity import invitation
from portal.identity.email_address import BadAddress, normalise
from portal.journeys.deed import Doing
from portal.journeys.keys.reached import callback
from portal.journeys.unacceptable import Unacceptable, required
from portal.notices.kinds import Kind
from portal.records import people, sessions

MAILBOX = "This is a team mailbox. It receives notices and never signs in."


@dataclass(frozen=True)
class NewPerson:
    """What is typed about somebody who is to join."""

    name: str
    email: str
    job: str
    phone: str
    agency_id: AgencyId
    roles: frozenset[Role]


@dataclass(frozen=True)
class Linked:
    """The person, and the path of their joining link. The path is a secret until it is used."""

    person: Person
    path: str


def checked(new: NewPerson) -> NewPerson:
    """In its one spelling; raises Unacceptable (any field of NewPerson)."""
    try:
        email = normalise(new.email)
    except BadAddress as bad:
        raise Unacceptable("email", bad.words) from None
    if words := clash(new.roles):
        raise Unacceptable("roles", words)
    return NewPerson(
        required("name", new.name, "Type the person's name."),
        email,
        required("job", new.job, "Type the person's job."),
        required("phone", new.phone, "Type a number you already have for them.", 40),
        new.agency_id,
        new.roles,
    )


def place(deed: Doing, area: Area, new: NewPerson, *, by_letter: bool = True) -> Linked:
    """Write the account and its link, leave the line, and `by_letter` put the notice into the
    outbox."""
    if people.is_known(deed.db, area.id, new.email):
        raise Unacceptable("email", "Somebody has an account with this address already.")
    if people.is_mailbox(deed.db, area.id, new.email):
        raise Unacceptable("email", MAILBOX)
    person = Person(
        id=PersonId(new_id()),
        area_id=area.id,
        agency_id=new.agency_id,
        email=new.email,
        name=new.name,
        job=new.job,
        phone=new.phone,
        roles=new.roles,
        account=Account.INVITED,
        created_at=deed.now,
    )
    people.save(deed.db, person)
    return link_for(deed, area, person, by_letter=by_letter)


def link_for(deed: Doing, area: Area, person: Person, *, by_letter: bool = True) -> Linked:
    """A new link for a person who has not joined yet, its line, and its notice."""
    token, token_hash = invitation.new_token()
    expires = invitation.expires(deed.now)
    sessions.save_link(
        deed.db,
        sessions.JoiningLink(token_hash, area.id, person.id, expires, None, deed.actor.person_id),
    )
    # Whoever had begun to join by the earlier link goes on by this one, with their passphrase.
    sessions.end_all(deed.db, person.account_id)
    deed.note(
        line(
            Deed.PERSON_INVITED,
            person=person.id,
            agency=person.agency_id,
            roles=in_order(person.roles),
            callback=callback(deed.house, person),
        )
    )
    path = f"/join/{token}"
    if by_letter:
        deed.tell(
            Kind.INVITED_TO_JOIN,
            person.email,
            area=area.name,
            until=f"{london(expires):%Y-%m-%dT%H:%M}",
            path=path,
            phone=area.phone,
        )
    return Linked(person, path)


def in_order(roles: Iterable[Role]) -> list[str]:
    """The roles' values, sorted."""
    return sorted(role.value for role in roles)
