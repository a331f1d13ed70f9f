"""Opening a keyring with a passkey's pseudo-random function, wherever a passphrase would.

The row is believed only once the keyring it opened says that its owner signed it, and the keyring
only where it is the one on record.
"""

from __future__ import annotations

from typing import Any

from portal.crypto.age.errors import AgeError
from portal.crypto.keyring import BadKeyring, Keyring, open_keyring
from portal.domain.ids import AccountId
from portal.domain.people import Account, Person
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.house import House
from portal.journeys.own_account.passkey_ceremony import ask, require_signed, unlock_identity, use
from portal.journeys.signing_in.unlocking import require_registered
from portal.records import passkeys, people
from portal.records.database import reading

REFUSED = "That passkey does not open this. Type your passphrase instead."


def asked_to_open(
    house: House, site: Site, purpose: str, bound_to: str, account_id: AccountId
) -> dict[str, Any] | None:
    """What the browser is asked; None where none of this person's passkeys opens by itself."""
    with reading(house.engine) as db:
        mine = passkeys.of_person(db, account_id)
    allowed = [
        each.credential_id
        for each in mine
        if each.proved_at is not None and each.sealed and each.credential_id is not None
    ]
    return ask(house, site, purpose, bound_to, allowed) if allowed else None


def open_with_passkey(
    house: House,
    site: Site,
    purpose: str,
    bound_to: str,
    answer: str,
    prf: str,
    owner: AccountId | None,
) -> tuple[Person, Keyring]:
    """Whose it is and what it opens; `owner` None: whoever it belongs to.

    The answer is used up first. Raises BadPasskey, KeyAlarm.
    """
    used = use(house, site, purpose, bound_to, answer, owner)
    identity = unlock_identity(used.person_id, prf)
    if used.proved_at is None or identity is None or not used.sealed:
        raise BadPasskey("cannot open")
    with reading(house.engine) as db:
        person = people.at_home(db, used.person_id)
        if person is None or person.account is not Account.ENROLLED:
            raise BadPasskey("nobody")
        try:
            keyring = open_keyring(used.sealed, identity)
        except (AgeError, BadKeyring):
            raise BadPasskey("does not open") from None
        require_registered(db, person, keyring)
    require_signed(keyring, used)
    return person, keyring
