"""Agencies and people."""

from __future__ import annotations

from sqlalchemy import Column, Connection, String, Table, UniqueConstraint, select

from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Account, Agency, Person, Role, Service, Standing
from portal.records.schema import (
    Closed,
    ClosedSet,
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
)

agencies = Table(
    "agencies",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    Column("name", String(120), nullable=False),
    Column("standing", Closed(Standing), nullable=False),
    Column("service", Closed(Service), nullable=False),
    Column("secure_way", String(200), nullable=False),
    Column("spoc", String(120), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("deputy", String(120), nullable=False),
    Column("mailbox", String(254), nullable=False),
    UniqueConstraint("area_id", "name"),
)

people = Table(
    "people",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("agency_id", index=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("job", String(120), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("roles", ClosedSet(Role), nullable=False),
    Column("account", Closed(Account), nullable=False),
    Column("created_at", Utc, nullable=False),
)


def save_agency(db: Connection, agency: Agency) -> None:
    add(db, agencies, agency)


def load_agency(db: Connection, area_id: AreaId, agency_id: AgencyId) -> Agency | None:
    return first(db, agencies, Agency, agencies.c.area_id == area_id, agencies.c.id == agency_id)


def agencies_of(db: Connection, area_id: AreaId) -> dict[AgencyId, Agency]:
    found = every(db, agencies, Agency, agencies.c.area_id == area_id, order=[agencies.c.name])
    return {agency.id: agency for agency in found}


def change_agency(db: Connection, agency: Agency) -> None:
    """How the agency is reached, as it is now; its name, standing and service stay."""
    change(
        db,
        agencies,
        agencies.c.area_id == agency.area_id,
        agencies.c.id == agency.id,
        secure_way=agency.secure_way,
        spoc=agency.spoc,
        deputy=agency.deputy,
        mailbox=agency.mailbox,
        phone=agency.phone,
    )


def is_mailbox(db: Connection, email: str) -> bool:
    """Whether this address is some agency's team mailbox, in any area."""
    return bool(db.execute(select(agencies.c.id).where(agencies.c.mailbox == email)).first())


def save(db: Connection, person: Person) -> None:
    add(db, people, person)


def load(db: Connection, area_id: AreaId, person_id: PersonId) -> Person | None:
    return first(db, people, Person, people.c.area_id == area_id, people.c.id == person_id)


def by_id(db: Connection, person_id: PersonId) -> Person | None:
    """Whoever this is, in whichever area: for sessions, before an area is known."""
    return first(db, people, Person, people.c.id == person_id)


def by_email(db: Connection, email: str) -> Person | None:
    """`email` as identity/email_address.py normalises it."""
    return first(db, people, Person, people.c.email == email)


def of_area(db: Connection, area_id: AreaId) -> dict[PersonId, Person]:
    found = every(db, people, Person, people.c.area_id == area_id, order=[people.c.name])
    return {person.id: person for person in found}


def of_agency(db: Connection, area_id: AreaId, agency_id: AgencyId) -> list[Person]:
    return every(
        db,
        people,
        Person,
        people.c.area_id == area_id,
        people.c.agency_id == agency_id,
        order=[people.c.name],
    )


def set_account(db: Connection, area_id: AreaId, person_id: PersonId, account: Account) -> None:
    change(db, people, people.c.area_id == area_id, people.c.id == person_id, account=account)


def set_roles(db: Connection, area_id: AreaId, person_id: PersonId, roles: frozenset[Role]) -> None:
    change(db, people, people.c.area_id == area_id, people.c.id == person_id, roles=roles)
