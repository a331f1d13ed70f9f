"""Prove a second factor that was begun: the first code that it makes, and then it counts.

What it stands in place of goes in the same commit, and with it every other session. Its owner is
told by mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.facts import InArea
from portal.identity import oath
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House
from portal.journeys.joining.join_factor import CodeApp, fob_of, shown
from portal.journeys.own_account.card_to_print import card_to_print, forget_printed
from portal.journeys.own_account.own_factors import (
    CARDS,
    GENERATORS,
    TIME_TO_PRINT,
    TIME_TO_PROVE,
    forget_factor,
    name_of,
    proved_by,
    seed_of,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import WRONG, CodeRefused, count_try, number_on
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cards, factors, generators, sessions
from portal.records.cards import Card
from portal.records.generators import Generator

ACTION = Action.OWN_FACTOR_ADD
TOO_LATE = "That took too long. Go back to your account and begin again."


@dataclass(frozen=True)
class ToProve:
    """What was begun: for a code app what it is given, for a card what is printed."""

    id: str
    kind: FactorKind
    name: str
    app: CodeApp | None
    codes: tuple[str, ...]


def factor_to_prove(house: House, found: Recalled, factor_id: str) -> ToProve:
    """Raises Refused where this person has begun nothing like that."""
    who, person = found.who(), found.person
    with looking(house, who.actor, subject=factor_id) as look:
        look.require(ACTION, InArea(person.area_id))
        begun = _begun(look.db, found, factor_id)
    if isinstance(begun, Card):
        codes = card_to_print(house, person, who.keyring, begun.id)
        name = name_of(house, CARDS, begun)
        return ToProve(begun.id, FactorKind.CODE_CARD, name, None, codes)
    app = shown(house, found, begun) if begun.kind is FactorKind.CODE_APP else None
    return ToProve(begun.id, begun.kind, name_of(house, GENERATORS, begun), app, ())


def prove_code_app(house: House, found: Recalled, factor_id: str, typed: str) -> None:
    """Raises CodeRefused, Unacceptable (`code`), Refused, Changed."""
    begun, now = _generator(house, found, factor_id, FactorKind.CODE_APP), house.clock.now()
    try:
        step = oath.accept(seed_of(house, begun), oath.APP, typed, now, oath.NEVER)
    except (oath.WrongCode, oath.UsedCode):
        raise CodeRefused(WRONG) from None
    _keep_generator(house, found, proved_by(begun, oath.APP, step, now))


def prove_key_fob(
    house: House, found: Recalled, factor_id: str, seed_typed: str, typed: str, *, pressed: bool
) -> None:
    """Raises CodeRefused, Unacceptable (`seed`, `code`), Refused, Changed."""
    begun = _generator(house, found, factor_id, FactorKind.KEY_FOB)
    _keep_generator(house, found, fob_of(house, begun, seed_typed, typed, pressed=pressed))


def prove_code_card(house: House, found: Recalled, factor_id: str, typed: str) -> None:
    """Raises CodeRefused, Unacceptable (`code`), Refused, Changed."""
    who, person = found.who(), found.person
    with looking(house, who.actor, subject=factor_id) as look:
        look.require(ACTION, InArea(person.area_id))
        begun = _begun(look.db, found, factor_id)
        codes = cards.codes_of(look.db, [factor_id])[factor_id]
    if not isinstance(begun, Card):
        raise Refused(ACTION, Why.NOT_THERE)
    if house.clock.now() - begun.made_at > TIME_TO_PRINT:
        raise Unacceptable("code", TOO_LATE)
    key = count_try(house, person.account_id)
    number = number_on(house, begun, codes, typed)
    if number is None:
        raise CodeRefused(WRONG)
    with doing(house, who.actor, ACTION, subject=factor_id) as deed:
        deed.require(InArea(person.area_id))
        if not cards.prove(deed.db, begun.id, deed.now):
            raise Changed
        cards.spend(deed.db, begun.id, number, deed.now)
        forget_printed(deed.db, person, begun.id)
        factors.clear_bucket(deed.db, key)
        _settle(deed, found, FactorKind.CODE_CARD, begun.replaces)


def _generator(house: House, found: Recalled, factor_id: str, kind: FactorKind) -> Generator:
    with looking(house, found.who().actor, subject=factor_id) as look:
        look.require(ACTION, InArea(found.person.area_id))
        begun = _begun(look.db, found, factor_id)
    if not isinstance(begun, Generator) or begun.kind is not kind:
        raise Refused(ACTION, Why.NOT_THERE)
    if house.clock.now() - begun.made_at > TIME_TO_PROVE:
        raise Unacceptable("code", TOO_LATE)
    return begun


def _begun(db: Connection, found: Recalled, factor_id: str) -> Generator | Card:
    begun = generators.load(db, found.person.account_id, factor_id) or cards.load(
        db, found.person.account_id, factor_id
    )
    if begun is None or begun.proved_at is not None:
        raise Refused(ACTION, Why.NOT_THERE)
    return begun


def _keep_generator(house: House, found: Recalled, proved: Generator) -> None:
    with doing(house, found.who().actor, ACTION, subject=proved.id) as deed:
        deed.require(InArea(found.person.area_id))
        if not generators.prove(deed.db, proved):
            raise Changed
        _settle(deed, found, proved.kind, proved.replaces)


def _settle(deed: Doing, found: Recalled, kind: FactorKind, replaces: str | None) -> None:
    person = found.person
    gone = replaces is not None and forget_factor(deed.db, person.account_id, replaces)
    if gone:
        sessions.end_all(deed.db, person.account_id, but=found.session.id)
    change = "replaced" if gone else "added"
    deed.note(line(Deed.FACTOR_CHANGED, person=person.id, factor=kind.value, change=change))
    deed.tell(
        Kind.FACTOR_CHANGED,
        person.email,
        area=found.area.name,
        path="/account/",
        phone=found.area.phone,
    )
