"""Agencies' providers of single sign-on, and who of the portal is whom there.

What is recorded of a provider (its issuer, our name and secret there, what it must prove) is one
sealed field under the server's field key, bound to its row, and so is each link: whoever writes
to the database alone can neither read a secret nor make anybody somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, Table, UniqueConstraint

from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.sign_on import ProviderState
from portal.records.schema import (
    Closed,
    Utc,
    add,
    add_once,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    put,
    remove,
    row,
    upsert,
)

providers = Table(
    "providers",
    metadata,
    id_column("agency_id", primary_key=True),
    area_column(),
    Column("settings", LargeBinary, nullable=False),
    Column("state", Closed(ProviderState), nullable=False),
    Column("tried", LargeBinary),
    Column("tried_at", Utc),
    Column("changed_at", Utc, nullable=False),
)

provider_links = Table(
    "provider_links",
    metadata,
    id_column("agency_id", primary_key=True),
    Column("subject", LargeBinary, primary_key=True),
    area_column(),
    id_column("person_id"),
    Column("proof", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    UniqueConstraint("person_id"),
)

sign_ons_used = Table(
    "sign_ons_used",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
)


@dataclass(frozen=True)
class ProviderRow:
    """`settings` is sealed; `tried` is the digest of the settings with which a trial passed."""

    agency_id: AgencyId
    area_id: AreaId
    settings: bytes
    state: ProviderState
    tried: bytes | None
    tried_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True)
class LinkRow:
    """`subject` is a keyed hash of issuer and subject; `proof` seals who it is."""

    agency_id: AgencyId
    subject: bytes
    area_id: AreaId
    person_id: PersonId
    proof: bytes
    made_at: datetime


@dataclass(frozen=True)
class UsedSignOn:
    state_hash: bytes
    at: datetime


def save(db: Connection, provider: ProviderRow) -> None:
    put(db, providers, provider)


def by_id(db: Connection, agency_id: AgencyId) -> ProviderRow | None:
    """In whichever area: for somebody who is not signed in."""
    return first(db, providers, ProviderRow, providers.c.agency_id == agency_id)


def of_agency(db: Connection, area_id: AreaId, agency_id: AgencyId) -> ProviderRow | None:
    return first(
        db,
        providers,
        ProviderRow,
        providers.c.area_id == area_id,
        providers.c.agency_id == agency_id,
    )


def of_area(db: Connection, area_id: AreaId) -> list[ProviderRow]:
    return every(db, providers, ProviderRow, providers.c.area_id == area_id)


def in_state(db: Connection, state: ProviderState) -> list[ProviderRow]:
    """In every area: what the page for signing in offers."""
    return every(db, providers, ProviderRow, providers.c.state == state)


def note_trial(db: Connection, agency_id: AgencyId, tried: bytes, at: datetime) -> None:
    change(db, providers, providers.c.agency_id == agency_id, tried=tried, tried_at=at)


def save_link(db: Connection, link: LinkRow) -> None:
    add(db, provider_links, link)


def link_by(db: Connection, agency_id: AgencyId, subject: bytes) -> LinkRow | None:
    return first(
        db,
        provider_links,
        LinkRow,
        provider_links.c.agency_id == agency_id,
        provider_links.c.subject == subject,
    )


def link_of(db: Connection, person_id: PersonId) -> LinkRow | None:
    """Somebody is of one agency, and an agency has one provider."""
    return first(db, provider_links, LinkRow, provider_links.c.person_id == person_id)


def remove_link(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    return remove(
        db,
        provider_links,
        provider_links.c.area_id == area_id,
        provider_links.c.person_id == person_id,
    )


def remove_links_of(db: Connection, agency_id: AgencyId) -> int:
    return remove(db, provider_links, provider_links.c.agency_id == agency_id)


def use(db: Connection, used: UsedSignOn) -> bool:
    """False when this sign-on came back before: of any number of tries one goes on."""
    return add_once(db, sign_ons_used, used)


def note_left(db: Connection, left: UsedSignOn) -> None:
    """A provider signed somebody out; the newest time counts."""
    query = upsert(db, sign_ons_used).values(**row(left))
    db.execute(query.on_conflict_do_update(index_elements=["state_hash"], set_={"at": left.at}))


def left_at(db: Connection, state_hash: bytes) -> datetime | None:
    found = first(db, sign_ons_used, UsedSignOn, sign_ons_used.c.state_hash == state_hash)
    return None if found is None else found.at


def sweep_used(db: Connection, before: datetime) -> int:
    return remove(db, sign_ons_used, sign_ons_used.c.at < before)
