"""Come back by the link, and go on where joining stopped: each step that was done stays done.

The passphrase that was chosen opens what was saved, and its tries are counted as at signing in.
Whoever had set a second factor as well gives a code of it, or comes through their agency again,
before the codes on paper are shown: the session that begins at the end says when a factor was
given. Whoever has forgotten either begins at the first step, which makes everything anew.
"""

from __future__ import annotations

from enum import StrEnum

from portal.journeys.house import House
from portal.journeys.joining.saved import is_saved, require_saved
from portal.journeys.joining.steps import keyring_of, next_session, step
from portal.journeys.own_account.own_codes import codes_to_show
from portal.journeys.signing_in import second_factor
from portal.journeys.signing_in.attempting import NotRight, attempt
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.throttling import Source, give_back
from portal.journeys.signing_in.unlocking import try_saved_passphrase
from portal.records import cards, providers
from portal.records.database import reading

PURPOSE = "joining"
NOT_RIGHT = "That is not the passphrase you chose."
SPENT = "Too many tries. Begin at the first step, and choose another passphrase."


class Left(StrEnum):
    """Where the second factor was left: none yet, a card that waits to be tried, one that gives
    codes, or the agency's sign-on."""

    NONE = "none"
    CARD = "card"
    CODE = "code"
    AGENCY = "agency"


def was_begun(house: House, half: Recalled) -> bool:
    """Whether whoever follows the link has chosen a passphrase before, and has not typed it yet."""
    if half.keyring is not None:
        return False
    with reading(house.engine) as db:
        return is_saved(db, half.person)


def go_on(house: House, half: Recalled, passphrase_clear: str, source: Source) -> bytes:
    """The passphrase that was chosen before. Returns the secret of the next session.

    Raises NotRight; NotUsable; KeyAlarm where the keyring that opens is not the one made here.
    """
    person = half.person
    charged = attempt(house, PURPOSE, person.email, person.account_id, source, spent=SPENT)
    with reading(house.engine) as db:
        keyring = try_saved_passphrase(house, db, person, passphrase_clear)
        if keyring is not None:
            require_saved(house, db, person, keyring)
    if keyring is None:
        raise NotRight(NOT_RIGHT)
    with step(house, half) as (db, _person):
        secret = next_session(house, db, half, keyring)
    give_back(house, charged)
    return secret


def left_at(house: House, half: Recalled) -> Left:
    """Where the second factor was left. Raises NotUsable before the passphrase."""
    keyring = keyring_of(half)
    with reading(house.engine) as db:
        waits = any(c.proved_at is None for c in cards.of_person(db, half.person.account_id))
        tied = providers.link_of(db, half.person.id) is not None
    if codes_to_show(house, half.person, keyring) is None:
        return Left.CARD if waits else Left.NONE
    return Left.AGENCY if tied else Left.CODE


def give_code_again(house: House, half: Recalled, typed: str) -> bytes:
    """A code of the factor that was set; it is spent by that. Returns the secret of the next
    session. Raises CodeRefused, NotUsable."""
    keyring = keyring_of(half)
    second_factor.spend(house, half.actor(), typed)
    with step(house, half) as (db, _person):
        return next_session(house, db, half, keyring, factor=True)
