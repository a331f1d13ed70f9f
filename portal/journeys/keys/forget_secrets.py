"""All that somebody signs in and opens with goes: they begin anew, or have another account."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Person
from portal.records import cards, factors, generators, keys, passkeys, providers, sessions


def forget_secrets(db: Connection, person: Person) -> None:
    """Keyring, ways to unlock it, second factors, known browsers, the tie to a single sign-on, and
    every session. What was sealed or granted to them is their caller's business."""
    account = person.account_id
    keys.forget_keyring(db, account)
    for app in generators.of_person(db, account):
        generators.drop(db, account, app.id)
    for card in cards.of_person(db, account):
        cards.drop(db, account, card.id)
    for passkey in passkeys.of_person(db, account):
        passkeys.drop(db, account, passkey.id)
    factors.save_backup_codes(db, account, [])
    factors.remove_devices(db, account)
    providers.remove_link(db, person.area_id, person.id)
    sessions.end_all(db, account)
