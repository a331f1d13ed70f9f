"""Agencies and the people who act for them, in one area at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.domain.dormancy import DORMANT_DAYS
from portal.domain.ids import AccountId, AgencyId, AreaId, PersonId


class Standing(StrEnum):
    """What an agency is to MAPPA (rule 6). Third parties are never invited, so have no value."""

    RESPONSIBLE_AUTHORITY = "ra"
    DUTY_TO_COOPERATE = "dtc"
    ASSOCIATE = "associate"


class Service(StrEnum):
    """What an agency does, where a rule depends on it (rules 8, 11, 20)."""

    POLICE = "police"
    PROBATION = "probation"
    PRISON = "prison"
    YOUTH_CUSTODY = "youth_custody"
    YOUTH_JUSTICE = "youth_justice"
    SOCIAL_CARE = "social_care"
    HEALTH = "health"
    HOUSING = "housing"
    EDUCATION = "education"
    HOME_OFFICE = "home_office"
    OTHER = "other"


CUSTODY = frozenset({Service.PRISON, Service.YOUTH_CUSTODY})
"""Inviting one of these raises its MAPPA F request (rule 11), and only it may answer (rule 20)."""


class Role(StrEnum):
    """Distinct permissions (rule 14). A person may hold several."""

    COORDINATOR = "coordinator"
    DEPUTY = "deputy"
    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    ATTENDEE = "attendee"
    CONTACT = "contact"
    SPOC = "spoc"
    LAY_ADVISER = "lay_adviser"
    AUDITOR = "auditor"
    OPERATOR = "operator"


DECIDERS = frozenset({Role.COORDINATOR, Role.DEPUTY})
"""Who sends, takes back and decides."""

RECORD_READERS = DECIDERS | {Role.AUDITOR}
"""Who reads the record of who did what."""

UNIT = DECIDERS | {Role.ADMINISTRATOR}
"""Who holds the coordination unit's key. Membership opens; the judge alone authorises."""

GUESTS = frozenset({Role.ATTENDEE, Role.CONTACT, Role.LAY_ADVISER})
"""Who sees what is given to them, or speaks for their agency: an administrator may give these."""

READERS = frozenset({Role.ATTENDEE, Role.LAY_ADVISER})
"""Who does nothing but read what is given to them. Nothing is given to an unconfirmed key, so these
roles count before a coordinator has confirmed whose key somebody's is."""


class Account(StrEnum):
    """How far a person's account has come. A leaver loses everything at once (rule 81)."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    LEFT = "left"


ORIGINALS_DAYS = 365
"""How many days the originals of reports are kept, where an area has not said otherwise."""


@dataclass(frozen=True)
class Area:
    """A MAPPA area: everything belongs to exactly one. `title` is the coordinator's title here.

    `originals_days`: how long the files that agencies uploaded are kept as they were.
    `dormant_days`: after how long without use an account closes (rule 81).
    """

    id: AreaId
    name: str
    title: str
    phone: str
    unit_email: str
    ledger_vkey: str
    created_at: datetime
    originals_days: int = ORIGINALS_DAYS
    dormant_days: int = DORMANT_DAYS


@dataclass(frozen=True)
class Agency:
    """An agency with its recorded secure way of receiving and its single point of contact.

    Rule 13: an RA or DTC agency cannot be invited without both. `deputy` stands in for the single
    point of contact; `mailbox` is a team's address that receives notices and never signs in.
    `shared`: it serves several areas, which may link it. `source_id`: it is linked to that row of
    the area which entered it, and its secure way follows what is recorded there.
    """

    id: AgencyId
    area_id: AreaId
    name: str
    standing: Standing
    service: Service
    secure_way: str
    spoc: str
    phone: str
    created_at: datetime
    deputy: str = ""
    mailbox: str = ""
    shared: bool = False
    source_id: AgencyId | None = None

    @property
    def may_be_invited(self) -> bool:
        return self.standing is Standing.ASSOCIATE or bool(self.secure_way and self.spoc)


_OWN = AccountId("")
"""Stands for an account of one's own, under one's own id."""


@dataclass(frozen=True)
class Person:
    """Somebody in one area, where they act for one agency with a set of roles.

    Several areas may each have one of the same person, with one account between them: `account_id`.
    `at_home`: this is the area that keeps the account. `address_confirmed` is not kept: an e-mail
    address is where notices go, never proof of who somebody is.
    """

    id: PersonId
    area_id: AreaId
    agency_id: AgencyId
    email: str
    name: str
    job: str
    phone: str
    roles: frozenset[Role]
    account: Account
    created_at: datetime
    account_id: AccountId = _OWN
    at_home: bool = True

    def __post_init__(self) -> None:
        # Whoever has no account from elsewhere has one of their own, under their own id.
        if not self.account_id:
            object.__setattr__(self, "account_id", AccountId(self.id))


@dataclass(frozen=True)
class Actor:
    """Who is acting, in which area, and how they proved it. The judge sees this and facts only.

    `factor_at` is when this session's second factor was given; None for the newcomer who has
    none yet and for the system itself. `reads_only`: in this session nothing may be changed,
    because others use the computer, or because somebody vouched for them (`vouched`: they gave no
    second factor themselves). `deputy_until` is when
    the role of a deputy ends that they hold for a time; None where they hold it for good or not.
    `account_id` is whose factors and keyring they use; no rule asks for it.
    """

    person_id: PersonId
    area_id: AreaId
    agency_id: AgencyId
    name: str
    agency: str
    roles: frozenset[Role]
    factor_at: datetime | None
    account: Account = Account.ENROLLED
    reads_only: bool = False
    vouched: bool = False
    deputy_until: datetime | None = None
    account_id: AccountId = _OWN

    def __post_init__(self) -> None:
        if not self.account_id:
            object.__setattr__(self, "account_id", AccountId(self.person_id))

    def at(self, now: datetime) -> Actor:
        """The same, without the role of a deputy where its time is over."""
        if self.deputy_until is None or now < self.deputy_until:
            return self
        return replace(self, roles=self.roles - {Role.DEPUTY}, deputy_until=None)

    def has(self, roles: frozenset[Role]) -> bool:
        return bool(self.roles & roles)


NOBODY = AccountId("nobody")
"""Stands for an address that nobody has where the same work is done for it as for any other."""

SYSTEM = PersonId("system")
"""The actor of timers and sweeps. It holds no key and can open nothing."""


def system(area_id: AreaId) -> Actor:
    """The system as an actor of one area."""
    return Actor(SYSTEM, area_id, AgencyId(""), "The portal", "", frozenset(), None)
