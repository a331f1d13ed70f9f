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
from portal.crypto.fields import BadField, open_field, seal_field
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
        clear = open_field(
            house.server_keys.field_key, row.settings, "providers", "settings", place
        )
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
    return _keyed(house, "portal/v1/sign-on-settings", client.encoded())


def subject_of(house: House, provider: Provider, known: Known) -> bytes:
    """What stands for this person of this issuer in a link; 32 bytes that tell nothing."""
    named = json.dumps([provider.agency_id, known.issuer, known.subject]).encode()
    return _keyed(house, "portal/v1/sign-on-subject", named)


def new_link(house: House, provider: Provider, known: Known, person: Person) -> LinkRow:
    """That this person of the provider is this person of the portal, sealed."""
    subject = subject_of(house, provider, known)
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
    link = providers.link_by(db, provider.agency_id, subject_of(house, provider, known))
    if link is None or not is_true(house, link):
        return None
    person = people.by_id(db, link.person_id)
    return person if person is not None and may_use(provider, person) else None


def may_use(provider: Provider, person: Person) -> bool:
    """Whether this provider may say who this person is: only its own agency's people."""
    return (
        person.account is Account.ENROLLED
        and person.area_id == provider.row.area_id
        and person.agency_id == provider.row.agency_id
    )


def is_true(house: House, link: LinkRow) -> bool:
    """Whether the link is one that the portal made."""
    place = f"{link.agency_id} {link.subject.hex()}"
    try:
        told = open_field(house.server_keys.field_key, link.proof, "provider_links", "proof", place)
    except BadField:
        return False
    return PersonId(told.decode("utf-8", "replace")) == link.person_id


def _keyed(house: House, label: str, told: bytes) -> bytes:
    return hmac.new(derive(house.server_keys.field_key, label), told, "sha256").digest()
