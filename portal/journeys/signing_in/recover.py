"""Recover: the recovery code on paper replaces a forgotten passphrase, and nothing else.

The second factor is still asked for; with both, a new passphrase is set and a new recovery code
made. The old passphrase and the old recovery code open nothing any more, and every other session
of the person ends. Outsiders get the same answer for everybody, at the same price.
"""

from __future__ import annotations

from portal.crypto.keyring import Keyring
from portal.crypto.recovery_code import BadCode, new_recovery_code, parse_recovery_code
from portal.domain.deeds import Deed, line
from portal.identity import passphrase
from portal.journeys.deed import tending, unjudged
from portal.journeys.dormancy.require_awake import require_awake
from portal.journeys.house import House
from portal.journeys.joining.join import context_words
from portal.journeys.own_account.own_codes import Codes, keep_to_show
from portal.journeys.signing_in import second_factor
from portal.journeys.signing_in.attempting import NotRight, attempt
from portal.journeys.signing_in.recall import Recalled, begin
from portal.journeys.signing_in.still_here import still_here
from portal.journeys.signing_in.throttling import (
    Source,
    forgive,
    give_windows_back,
    remember_place,
)
from portal.journeys.signing_in.unlocking import (
    new_passphrase_unlock,
    new_recovery_unlock,
    reseal,
    try_recovery_code,
)
from portal.journeys.signing_in.whole_session import SignedIn, begin_whole
from portal.notices.kinds import Kind
from portal.records import factors, people, sessions, uses
from portal.records.database import reading
from portal.records.sessions import Stage

PURPOSE = "recover"
NOT_RIGHT = "That e-mail address or recovery code is not right."


class Slipped(NotRight):
    """What was typed can be nobody's recovery code: the same for whichever address stands with
    it."""


def give_recovery_code(house: House, email: str, typed: str, source: Source) -> bytes:
    """The first step; returns the secret of a session that only recovers.

    `email` as identity/email_address.py normalises it. Raises NotRight,
    Slipped where the code holds a slip, KeyAlarm.
    """
    with reading(house.engine) as db:
        person = people.by_email(db, email)
    whose = None if person is None else person.account_id
    charged = attempt(house, PURPOSE, email, whose, source, rings=True)
    try:
        raw = parse_recovery_code(typed)
    except BadCode as slip:
        told = str(slip)
        raise Slipped(f"{told[0].upper()}{told[1:]}.") from None
    with reading(house.engine) as db:
        keyring = try_recovery_code(db, person, raw)
    if person is None or keyring is None:
        raise NotRight(NOT_RIGHT)
    give_windows_back(house, charged)
    with tending(house) as db:
        return begin(house, db, person, Stage.RECOVERING, keyring, house.clock.now())


def give_recovery_factor(house: House, half: Recalled, typed: str) -> bytes:
    """The second step: a code of the second factor. Raises CodeRefused, NotRight."""
    second_factor.spend(house, half.actor(), typed)
    now = house.clock.now()
    with tending(house) as db:
        row = sessions.load(db, half.session.id)
        if row is None or row.stage is not Stage.RECOVERING:
            raise NotRight(NOT_RIGHT)
        return begin(
            house,
            db,
            half.person,
            Stage.RECOVERING,
            _keyring(half),
            now,
            factor_at=now,
            instead_of=half.session.id,
        )


def recover(
    house: House, half: Recalled, passphrase_clear: str, source: Source, *, shared: bool
) -> SignedIn:
    """The last step: a new passphrase, a new recovery code, one new session and no other.
    `shared` as in sign_in.give_code.

    Raises WeakPassphrase, NotRight; Dormant where the account was not used for too long.
    """
    if half.session.factor_at is None:
        raise NotRight(NOT_RIGHT)
    require_awake(house, half)
    passphrase.check(passphrase_clear, context_words(half))
    keyring, person = _keyring(half), half.person
    recovery = new_recovery_code()
    unlocks = (
        new_passphrase_unlock(house, person, passphrase_clear),
        new_recovery_unlock(house, person, parse_recovery_code(recovery)),
    )
    leaves = (Deed.PASSPHRASE_CHANGED, Deed.SESSION_OPENED)
    with unjudged(house, half.actor(), *leaves) as deed:
        row = sessions.load(deed.db, half.session.id)
        if row is None or row.stage is not Stage.RECOVERING:
            raise NotRight(NOT_RIGHT)
        still_here(deed.db, person.id)
        reseal(deed.db, person, keyring, *unlocks)
        keep_to_show(house, deed.db, person, keyring, Codes(recovery, ()))
        sessions.end_all(deed.db, person.account_id)
        factors.remove_devices(deed.db, person.account_id)
        done = begin_whole(deed, person, keyring, shared=shared, factor_at=half.session.factor_at)
        deed.note(line(Deed.PASSPHRASE_CHANGED, person=person.id, by="recovery"))
        uses.save(deed.db, uses.Use(person.id, person.area_id, deed.now))
        deed.note(line(Deed.SESSION_OPENED, person=person.id, factor="recovery"))
        deed.tell(
            Kind.PASSPHRASE_CHANGED,
            person.email,
            area=half.area.name,
            path="/account/",
            phone=half.area.phone,
        )
    forgive(house, PURPOSE, person.email, person.account_id, source)
    if shared:
        remember_place(house, person, source)
    return done


def _keyring(half: Recalled) -> Keyring:
    if half.keyring is None:
        raise NotRight(NOT_RIGHT)
    return half.keyring
