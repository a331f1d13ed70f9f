"""Printed code cards: numbered codes that work once each, several cards a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table

from portal.domain.ids import AccountId, AreaId, PersonId
from portal.records.joining import Joining
from portal.records.schema import (
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
)

cards = Table(
    "cards",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("name", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    id_column("replaces", nullable=True),
    id_column("made_by"),
    Column("made_at", Utc, nullable=False),
    Column("proved_at", Utc),
)

card_codes = Table(
    "card_codes",
    metadata,
    id_column("card_id", primary_key=True),
    area_column(),
    Column("number", Integer, primary_key=True),
    Column("code_hash", LargeBinary, nullable=False),
    Column("used_at", Utc),
)


@dataclass(frozen=True)
class Card:
    """`name` is sealed under the field key. One that is not proved counts for nothing yet;
    `replaces` names what goes once it is."""

    id: str
    area_id: AreaId
    person_id: AccountId
    name: bytes
    salt: bytes
    replaces: str | None
    made_by: PersonId
    made_at: datetime
    proved_at: datetime | None


@dataclass(frozen=True)
class CardCode:
    """One code, by its number on the card, from 1."""

    card_id: str
    area_id: AreaId
    number: int
    code_hash: bytes
    used_at: datetime | None


def save(db: Connection, card: Card, codes: Sequence[CardCode]) -> None:
    add(db, cards, card)
    for code in codes:
        save_code(db, code)


def save_code(db: Connection, code: CardCode) -> None:
    add(db, card_codes, code)


def load(db: Connection, person_id: AccountId, card_id: str) -> Card | None:
    """One of this person's; another's does not exist."""
    return first(db, cards, Card, cards.c.id == card_id, cards.c.person_id == person_id)


def of_person(db: Connection, person_id: AccountId) -> list[Card]:
    """All of them, those not proved too, the oldest first."""
    return every(
        db,
        cards,
        Card,
        cards.c.person_id == person_id,
        order=[cards.c.made_at, cards.c.id],
    )


def codes_of(db: Connection, card_ids: Sequence[str]) -> dict[str, list[CardCode]]:
    """The codes of these cards, used ones too, by card and in the order of their numbers."""
    found: dict[str, list[CardCode]] = {card_id: [] for card_id in card_ids}
    for code in every(
        db,
        card_codes,
        CardCode,
        card_codes.c.card_id.in_(list(card_ids)),
        order=[card_codes.c.card_id, card_codes.c.number],
    ):
        found[code.card_id].append(code)
    return found


def spend(db: Connection, card_id: str, number: int, at: datetime) -> bool:
    """False when it was spent already: of any number of parallel tries, one wins."""
    return (
        change(
            db,
            card_codes,
            card_codes.c.card_id == card_id,
            card_codes.c.number == number,
            card_codes.c.used_at.is_(None),
            used_at=at,
        )
        == 1
    )


def prove(db: Connection, card_id: str, at: datetime) -> bool:
    """False when it was proved already, or is gone."""
    return change(db, cards, cards.c.id == card_id, cards.c.proved_at.is_(None), proved_at=at) == 1


def drop(db: Connection, person_id: AccountId, card_id: str) -> bool:
    gone = remove(db, cards, cards.c.id == card_id, cards.c.person_id == person_id)
    if gone:
        remove(db, card_codes, card_codes.c.card_id == card_id)
    return gone == 1


def drop_unproved(db: Connection, person_id: AccountId) -> int:
    unproved = [card for card in of_person(db, person_id) if card.proved_at is None]
    for card in unproved:
        drop(db, person_id, card.id)
    return len(unproved)


def sweep_unproved(db: Connection, before: datetime, kept: Joining) -> int:
    """Forget what nobody has proved, but whoever's joining is under way."""
    old = (cards.c.proved_at.is_(None), cards.c.made_at < before, cards.c.person_id.not_in(kept))
    found = every(db, cards, Card, *old)
    for card in found:
        drop(db, card.person_id, card.id)
    return len(found)
