"""Issue a printed code card to somebody else, once it was made sure who they are.

By the unit, or by the single point of contact of the person's own agency, never to oneself. For
whoever has neither telephone nor fob, before they join or when they have lost what they had. It
replaces no passphrase, so whoever prints it still cannot sign in as them. An earlier card that
somebody else issued to them works no more. Its owner is told by mail, and the line says how it was
made sure who they are. The codes are shown to whoever issued it until the card is handed over.

Any area that has spoken to them and confirmed the key of their account issues one, also where
another keeps the account: that area's record says so too, its unit is told, and no card that
somebody there issued is ended by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.ids import PersonId
from portal.domain.people import Account, Agency, Person
from portal.journeys.across.keeper import at_keeper, keeper_of
from portal.journeys.agencies.at_home import KeptElsewhere
from portal.journeys.agencies.colleague import about
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking, tending
from portal.journeys.house import House
from portal.journeys.keys.directory import confirmed_key, require_as_invited
from portal.journeys.meetings.slots import area_of
from portal.journeys.own_account.card_to_print import card_to_print, forget_printed, keep_to_print
from portal.journeys.own_account.own_factors import new_card
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cards, keys, people
from portal.records.database import reading

ACTION = Action.UNIT_CARD_ISSUE
NAMES = {
    Action.UNIT_CARD_ISSUE: "Card from the unit",
    Action.SPOC_CARD_ISSUE: "Card from your agency",
}
ISSUED_ELSEWHERE = "issued_elsewhere"
NOT_CONFIRMED = (
    "This person's account is kept by another MAPPA unit, and their key is not confirmed in this "
    "area. Ring them and confirm it first, or they can ring that unit for a card."
)


class Proofed(StrEnum):
    """How it was made sure that the card goes to its owner."""

    MET = "issued_met"
    RANG = "issued_rang"


@dataclass(frozen=True)
class Issued:
    """A card to be printed and handed over."""

    id: str
    person: Person
    agency: Agency
    codes: tuple[str, ...]


def person_to_give_card(
    house: House, found: Recalled, person_id: PersonId, action: Action = ACTION
) -> tuple[Person, Agency]:
    """Whom a card is for; `action` is one of those in NAMES. Raises Refused; where another area
    keeps the account, KeptElsewhere unless their key is confirmed here, and KeyAlarm."""
    with looking(house, found.who().actor, subject=person_id) as look:
        person, agency = _whose(look.db, found, person_id, action)
        look.require(action, about(action, person))
        _require_known(house, look.db, person)
    return person, agency


def issue_card(
    house: House,
    found: Recalled,
    person_id: PersonId,
    proofed: Proofed,
    code: str,
    action: Action = ACTION,
) -> str:
    """Returns what the card is known by. Raises CodeRefused, Unacceptable, Refused, Changed, and
    as `person_to_give_card`."""
    who = found.who()
    person, _agency = person_to_give_card(house, found, person_id, action)
    spend(house, who.actor, code)
    besides = keeper_of(house, who.actor.area_id, person_id)
    keeping = _keeping(house, person)
    codes, card, rows = new_card(house, keeping, who.actor.person_id, NAMES[action])
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        person, _agency = _whose(deed.db, found, person_id, action)
        deed.require(about(action, person))
        if person.account is Account.LEFT:
            raise Unacceptable("code", "This person has left.")
        _require_known(house, deed.db, person)
        elsewhere = at_keeper(deed, person, Deed.FACTOR_CHANGED)
        if keeping.area_id != (person if elsewhere is None else elsewhere[0]).area_id:
            raise Changed
        _end_earlier(deed.db, person)
        cards.save(deed.db, card, rows)
        cards.prove(deed.db, card.id, deed.now)
        keep_to_print(house, deed.db, found.person, who.keyring, card.id, codes)
        deed.note(
            line(
                Deed.FACTOR_CHANGED,
                person=person_id,
                factor=FactorKind.CODE_CARD.value,
                change=proofed.value,
            )
        )
        if person.account is Account.ENROLLED:
            deed.tell(
                Kind.FACTOR_CHANGED,
                person.email,
                area=found.area.name,
                path="/account/",
                phone=found.area.phone,
            )
        if elsewhere is not None:
            _told_there(*elsewhere)
    return card.id


def issued_card(
    house: House, found: Recalled, person_id: PersonId, card_id: str, action: Action = ACTION
) -> Issued:
    """The card, for whoever issued it, until it was handed over. Raises Refused."""
    who = found.who()
    person, agency = person_to_give_card(house, found, person_id, action)
    with looking(house, who.actor, subject=card_id) as look:
        look.require(action, about(action, person))
        card = cards.load(look.db, person.account_id, card_id)
        codes = card_to_print(house, found.person, who.keyring, card_id)
        if card is None or not codes:
            raise Refused(action, Why.NOT_THERE)
    return Issued(card.id, person, agency, codes)


def hand_card_over(
    house: House, found: Recalled, person_id: PersonId, card_id: str, action: Action = ACTION
) -> None:
    """From now on its codes are on the card only. Raises Refused."""
    issued_card(house, found, person_id, card_id, action)
    with tending(house) as db:
        forget_printed(db, found.person, card_id)


def _keeping(house: House, person: Person) -> Person:
    """The same person where the account is kept, whose rows a card is among."""
    with reading(house.engine) as db:
        return people.at_home(db, person.account_id) or person


def _require_known(house: House, db: Connection, person: Person) -> None:
    """A row that points at somebody's account gives no card to it: this area's co-ordinator must
    have heard the words of that very account's key."""
    if person.at_home or person.account is Account.LEFT:
        return
    kept = people.at_home(db, person.account_id)
    public = None if kept is None else keys.public_key_of(db, kept.area_id, kept.id)
    confirmed = confirmed_key(house, db, person.area_id, person.id)
    if public is None or confirmed is None or confirmed.fingerprint != public.fingerprint:
        raise KeptElsewhere(NOT_CONFIRMED)
    require_as_invited(house, db, person, confirmed.fingerprint)


def _end_earlier(db: Connection, person: Person) -> None:
    """Cards that others issued: all of them where this area keeps the account, else its own."""
    own = {each.id for each in people.of_account(db, person.account_id)}
    for earlier in cards.of_person(db, person.account_id):
        ours = person.at_home or people.load(db, person.area_id, earlier.made_by) is not None
        if earlier.made_by not in own and ours:
            cards.drop(db, person.account_id, earlier.id)


def _told_there(kept: Person, part: Doing) -> None:
    """The area that keeps the account: its record does not say which area it was."""
    part.note(
        line(
            Deed.FACTOR_CHANGED,
            person=kept.id,
            factor=FactorKind.CODE_CARD.value,
            change=ISSUED_ELSEWHERE,
        )
    )
    area = area_of(part.db, kept.area_id, ACTION)
    part.tell(Kind.CARD_ELSEWHERE, area.unit_email, area=area.name, path="/record/")


def _whose(
    db: Connection, found: Recalled, person_id: PersonId, action: Action
) -> tuple[Person, Agency]:
    person = people.load(db, found.person.area_id, person_id)
    agency = None if person is None else people.load_agency(db, person.area_id, person.agency_id)
    if person is None or agency is None:
        raise Refused(action, Why.NOT_THERE)
    return person, agency
