"""What is recorded of an agency's provider, sealed and opened; and who somebody of it is here.

The settings and each link are sealed under the server's field key and bound to their rows: with
the database alone nobody reads a provider's secret, points an agency at another provider, or makes
a person of it somebody else.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.derive import derive
from portal.crypto.fields import BadField, open_any, seal_field
from portal.crypto.serverkeys import KeyKind
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Account, Person
from portal.domain.sign_on import ProviderState
from portal.identity.sign_on.client import Client, decoded
from portal.identity.sign_on.exchange import Known
from portal.journeys.house import House
from portal.records import people, providers
from portal.records.providers import LinkRow, ProviderRow


class SignOnFailed(Exception):
    """The sign-on came to nothing; `.why` is one of a few words of ours (web/account/words)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


_SETTINGS, _SUBJECT = "portal/v1/sign-on-settings", "portal/v1/sign-on-subject"
_SESSION = "portal/v1/sign-on-session"


@dataclass(frozen=True)
class Provider:
    """A provider as it is recorded, its settings opened."""

    row: ProviderRow
    client: Client

    @property
    def agency_id(self) -> AgencyId:
        return self.row.agency_id


def sealed(house: House, area_id: AreaId, agency_id: AgencyId, client: Client) -> bytes:
    """The settings as the row of this provider holds them."""
    place = f"{area_id} {agency_id}"
    return seal_field(house.server_keys.field_key, client.encoded(), "providers", "settings", place)


def opened(house: House, row: ProviderRow | None) -> Provider:
    """Raises SignOnFailed where there is none, or its row is not what was sealed."""
    if row is None:
        raise SignOnFailed("closed")
    place = f"{row.area_id} {row.agency_id}"
    try:
        keys = house.server_keys.in_use(KeyKind.FIELD)
        clear, _ = open_any(keys, row.settings, "providers", "settings", place)
        return Provider(row, decoded(clear))
    except (BadField, ValueError, KeyError, TypeError):
        raise SignOnFailed("spoilt") from None


def living(house: House, db: Connection, agency_id: AgencyId, *, trial: bool = False) -> Provider:
    """The provider, if people may go there now: open, or with `trial` on trial."""
    row = providers.by_id(db, agency_id)
    wanted = ProviderState.TRIAL if trial else ProviderState.OPEN
    if row is None or row.state is not wanted:
        raise SignOnFailed("closed")
    return opened(house, row)


def digest(house: House, client: Client) -> bytes:
    """32 bytes that stand for exactly these settings and tell none of them."""
    return _keyed(house.server_keys.field_key, _SETTINGS, client.encoded())


def is_digest(house: House, client: Client, told: bytes | None) -> bool:
    """Whether `told` is the digest of these settings, also one made before a key was replaced."""
    return told is not None and any(
        hmac.compare_digest(_keyed(key, _SETTINGS, client.encoded()), told)
        for key in house.server_keys.ever(KeyKind.FIELD)
    )


def subjects_of(house: House, provider: Provider, known: Known) -> list[bytes]:
    """What stands for this person of this issuer in a link, 32 bytes that tell nothing: the first
    for a new link, the others in links that were made before a key was replaced."""
    named = json.dumps([provider.agency_id, known.issuer, known.subject]).encode()
    return [_keyed(key, _SUBJECT, named) for key in house.server_keys.ever(KeyKind.FIELD)]


def sessions_there(house: House, provider: Provider, known: Known) -> list[bytes]:
    """What stands for this session at the provider, the first for a session that begins here now;
    nothing where it has no name."""
    if not known.session:
        return []
    named = json.dumps([provider.agency_id, known.issuer, known.session]).encode()
    return [_keyed(key, _SESSION, named) for key in house.server_keys.ever(KeyKind.FIELD)]


def new_link(house: House, provider: Provider, known: Known, person: Person) -> LinkRow:
    """That this person of the provider is this person of the portal, sealed."""
    subject = subjects_of(house, provider, known)[0]
    proof = seal_field(
        house.server_keys.field_key,
        person.id.encode(),
        "provider_links",
        "proof",
        f"{provider.agency_id} {subject.hex()}",
    )
    return LinkRow(provider.agency_id, subject, person.area_id, person.id, proof, house.clock.now())


def whose(house: House, db: Connection, provider: Provider, known: Known) -> Person | None:
    """Who this is here, if they may sign in: linked, enrolled, and of this very agency.

    An e-mail address is never asked for and never looked at. Nobody, somebody who left, somebody
    who has moved to another agency: the answer is the same.
    """
    link = link_to(house, db, provider, known)
    if link is None or not is_true(house, link):
        return None
    person = people.by_id(db, link.person_id)
    return person if person is not None and may_use(provider, person) else None


def link_to(house: House, db: Connection, provider: Provider, known: Known) -> LinkRow | None:
    """The link of this person of the provider, as its row says; see `is_true`."""
    found = (
        providers.link_by(db, provider.agency_id, subject)
        for subject in subjects_of(house, provider, known)
    )
    return next((each for each in found if each is not None), None)


def may_use(provider: Provider, person: Person) -> bool:
    """Whether this provider may say who this person is: only its own agency's people."""
    return person.account is Account.ENROLLED and is_of(provider, person)


def is_of(provider: Provider, person: Person) -> bool:
    """Whether the person is of the provider's very agency."""
    return (person.area_id, person.agency_id) == (provider.row.area_id, provider.row.agency_id)


def is_true(house: House, link: LinkRow) -> bool:
    """Whether the link is one that the portal made."""
    place = f"{link.agency_id} {link.subject.hex()}"
    try:
        keys = house.server_keys.in_use(KeyKind.FIELD)
        told, _ = open_any(keys, link.proof, "provider_links", "proof", place)
    except BadField:
        return False
    return PersonId(told.decode("utf-8", "replace")) == link.person_id


def _keyed(key: bytes, label: str, told: bytes) -> bytes:
    return hmac.new(derive(key, label), told, "sha256").digest()
