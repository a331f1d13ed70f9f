"""Somebody's second factors as a list, and what every change of it shares.

Their names and secrets lie sealed under the field key, each bound to its own row. What is not
proved yet, by a code that it made, is no factor.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto import card_codes
from portal.crypto.fields import open_any, seal_field
from portal.crypto.serverkeys import KeyKind
from portal.domain.factors import CARD_CODES, FEW_CODES, MOST_OF_A_KIND, FactorKind
from portal.domain.ids import AccountId, PersonId
from portal.domain.people import Person
from portal.identity import oath
from portal.journeys.house import House
from portal.journeys.unacceptable import Unacceptable
from portal.records import cards, generators, passkeys
from portal.records.cards import Card, CardCode
from portal.records.database import reading
from portal.records.generators import Generator
from portal.records.passkeys import Passkey

GENERATORS, CARDS, PASSKEYS = "generators", "cards", "passkeys"
NAME, SECRET = "name", "secret"
LONGEST_NAME = 40
TIME_TO_PROVE = timedelta(minutes=10)
"""How long after a fresh code the new factor may be proved."""
TIME_TO_PRINT = timedelta(hours=1)
"""The same for a card, which has to be printed first."""
NEVER_THE_LAST = (
    "This is the last one you have. Add another first: without one, you could not sign in."
)


@dataclass(frozen=True)
class OwnFactor:
    """One that counts. `left` codes of a card, the next of which is `next_number`; None for what
    is not used up."""

    id: str
    kind: FactorKind
    name: str
    since: datetime
    left: int | None = None
    next_number: int | None = None

    @property
    def is_usable(self) -> bool:
        return self.left != 0

    @property
    def is_nearly_used_up(self) -> bool:
        return self.left is not None and self.left <= FEW_CODES


def factors_of(house: House, db: Connection, account_id: AccountId) -> list[OwnFactor]:
    """All that count, the oldest of each kind first."""
    found = [
        OwnFactor(each.id, each.kind, name_of(house, GENERATORS, each), each.proved_at)
        for each in generators.of_person(db, account_id)
        if each.proved_at is not None
    ]
    proved = [card for card in cards.of_person(db, account_id) if card.proved_at is not None]
    codes = cards.codes_of(db, [card.id for card in proved])
    for card in proved:
        unused = [code.number for code in codes[card.id] if code.used_at is None]
        found.append(
            OwnFactor(
                card.id,
                FactorKind.CODE_CARD,
                name_of(house, CARDS, card),
                card.proved_at or card.made_at,
                len(unused),
                min(unused, default=None),
            )
        )
    found += [
        OwnFactor(
            each.id,
            FactorKind.PASSKEY,
            name_of(house, PASSKEYS, each),
            each.proved_at,
        )
        for each in passkeys.of_person(db, account_id)
        if each.proved_at is not None
    ]
    return found


def cards_of(house: House, account_id: AccountId) -> tuple[OwnFactor, ...]:
    """Their printed cards, to tell somebody whose passphrase was right which code comes next."""
    with reading(house.engine) as db:
        found = factors_of(house, db, account_id)
    return tuple(each for each in found if each.kind is FactorKind.CODE_CARD)


def name_of(house: House, table: str, row: Generator | Card | Passkey) -> str:
    """What its owner calls it."""
    keys = house.server_keys.in_use(KeyKind.FIELD)
    return open_any(keys, row.name, table, NAME, row.id)[0].decode()


def seed_of(house: House, generator: Generator) -> str:
    """Its secret, in base 32."""
    keys = house.server_keys.in_use(KeyKind.FIELD)
    return open_any(keys, generator.secret, GENERATORS, SECRET, generator.id)[0].decode()


def with_seed(house: House, generator: Generator, seed: str) -> Generator:
    """The same, with this secret."""
    sealed = seal_field(
        house.server_keys.field_key, seed.encode(), GENERATORS, SECRET, generator.id
    )
    return replace(generator, secret=sealed)


def new_generator(
    house: House,
    person: Person,
    kind: FactorKind,
    name: str,
    seed: str,
    replaces: str | None = None,
) -> Generator:
    """One that is not proved yet. `seed` is empty where its owner has still to type it."""
    generator_id = new_id()
    made = Generator(
        id=generator_id,
        area_id=person.area_id,
        person_id=person.account_id,
        kind=kind,
        name=seal_field(house.server_keys.field_key, name.encode(), GENERATORS, NAME, generator_id),
        secret=b"",
        digits=oath.APP.digits,
        period=oath.APP.period,
        digest=oath.APP.digest,
        high_water=oath.NEVER,
        replaces=replaces,
        made_at=house.clock.now(),
        proved_at=None,
    )
    return with_seed(house, made, seed)


def proved_by(generator: Generator, make: oath.Make, step: int, at: datetime) -> Generator:
    """The same, proved by the code of this step, which is spent by that."""
    return replace(
        generator,
        digits=make.digits,
        period=make.period,
        digest=make.digest,
        high_water=step,
        proved_at=at,
    )


def new_card(
    house: House, person: Person, made_by: PersonId, name: str, replaces: str | None = None
) -> tuple[tuple[str, ...], Card, list[CardCode]]:
    """A card that is not proved yet: what is printed, in the order of its numbers, and the rows
    that stand for it. Slow: an Argon2 for each code."""
    card_id, salt = new_id(), secrets.token_bytes(16)
    codes = tuple(card_codes.new_codes(CARD_CODES))
    card = Card(
        id=card_id,
        area_id=person.area_id,
        person_id=person.account_id,
        name=seal_field(house.server_keys.field_key, name.encode(), CARDS, NAME, card_id),
        salt=salt,
        replaces=replaces,
        made_by=made_by,
        made_at=house.clock.now(),
        proved_at=None,
    )
    pepper = house.server_keys.pepper()
    rows = [
        CardCode(card_id, person.area_id, number, card_codes.hash_code(code, salt, pepper), None)
        for number, code in enumerate(codes, 1)
    ]
    return codes, card, rows


def require_another(found: Sequence[OwnFactor], leaving: str) -> None:
    """Raises Unacceptable where nothing would be left to sign in with; passkeys do not count,
    because they are never the only factor."""
    kept = [
        each
        for each in found
        if each.id != leaving and each.kind is not FactorKind.PASSKEY and each.is_usable
    ]
    if not kept:
        raise Unacceptable("code", NEVER_THE_LAST)


def require_room(found: Sequence[OwnFactor], kind: FactorKind, replaces: str | None) -> None:
    """Raises Unacceptable where there are as many of the kind as anybody may have."""
    if len([each for each in found if each.kind is kind and each.id != replaces]) >= MOST_OF_A_KIND:
        raise Unacceptable("kind", "You have five of these. Take one away first.")


def forget_factor(db: Connection, account_id: AccountId, factor_id: str) -> bool:
    """Take one away, whatever kind it is. False where this person has none like that."""
    return any(kind.drop(db, account_id, factor_id) for kind in (generators, cards, passkeys))
