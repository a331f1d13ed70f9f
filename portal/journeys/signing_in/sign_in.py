"""Sign in: a passphrase that opens the keyring, then a code, each with a session of its own.

After the passphrase the session reaches nothing but the page for the code. Known and unknown
people get the same answer at the same price; every attempt is counted before it is tried, and one
is a success only when passphrase and code were right.
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.people import Person
from portal.identity import secret_token
from portal.journeys.deed import tending, unjudged
from portal.journeys.dormancy.require_awake import require_awake
from portal.journeys.house import House
from portal.journeys.signing_in import second_factor
from portal.journeys.signing_in.attempting import PURPOSE, NotRight, attempt_passphrase
from portal.journeys.signing_in.recall import Recalled, begin
from portal.journeys.signing_in.still_here import still_here
from portal.journeys.signing_in.throttling import Source, forgive, remember_place
from portal.journeys.signing_in.vouched_before import vouched_before
from portal.journeys.signing_in.whole_session import SignedIn, begin_whole
from portal.notices.kinds import Kind
from portal.records import factors, people, sessions, uses
from portal.records.database import reading
from portal.records.sessions import Stage

VOUCHED_BEFORE = "You were let in this way once already within thirty days."


def give_passphrase(house: House, email: str, passphrase_clear: str, source: Source) -> bytes:
    """The first half. Returns the secret of a session that reaches the second half only.

    `email` as identity/email_address.py normalises it. Raises NotRight; KeyAlarm when the keyring
    that opened is not the one on record.
    """
    with reading(house.engine) as db:
        person = people.by_email(db, email)
    keyring = attempt_passphrase(house, email, person, passphrase_clear, source)
    if person is None or keyring is None:
        raise NotRight
    with tending(house) as db:
        return begin(house, db, person, Stage.PASSPHRASE, keyring, house.clock.now())


def give_code(
    house: House, half: Recalled, typed: str, source: Source, *, shared: bool
) -> SignedIn:
    """The second half: the code is spent, and a new session begins in place of the first.

    `shared`: others use this computer (whole_session.py).

    Raises CodeRefused, with words for whoever has the passphrase.
    """
    factor = second_factor.spend(house, half.actor(), typed)
    return enter(house, half, factor, source, shared=shared)


def enter(
    house: House,
    half: Recalled,
    factor: str,
    source: Source,
    *,
    shared: bool,
    vouched_until: datetime | None = None,
    sign_on: bytes | None = None,
    there: Recalled | None = None,
) -> SignedIn:
    """Begin the session of somebody whose keyring is open and whose factor was just given;
    the rest as in whole_session.begin_whole. `there`: the same person in another area, where this
    one keeps their account and that one vouched for them: the session is that area's.

    Raises NotRight; Dormant where the account was not used for too long.
    """
    person = half.person
    require_awake(house, half)
    besides = [] if there is None else [there.area.id]
    with unjudged(house, half.actor(), Deed.SESSION_OPENED, besides=besides) as deed:
        row = sessions.load(deed.db, half.session.id)
        # Of two posts of one page at most one goes on, and nobody who left meanwhile does.
        if row is None or row.stage is not Stage.PASSPHRASE:
            raise NotRight
        still_here(deed.db, person.id)
        # Several areas may have vouched, each for a screen of its own: one of them opens.
        if vouched_until is not None and vouched_before(deed.db, person.account_id, deed.now):
            raise NotRight(VOUCHED_BEFORE)
        done = begin_whole(
            deed,
            person if there is None else still_here(deed.db, there.person.id),
            half.keyring,
            shared=shared,
            factor_at=deed.now,
            vouched_until=vouched_until,
            instead_of=half.session.id,
            sign_on=sign_on,
        )
        for each in (person, *half.elsewhere):
            uses.save(deed.db, uses.Use(each.id, each.area_id, deed.now))
        deed.note(line(Deed.SESSION_OPENED, person=person.id, factor=factor))
        if there is not None:
            part = deed.beside(there.actor(), Deed.SESSION_OPENED)
            part.note(line(Deed.SESSION_OPENED, person=there.person.id, factor=factor))
            home = half.area
            deed.tell(Kind.VOUCHED_ELSEWHERE, home.unit_email, area=home.name, path="/record/")
    forgive(house, PURPOSE, person.email, person.account_id, source)
    if shared and vouched_until is None:
        remember_place(house, person, source)
    _forget_old_device(house, person, source)
    return done


def _forget_old_device(house: House, person: Person, source: Source) -> None:
    if source.device is None:
        return
    hashed = secret_token.hash_of(source.device)
    with tending(house) as db:
        known = factors.device_by(db, hashed)
        if known is not None and known.person_id == person.account_id:
            factors.remove_device(db, hashed)
