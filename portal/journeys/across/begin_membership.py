"""Somebody who has an account already joins another area with it: no second secret of any kind.

They follow the link that the area sent to their address, sign in where their account is kept, and
accept. The area then has a person, and a key that receives nothing until one of its own
co-ordinators has spoken to them. Both areas' records say so; neither names the other (MAPPA rule
14 of docs/rules holds in each by itself).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.people import Account, Agency, Area, Person
from portal.identity import secret_token
from portal.identity.invitation import NotUsable
from portal.journeys.deed import doing, looking
from portal.journeys.house import House
from portal.journeys.joining.follow_link import usable
from portal.journeys.joining.joined_before import JoinedBefore, require_joins_first, telling
from portal.journeys.keys.forget_secrets import forget_secrets
from portal.journeys.keys.register_key import register_key
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.recall import Recalled, actor_of
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, people, sessions, uses
from portal.records.sessions import JoiningLink

ACTION = Action.OWN_MEMBERSHIP_BEGIN


@dataclass(frozen=True)
class ToBegin:
    """What the page shows: who invites, and as whom."""

    area: Area
    agency: Agency
    invited: Person


def membership_to_begin(house: House, found: Recalled, token: str) -> ToBegin:
    """Raises Refused where the link is used or over, for somebody else, or for an area they belong
    to: none of it is told apart."""
    with _first(house), looking(house, found.who().actor) as look:
        look.require(ACTION, InArea(found.person.area_id))
        _link, to_begin = _look(house, look.db, found, token)
    return to_begin


def begin_membership(house: House, found: Recalled, token: str) -> Area:
    """Join with the account that is signed in, at its own home. Returns the area that was joined.

    Raises Refused as above; then nothing was done, and the link works still.
    """
    who = found.who()
    with looking(house, who.actor) as look:
        link = _link(house, look.db, token)
    with _first(house), doing(house, who.actor, ACTION, besides=[link.area_id]) as deed:
        deed.require(InArea(deed.area_id))
        link, asked = _look(house, deed.db, found, token)
        if not sessions.spend_link(deed.db, link.token_hash, deed.now):
            raise Refused(ACTION, Why.NOT_THERE)
        # What was begun, or handed over, for an account of its own is of no use any more.
        forget_secrets(deed.db, asked.invited)
        joined = people.begin_membership(deed.db, asked.invited, found.person.account_id)
        there = deed.beside(
            actor_of(joined, asked.agency, None), Deed.KEY_REGISTERED, Deed.PERSON_JOINED
        )
        register_key(there, joined, who.keyring)
        uses.save(deed.db, uses.Use(joined.id, joined.area_id, deed.now))
        there.note(line(Deed.PERSON_JOINED, person=joined.id))
        there.tell(
            Kind.KEY_WAITS,
            asked.area.unit_email,
            area=asked.area.name,
            path=f"/unit/people/{joined.id}/confirm",
        )
        deed.note(line(Deed.MEMBERSHIP_BEGUN, person=found.person.id))
        home = area_of(deed.db, deed.area_id, ACTION)
        deed.tell(
            Kind.MEMBERSHIP_BEGUN,
            found.person.email,
            area=home.name,
            path="/account/",
            phone=home.phone,
        )
    return asked.area


@contextmanager
def _first(house: House) -> Iterator[None]:
    """A link for whom the record says has joined there before is as good as used."""
    try:
        with telling(house):
            yield
    except JoinedBefore:
        raise Refused(ACTION, Why.NOT_THERE) from None


def _link(house: House, db: Connection, token: str) -> JoiningLink:
    try:
        return usable(sessions.link_by(db, secret_token.hash_of(token)), token, house)
    except NotUsable:
        raise Refused(ACTION, Why.NOT_THERE) from None


def _look(house: House, db: Connection, found: Recalled, token: str) -> tuple[JoiningLink, ToBegin]:
    link = _link(house, db, token)
    invited = people.by_id(db, link.person_id)
    area = areas.load(db, link.area_id)
    if invited is None or area is None or invited.account is not Account.INVITED:
        raise Refused(ACTION, Why.NOT_THERE)
    agency = people.load_agency(db, area.id, invited.agency_id)
    # A link is for the address it was sent to, whoever else may have got hold of it.
    if agency is None or not found.person.at_home or invited.email != found.person.email:
        raise Refused(ACTION, Why.NOT_THERE)
    if any(
        each.area_id == area.id and each.account is not Account.LEFT
        for each in people.of_account(db, found.person.account_id)
    ):
        raise Refused(ACTION, Why.NOT_THERE)
    require_joins_first(house, db, invited)
    return link, ToBegin(area, agency, invited)
