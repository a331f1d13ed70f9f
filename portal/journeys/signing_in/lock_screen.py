"""Lock the screen, and open it again with the passphrase, or with a passkey that opens by itself.

A locked session holds no keyring: whoever has the cookie still needs the passphrase, and whoever
has the passphrase still needs the cookie of a browser in which the second factor was given. What
was typed is kept by the door as a draft. The session opens again for what is left of its time.
One on a computer that others use opens no more and so it ends; one that somebody vouched for goes
on as what it was: reading only, in that area, no longer than was said.
"""

from __future__ import annotations

from typing import Any

from portal.crypto.keyring import Keyring
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.people import Person, system
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.deed import looking, tending, unjudged
from portal.journeys.house import House, Who
from portal.journeys.signing_in.attempting import (
    PURPOSE,
    NotRight,
    attempt,
    attempt_passphrase,
)
from portal.journeys.signing_in.passkey_opens import REFUSED, asked_to_open, open_with_passkey
from portal.journeys.signing_in.recall import Locked, begin, bound_of
from portal.journeys.signing_in.sign_out import sign_out
from portal.journeys.signing_in.still_here import still_here
from portal.journeys.signing_in.throttling import Source, forgive, give_back
from portal.policy.actions import Action
from portal.records import people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage

NOT_RIGHT = "That passphrase is not right."
BY_PASSKEY = "passkey-unlock"


def lock_screen(house: House, who: Who) -> None:
    """Lock this session now; one that is not their own to keep ends. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.OWN_SESSION_LOCK, InArea(who.actor.area_id))
        row = sessions.load(look.db, who.session_id)
    if row is None or not row.terms.locks:
        # Nothing opens it again, and without its keyring it could not go on either.
        sign_out(house, who)
        return
    with tending(house) as db:
        sessions.lock(db, who.session_id)


def reopen(house: House, locked: Locked, passphrase_clear: str, source: Source) -> bytes:
    """Returns the secret of the session that goes on in place of the locked one.

    Raises NotRight with words for the person; KeyAlarm when the keyring is not the one on record.
    """
    with reading(house.engine) as db:
        person = people.at_home(db, locked.account_id)
    if person is None:
        raise NotRight
    keyring = attempt_passphrase(house, person.email, person, passphrase_clear, source)
    if keyring is None:
        raise NotRight(NOT_RIGHT)
    secret = _go_on(house, locked, person, keyring)
    forgive(house, PURPOSE, person.email, person.account_id, source)
    return secret


def asked_to_reopen(house: House, site: Site, locked: Locked) -> dict[str, Any] | None:
    """What the browser is asked of a passkey; None where none would open this screen."""
    return asked_to_open(house, site, BY_PASSKEY, locked.session_id.hex(), locked.account_id)


def reopen_with_passkey(
    house: House, site: Site, locked: Locked, answer: str, prf: str, source: Source
) -> bytes:
    """The same with a passkey of theirs, asked for this screen. Raises as `reopen` does."""
    whose = locked.account_id
    charged = attempt(house, BY_PASSKEY, whose, whose, source)
    try:
        person, keyring = open_with_passkey(
            house, site, BY_PASSKEY, locked.session_id.hex(), answer, prf, locked.account_id
        )
    except BadPasskey as bad:
        raise NotRight(REFUSED) from bad
    secret = _go_on(house, locked, person, keyring)
    give_back(house, charged)
    return secret


def _go_on(house: House, locked: Locked, person: Person, keyring: Keyring) -> bytes:
    """A session in place of the locked one, for what is left of its time. Raises NotRight."""
    here = {person.area_id, locked.area_id}
    with unjudged(
        house, system(person.area_id), Deed.SESSION_REOPENED, besides=here - {person.area_id}
    ) as deed:
        row = sessions.load(deed.db, locked.session_id)
        # Of two posts of one page at most one goes on, and nobody who left meanwhile does.
        if row is None or not deed.now < row.ends_at:
            raise NotRight
        # Read again: it must still say what the mark has proven, or a factor could be slipped in.
        if locked.bound != bound_of(
            Stage.SIGNED_IN, row.terms, row.factor_at, row.ends_at, row.area_id
        ):
            raise NotRight
        if row.stage is not Stage.SIGNED_IN or not row.terms.locks:
            raise NotRight
        whose = still_here(deed.db, person.id)
        # Where somebody of another area vouched for them, it is that area's session and stays so.
        there = whose if locked.area_id == whose.area_id else still_here(deed.db, locked.person_id)
        secret = begin(
            house,
            deed.db,
            there,
            Stage.SIGNED_IN,
            keyring,
            deed.now,
            factor_at=row.factor_at,
            terms=row.terms,
            ends_at=row.ends_at,
            instead_of=row.id,
            sign_on=row.sign_on,
        )
        deed.note(line(Deed.SESSION_REOPENED, person=person.id))
        if there.area_id != person.area_id:
            part = deed.beside(system(there.area_id), Deed.SESSION_REOPENED)
            part.note(line(Deed.SESSION_REOPENED, person=there.id))
    return secret


def leave_locked(house: House, locked: Locked) -> None:
    """Sign out from a locked screen."""
    with unjudged(house, system(locked.area_id), Deed.SESSION_CLOSED) as deed:
        sessions.end(deed.db, locked.session_id)
        deed.note(line(Deed.SESSION_CLOSED, person=locked.person_id))
