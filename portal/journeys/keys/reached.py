"""How somebody is reached, as a digest for the ledger: nobody rings a number slipped in since."""

from __future__ import annotations

import hmac

from portal.crypto.derive import derive
from portal.crypto.serverkeys import KeyKind
from portal.domain.people import Agency, Person
from portal.journeys.house import House

CALLBACK = "portal/v1/callback"
REACHED = "portal/v1/reached"


def is_callback(house: House, person: Person, told: object) -> bool:
    """Whether a line's digest says that this person is reached so; a key that was replaced since
    the line was written still tells."""
    return told in [_callback(person, seed) for seed in house.server_keys.ever(KeyKind.LEDGER)]


def callback(house: House, person: Person) -> str:
    """A digest (hex) of how this person is reached, for the line of their invitation.

    Under a key of the server's, not of the database's: what the ledger keeps must not let a name or
    a number be guessed at once the row is erased.
    """
    return _callback(person, house.server_keys.ledger_seed)


def reached(house: House, agency: Agency) -> str:
    """A digest (hex) of how this agency is reached, under the same kind of key, for its lines."""
    told = [agency.area_id, agency.id, agency.name, agency.secure_way, agency.spoc, agency.deputy]
    told += [agency.mailbox, agency.phone]
    return keyed(house.server_keys.ledger_seed, REACHED, agency.id, told)


def _callback(person: Person, seed: bytes) -> str:
    told = [person.area_id, person.id, person.name, person.email, person.phone]
    return keyed(seed, CALLBACK, person.id, told)


def keyed(seed: bytes, purpose: str, subject: str, told: list[str]) -> str:
    """The digest (hex) of what is told of a subject, under a key of the server's for a purpose."""
    key = derive(seed, purpose, subject)
    return hmac.new(key, "".join(f"{each}\n" for each in told).encode(), "sha256").hexdigest()
