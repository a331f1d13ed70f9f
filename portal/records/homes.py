"""Which area keeps an account: moving all that an account consists of from one area to another.

What is sealed stays as it is, for it is bound to the account and not to the area.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from portal.domain.ids import AccountId
from portal.domain.people import Person
from portal.records.cards import card_codes, cards
from portal.records.factors import backup_codes, devices
from portal.records.generators import generators
from portal.records.keys import keyrings, unlocks
from portal.records.passkeys import passkeys
from portal.records.people import people
from portal.records.schema import change
from portal.records.sessions import sessions
from portal.records.texts import drafts

OF_ACCOUNT = (
    keyrings, unlocks, generators, cards, passkeys, backup_codes, devices, sessions, drafts,
)  # fmt: skip
"""Every table whose rows are an account's, found by its `person_id`."""


def move(db: Connection, account_id: AccountId, to: Person) -> None:
    """`to` is the same person, in the area that keeps the account from now on."""
    of_cards = select(cards.c.id).where(cards.c.person_id == account_id)
    change(db, card_codes, card_codes.c.card_id.in_(of_cards), area_id=to.area_id)
    for table in OF_ACCOUNT:
        change(db, table, table.c.person_id == account_id, area_id=to.area_id)
    change(db, people, people.c.account_id == account_id, at_home=False)
    change(db, people, people.c.area_id == to.area_id, people.c.id == to.id, at_home=True)
