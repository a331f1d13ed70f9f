"""Agencies and people."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    String,
    Table,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from portal.domain.ids import AccountId, AgencyId, AreaId, PersonId
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
    Column("shared", Boolean, nullable=False),
    id_column("source_id", nullable=True, index=True),
    UniqueConstraint("area_id", "name"),
    UniqueConstraint("area_id", "source_id"),
)


@dataclass(frozen=True)
class Offered:
    """All that an area is shown of an agency that another has entered."""

    id: AgencyId
    name: str
    standing: Standing
    service: Service


people = Table(
    "people",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("agency_id", index=True),
    Column("email", String(254), nullable=False),
    Column("name", String(120), nullable=False),
    Column("job", String(120), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("roles", ClosedSet(Role), nullable=False),
    Column("account", Closed(Account), nullable=False),
    Column("created_at", Utc, nullable=False),
    id_column("account_id", index=True),
    Column("at_home", Boolean, nullable=False),
)

_STAYS = text("account <> 'left'")
_has_not_left = people.c.account != Account.LEFT
Index(
    "uq_people_area_email",
    people.c.area_id,
    people.c.email,
    unique=True,
    sqlite_where=_STAYS,
    postgresql_where=_STAYS,
)
"""One address is one person of an area, besides those who had it and have left."""

_KEEPS = text("at_home AND account = 'enrolled'")
_keeps_account = and_(people.c.at_home, people.c.account == Account.ENROLLED)
Index(
    "uq_people_account_email",
    people.c.email,
    unique=True,
    sqlite_where=_KEEPS,
    postgresql_where=_KEEPS,
)
"""One address is one account in the installation, whichever areas know it."""


class AddressTaken(Exception):
    """Another area keeps an account of this address: it was made while this one was."""


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


def share_agency(db: Connection, area_id: AreaId, agency_id: AgencyId, shared: bool) -> None:
    where = (agencies.c.area_id == area_id, agencies.c.id == agency_id)
    change(db, agencies, *where, shared=shared)


def offered_to(db: Connection, to: AreaId) -> list[Offered]:
    """Agencies of other areas that serve several and that this area has not linked, by name."""
    linked = select(agencies.c.source_id).where(
        agencies.c.area_id == to, agencies.c.source_id.is_not(None)
    )
    return every(
        db,
        agencies,
        Offered,
        agencies.c.shared,
        agencies.c.area_id != to,
        agencies.c.id.not_in(linked),
        order=[agencies.c.name, agencies.c.id],
    )


def secure_way_of(db: Connection, source_id: AgencyId) -> str:
    """As the area records it that entered the agency."""
    where = (agencies.c.id == source_id, agencies.c.source_id.is_(None))
    return str(db.execute(select(agencies.c.secure_way).where(*where)).scalar_one())


def linked_to(db: Connection, source_id: AgencyId) -> list[Agency]:
    """The rows that follow this one, each of another area."""
    return every(
        db, agencies, Agency, agencies.c.source_id == source_id, order=[agencies.c.area_id]
    )


def is_mailbox(db: Connection, area_id: AreaId, email: str) -> bool:
    """Whether this address is the team mailbox of some agency of the area."""
    where = (agencies.c.area_id == area_id, agencies.c.mailbox == email)
    return bool(db.execute(select(agencies.c.id).where(*where)).first())


def save(db: Connection, person: Person) -> None:
    add(db, people, person)


def load(db: Connection, area_id: AreaId, person_id: PersonId) -> Person | None:
    return first(db, people, Person, people.c.area_id == area_id, people.c.id == person_id)


def by_id(db: Connection, person_id: PersonId) -> Person | None:
    """Whoever this is, in whichever area: for joining links, before an area is known."""
    return first(db, people, Person, people.c.id == person_id)


def by_email(db: Connection, email: str) -> Person | None:
    """Who signs in with this address, where their account is kept; None for whoever has only been
    invited, or has left. `email` as identity/email_address.py normalises it."""
    return first(db, people, Person, people.c.email == email, _keeps_account)


def awaits_its_owner(db: Connection, email: str) -> Person | None:
    """Who begins anew with an account of this address that other areas know, where it is kept."""
    other = people.alias()
    known_elsewhere = (
        select(other.c.id)
        .where(
            other.c.account_id == people.c.account_id,
            other.c.id != people.c.id,
            other.c.account == Account.ENROLLED,
        )
        .exists()
    )
    invited = people.c.account == Account.INVITED
    return first(
        db, people, Person, people.c.email == email, people.c.at_home, invited, known_elsewhere
    )


def of_account(db: Connection, account_id: AccountId) -> list[Person]:
    """The same person in each area that knows them, the one that keeps the account first, those who
    have left last: whoever came back to an area is there as who they are, and as who they were."""
    return every(
        db,
        people,
        Person,
        people.c.account_id == account_id,
        order=[~_has_not_left, people.c.at_home.desc(), people.c.created_at, people.c.id],
    )


def at_home(db: Connection, account_id: AccountId) -> Person | None:
    """Whose account this is, in the area that keeps it."""
    return first(db, people, Person, people.c.account_id == account_id, people.c.at_home)


def is_known(db: Connection, area_id: AreaId, email: str) -> bool:
    """Whether somebody of this area has this address, whoever else may have it elsewhere, and
    whoever had it and has left: they may come back, as somebody new."""
    where = (people.c.area_id == area_id, people.c.email == email, _has_not_left)
    return bool(db.execute(select(people.c.id).where(*where)).first())


def begin_membership(db: Connection, invited: Person, account_id: AccountId) -> Person:
    """Whoever was invited has joined, with an account that another area keeps."""
    joined = replace(invited, account=Account.ENROLLED, account_id=account_id, at_home=False)
    change(
        db,
        people,
        people.c.area_id == invited.area_id,
        people.c.id == invited.id,
        account=joined.account,
        account_id=joined.account_id,
        at_home=joined.at_home,
    )
    return joined


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
    """Raises AddressTaken where another area came to keep an account of this address meanwhile."""
    try:
        change(db, people, people.c.area_id == area_id, people.c.id == person_id, account=account)
    except IntegrityError:
        raise AddressTaken from None


def set_roles(db: Connection, area_id: AreaId, person_id: PersonId, roles: frozenset[Role]) -> None:
    change(db, people, people.c.area_id == area_id, people.c.id == person_id, roles=roles)
