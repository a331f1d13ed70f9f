"""Join: a passphrase, a code app, codes on paper, and then an account with a key of its own.

Each step is kept, and each begins a new session in place of the one before, so that no step can
be skipped or gone back to. The account opens with the last step alone: then the link is spent,
the public key is registered, and the unit is told that it waits to be confirmed. Until somebody
has spoken to its owner it receives nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fields import open_field, seal_field
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring, new_keyring
from portal.crypto.recovery_code import new_recovery_code, parse_recovery_code
from portal.domain.deeds import Deed, line
from portal.domain.people import Account, Person
from portal.identity import known_device, passphrase, totp
from portal.identity.invitation import NotUsable
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House
from portal.journeys.own_codes import (
    Codes,
    codes_to_show,
    forget,
    is_group,
    keep_to_show,
    new_backup_rows,
)
from portal.journeys.recall import Recalled, begin
from portal.journeys.second_factor import COLUMN, TABLE, WRONG, CodeRefused
from portal.journeys.sign_in import SignedIn
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.unlocking import new_passphrase_unlock, new_recovery_unlock, reseal
from portal.ledger import book
from portal.notices.kinds import Kind
from portal.records import factors, keys, people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage


@dataclass(frozen=True)
class CodeApp:
    """What a code app is given: the secret in groups of four, and the address as a PNG."""

    grouped: str
    png: bytes


def context_words(half: Recalled) -> list[str]:
    """What somebody would try first for this person."""
    return [half.person.name, half.person.email, half.agency.name, half.area.name, half.person.job]


def set_first_passphrase(house: House, half: Recalled, passphrase_clear: str) -> bytes:
    """Make the person's keyring, unlocked by this passphrase, and a secret for their code app.

    Returns the secret of the next session. Raises WeakPassphrase, NotUsable.
    """
    passphrase.check(passphrase_clear, context_words(half))
    unlock = new_passphrase_unlock(house, half.person, passphrase_clear)
    keyring = new_keyring()
    app = factors.CodeApp(
        half.person.id,
        half.person.area_id,
        seal_field(
            house.server_keys.field_key,
            totp.new_secret().encode(),
            TABLE,
            COLUMN,
            half.person.id,
        ),
        totp.NEVER,
        house.clock.now(),
    )
    with _step(house, half) as (db, person):
        keys.remove_unlocks(db, person.id)
        forget(db, person)
        reseal(db, person, keyring, unlock)
        factors.save_code_app(db, app)
        return _next(house, db, half, keyring)


def code_app_to_set(house: House, half: Recalled) -> CodeApp:
    """What the person puts into their code app; the page is for them alone."""
    secret_clear = _secret_of(house, half.person)
    address = totp.uri(secret_clear, half.person.email, f"MAPPA {half.area.name}")
    return CodeApp(totp.grouped(secret_clear), totp.qr_png(address))


def set_code_app(house: House, half: Recalled, typed: str) -> bytes:
    """A current code proves that the app is set; it is spent by that. Makes the codes on paper.

    Returns the secret of the next session. Raises CodeRefused, NotUsable.
    """
    keyring = _keyring(half)
    try:
        step = totp.accept(
            _secret_of(house, half.person), typed, house.clock.now(), totp.NEVER
        ).step
    except (totp.WrongCode, totp.UsedCode):
        raise CodeRefused(WRONG) from None
    recovery = new_recovery_code()
    unlock = new_recovery_unlock(house, half.person, parse_recovery_code(recovery))
    backup, rows = new_backup_rows(house, half.person)
    with _step(house, half) as (db, person):
        if not factors.spend_step(db, person.id, step):
            raise CodeRefused(WRONG)
        reseal(db, person, keyring, unlock)
        factors.save_backup_codes(db, person.id, rows)
        keep_to_show(house, db, person, keyring, Codes(recovery, backup))
        return _next(house, db, half, keyring, factor=True)


def codes_to_write_down(house: House, half: Recalled) -> Codes:
    """The codes of the step before. Raises NotUsable when there are none."""
    codes = codes_to_show(house, half.person, _keyring(half))
    if codes is None:
        raise NotUsable("no codes")
    return codes


def join(house: House, half: Recalled, typed_group: str) -> SignedIn:
    """The last step: one part of the recovery code, typed back. The account opens.

    Raises Unacceptable when it is not that part, NotUsable when the link was spent, withdrawn or
    ran out meanwhile.
    """
    if not is_group(codes_to_write_down(house, half), typed_group):
        raise Unacceptable(
            "group", "That is not the part we asked for. Look at what you wrote down."
        )
    keyring = _keyring(half)
    own = fingerprint(keyring.recipient(), keyring.signing_public())
    token, hashed = known_device.new_token()
    leaves = (Deed.KEY_REGISTERED, Deed.PERSON_JOINED, Deed.SESSION_OPENED)
    with unjudged(house, half.actor(), *leaves) as deed:
        person = _still_joining(deed.db, half)
        link = sessions.link_of(deed.db, person.id)
        if link is None or deed.now >= link.expires_at:
            raise NotUsable("expired")
        if not sessions.spend_link(deed.db, link.token_hash, deed.now):
            raise NotUsable("used")
        people.set_account(deed.db, person.area_id, person.id, Account.ENROLLED)
        keys.save_public_key(
            deed.db,
            keys.PublicKey(
                person.id,
                person.area_id,
                keyring.recipient(),
                keyring.signing_public(),
                own,
                deed.now,
            ),
        )
        forget(deed.db, person)
        factors.save_device(deed.db, factors.Device(hashed, person.area_id, person.id, deed.now))
        secret = begin(
            house,
            deed.db,
            person,
            Stage.SIGNED_IN,
            keyring,
            deed.now,
            factor_at=half.session.factor_at,
            instead_of=half.session.id,
        )
        deed.note(line(Deed.KEY_REGISTERED, person=person.id, fingerprint=own))
        deed.note(line(Deed.PERSON_JOINED, person=person.id))
        deed.note(line(Deed.SESSION_OPENED, person=person.id, factor="code_app"))
        deed.tell(
            Kind.KEY_WAITS,
            half.area.unit_email,
            area=half.area.name,
            path=f"/unit/people/{person.id}/confirm",
        )
    return SignedIn(secret, token)


@contextmanager
def _step(house: House, half: Recalled) -> Iterator[tuple[Connection, Person]]:
    """One step, kept: under the area's lock, so that of two browsers one goes on. Nothing of it
    gives access to anything, for the account is not open, so it leaves no line."""
    with tending(house) as db:
        book.lock(db, half.person.area_id)
        yield db, _still_joining(db, half)


def _still_joining(db: Connection, half: Recalled) -> Person:
    row = sessions.load(db, half.session.id)
    person = people.by_id(db, half.person.id)
    if row is None or row.stage is not Stage.JOINING:
        raise NotUsable("begun again elsewhere")
    if person is None or person.account is not Account.INVITED:
        raise NotUsable("used")
    return person


def _next(
    house: House, db: Connection, half: Recalled, keyring: Keyring, *, factor: bool = False
) -> bytes:
    now = house.clock.now()
    return begin(
        house,
        db,
        half.person,
        Stage.JOINING,
        keyring,
        now,
        factor_at=now if factor else None,
        instead_of=half.session.id,
    )


def _keyring(half: Recalled) -> Keyring:
    if half.keyring is None:
        raise NotUsable("no keyring")
    return half.keyring


def _secret_of(house: House, person: Person) -> str:
    with reading(house.engine) as db:
        app = factors.code_app_of(db, person.id)
    if app is None:
        raise NotUsable("no code app")
    return open_field(house.server_keys.field_key, app.secret, TABLE, COLUMN, person.id).decode()
