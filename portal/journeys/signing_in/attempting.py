"""One try at a passphrase, wherever it is asked for: at sign-in and at a locked screen.

It is counted before it is made, its owner and their unit are told when there are many, and once it
was right the keyring is sealed to the same passphrase under the newest pepper.
"""

from __future__ import annotations

from datetime import timedelta

from portal.crypto.keyring import Keyring
from portal.domain.ids import AccountId
from portal.domain.people import Person
from portal.identity.throttle_keys import Kind as Counter
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.alerting import tell_of_attempts, tell_of_stuffing
from portal.journeys.signing_in.second_factor import in_words
from portal.journeys.signing_in.throttling import Charged, Source, charge, give_windows_back
from portal.journeys.signing_in.unlocking import (
    is_older,
    new_passphrase_unlock,
    reseal,
    try_passphrase,
)
from portal.ledger import book
from portal.records import keys
from portal.records.database import reading
from portal.records.keys import UnlockKind

PURPOSE = "sign-in"
NOT_RIGHT = "That e-mail address, passphrase or code is not right."
RING = (
    "ring your MAPPA unit or your agency's single point of contact: a colleague can let you try "
    "again, and speaks four words to you that you type here."
)
NEEDS_PROOF = f"Too many tries. Sign in on a computer that you have used before, or {RING}"
"""To whom no wait helps; the same for an address that nobody has, which is counted alike."""
LONG = timedelta(minutes=10)
"""Whoever has to wait longer is told whom to ring, where words that are spoken can be typed."""
_TOLD_OF = {Counter.ACCOUNT, Counter.DEVICE, Counter.SPOKEN}
_STUFFING = {Counter.ADDRESS, Counter.SITE, Counter.EVERYONE}


class NotRight(Exception):
    """The attempt failed, or must wait; `.words` are the same whoever tried."""

    def __init__(self, words: str = NOT_RIGHT) -> None:
        super().__init__(words)
        self.words = words


def attempt(
    house: House,
    purpose: str,
    email: str,
    person: AccountId | None,
    source: Source,
    *,
    spent: str = NEEDS_PROOF,
    rings: bool = False,
) -> Charged:
    """Count one attempt before it is made. Raises NotRight while it must wait, with the words
    `spent` where no wait helps. `rings`: a long wait is one that a colleague can end."""
    charged = charge(house, purpose, email, person, source)
    if charged.needs_proof:
        raise NotRight(spent)
    if charged.wait is not None:
        # In a browser of their own spoken words change nothing: its counter alone judges it. In a
        # network that they are known in they do, also in a browser that brings another cookie.
        helps = rings and charged.wait > LONG and not charged.own
        told = f"Too many tries. Wait {in_words(charged.wait)}, then try again"
        raise NotRight(f"{told}, or {RING}" if helps else f"{told}.")
    if _STUFFING & charged.alarming:
        tell_of_stuffing(house)
    return charged


def attempt_passphrase(
    house: House, email: str, person: Person | None, passphrase_clear: str, source: Source
) -> Keyring | None:
    """What this passphrase opens; None where it is not right, or there is nobody.

    Raises NotRight while it must wait; KeyAlarm when the keyring that opened is not the one on
    record.
    """
    whose = None if person is None else person.account_id
    charged = attempt(house, PURPOSE, email, whose, source, rings=True)
    if person is not None and _TOLD_OF & charged.alarming:
        tell_of_attempts(house, person)
    with reading(house.engine) as db:
        keyring = try_passphrase(house, db, person, passphrase_clear)
    if person is not None and keyring is not None:
        give_windows_back(house, charged)
        _move_to_newest_pepper(house, person, keyring, passphrase_clear)
    return keyring


def _move_to_newest_pepper(
    house: House, person: Person, keyring: Keyring, passphrase_clear: str
) -> None:
    """Derive the same passphrase anew where the server's pepper or the price has changed since."""
    with reading(house.engine) as db:
        unlock = keys.unlocks_of(db, person.account_id)[UnlockKind.PASSPHRASE]
    if not is_older(house, unlock):
        return
    newer = new_passphrase_unlock(house, person, passphrase_clear)
    with tending(house) as db:
        book.lock(db, person.area_id)
        # Another passphrase may have been set meanwhile: then this one must not come back.
        if keys.unlocks_of(db, person.account_id)[UnlockKind.PASSPHRASE] == unlock:
            reseal(db, person, keyring, newer)
