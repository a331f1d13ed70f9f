"""Our people: what the single point of contact of an agency sees, and what is late in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.colleagues import Certified, certified
from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person, Role
from portal.journeys.agencies.colleague import colleague, facts_of
from portal.journeys.agencies.to_certify import last_said
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import area_of
from portal.journeys.views.dormant import asleep_in
from portal.journeys.views.people import KeyState, key_states
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import colleagues, people


@dataclass(frozen=True)
class ColleagueRow:
    """One person. `covered_by` is a name, while `until`; empty for nobody. `me`: who looks.
    `may_have_link`: they have not joined, and are sent a new link.
    `may_wake`: their account is closed because nobody used it, and may be opened again."""

    person: Person
    key: KeyState
    certified: Certified
    last: datetime
    covered_by: str
    until: datetime | None
    may_remove: bool
    may_cover: bool
    may_wake: bool
    may_vouch: bool
    may_let_try: bool
    may_have_card: bool
    may_have_link: bool
    me: bool


@dataclass(frozen=True)
class Colleagues:
    """The agency's people, and how many wait to be said still here."""

    agency: str
    phone: str
    rows: tuple[ColleagueRow, ...]

    @property
    def due(self) -> tuple[ColleagueRow, ...]:
        return tuple(r for r in self.rows if not r.me and r.certified is not Certified.CURRENT)


@dataclass(frozen=True)
class ToCover:
    """Who is away, and the contacts who may cover for them."""

    person: Person
    contacts: tuple[Person, ...]


def colleagues_page(house: House, who: Who) -> Colleagues:
    """Raises Refused for whoever speaks for no agency."""
    area_id, action = who.actor.area_id, Action.SPOC_PEOPLE_READ
    with looking(house, who.actor) as look:
        look.require(action, InArea(area_id))
        area = area_of(look.db, area_id, action)
        agency = people.load_agency(look.db, area_id, who.actor.agency_id)
        if agency is None:
            raise Refused(action, Why.NOT_THERE)
        found = {p.id: p for p in people.of_agency(look.db, area_id, agency.id)}
        living = {key: p for key, p in found.items() if p.account is not Account.LEFT}
        states = key_states(look, area_id, living)
        last = last_said(look.db, area_id, living)
        covers = colleagues.covers_of(look.db, area_id)
        sleeping = asleep_in(look.db, area_id, look.now)

        def row(person: Person) -> ColleagueRow:
            cover = covers.get(person.id)
            live = cover if cover is not None and look.now < cover.until else None
            return ColleagueRow(
                person,
                states[person.id],
                certified(last[person.id], look.now),
                last[person.id],
                "" if live is None or live.by_id not in living else living[live.by_id].name,
                None if live is None else live.until,
                look.may(Action.SPOC_PERSON_REMOVE, facts_of(person)),
                look.may(Action.SPOC_COVER_SET, facts_of(person)),
                person.id in sleeping and look.may(Action.SPOC_PERSON_WAKE, facts_of(person)),
                person.account is Account.ENROLLED
                and look.may(Action.SPOC_PERSON_VOUCH, facts_of(person)),
                person.account is Account.ENROLLED
                and look.may(Action.SPOC_TRIES_ALLOW, facts_of(person)),
                look.may(Action.SPOC_CARD_ISSUE, facts_of(person)),
                person.account is Account.INVITED
                and look.may(Action.SPOC_LINK_RESEND, facts_of(person)),
                person.id == who.actor.person_id,
            )

        return Colleagues(agency.name, area.phone, tuple(row(p) for p in living.values()))


def to_cover(house: House, who: Who, person_id: PersonId) -> ToCover:
    """Raises Refused."""
    action = Action.SPOC_COVER_SET
    with looking(house, who.actor, subject=person_id) as look:
        person = colleague(look, person_id, action)
        look.require(action, facts_of(person))
        return ToCover(
            person,
            tuple(
                each
                for each in people.of_agency(look.db, person.area_id, person.agency_id)
                if each.id != person.id
                and each.account is Account.ENROLLED
                and Role.CONTACT in each.roles
            ),
        )


def colleague_to_remove(house: House, who: Who, person_id: PersonId) -> Person:
    """Who is about to lose everything. Raises Refused."""
    action = Action.SPOC_PERSON_REMOVE
    with looking(house, who.actor, subject=person_id) as look:
        person = colleague(look, person_id, action)
        look.require(action, facts_of(person))
        return person
