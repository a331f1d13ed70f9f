"""The codes of a card until it is printed: sealed to whoever prints it, and forgotten then."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.keyring import Keyring
from portal.crypto.sealing import open_text, seal_text
from portal.domain.people import Person
from portal.journeys.house import House
from portal.records import texts
from portal.records.database import reading


def keep_to_print(
    house: House,
    db: Connection,
    printer: Person,
    keyring: Keyring,
    card_id: str,
    codes: tuple[str, ...],
) -> None:
    """Keep them for `printer`, sealed to their own key."""
    sealed = seal_text(json.dumps(codes).encode(), [keyring.recipient()])
    texts.save_draft(
        db,
        texts.Draft(
            printer.area_id, printer.account_id, _place(card_id), sealed, house.clock.now()
        ),
    )


def card_to_print(house: House, printer: Person, keyring: Keyring, card_id: str) -> tuple[str, ...]:
    """The codes in the order of their numbers; none where they were printed already."""
    with reading(house.engine) as db:
        kept = texts.draft_of(db, printer.account_id, _place(card_id))
    if kept is None:
        return ()
    try:
        return tuple(map(str, json.loads(open_text(kept.sealed, keyring.identities()))))
    except AgeError:
        return ()


def forget_printed(db: Connection, printer: Person, card_id: str) -> None:
    """From now on they are on paper only."""
    texts.drop_draft(db, printer.account_id, _place(card_id))


def _place(card_id: str) -> str:
    return f"card {card_id}"
