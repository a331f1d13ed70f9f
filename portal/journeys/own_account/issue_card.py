"""Issue a printed code card to somebody else, once it was made sure who they are.

By the unit, or by the single point of contact of the person's own agency, never to oneself. For
whoever has neither telephone nor fob, before they join or when they have lost what they had. It
replaces no passphrase, so whoever prints it still cannot sign in as them. An earlier card that
somebody else issued to them works no more. Its owner is told by mail, and the line says how it was
made sure who they are. The codes are shown to whoever issued it until the card is handed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.ids import PersonId
from portal.domain.people import Account, Agency, Person
from portal.journeys.agencies.at_home import require_at_home
from portal.journeys.agencies.colleague import about
from portal.journeys.deed import doing, looking, tending
from portal.journeys.house import House
from portal.journeys.own_account.card_to_print import card_to_print, forget_printed, keep_to_print
from portal.journeys.own_account.own_factors import new_card
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cards, people

ACTION = Action.UNIT_CARD_ISSUE
NAMES = {
    Action.UNIT_CARD_ISSUE: "Card from the unit",
    Action.SPOC_CARD_ISSUE: "Card from your agency",
}


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
    """Whom a card is for; `action` is one of those in NAMES. Raises Refused."""
    with looking(house, found.who().actor, subject=person_id) as look:
        person, agency = _whose(look.db, found, person_id, action)
        look.require(action, about(action, person))
        require_at_home(person)
    return person, agency


def issue_card(
    house: House,
    found: Recalled,
    person_id: PersonId,
    proofed: Proofed,
    code: str,
    action: Action = ACTION,
) -> str:
    """Returns what the card is known by. Raises CodeRefused, Unacceptable, Refused."""
    who = found.who()
    person, _agency = person_to_give_card(house, found, person_id, action)
    spend(house, who.actor, code)
    codes, card, rows = new_card(house, person, who.actor.person_id, NAMES[action])
    with doing(house, who.actor, action, subject=person_id) as deed:
        person, _agency = _whose(deed.db, found, person_id, action)
        deed.require(about(action, person))
        if person.account is Account.LEFT:
            raise Unacceptable("code", "This person has left.")
        for earlier in cards.of_person(deed.db, person.account_id):
            if earlier.made_by != person_id:
                cards.drop(deed.db, person.account_id, earlier.id)
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


def _whose(
    db: Connection, found: Recalled, person_id: PersonId, action: Action
) -> tuple[Person, Agency]:
    person = people.load(db, found.person.area_id, person_id)
    agency = None if person is None else people.load_agency(db, person.area_id, person.agency_id)
    if person is None or agency is None:
        raise Refused(action, Why.NOT_THERE)
    return person, agency
