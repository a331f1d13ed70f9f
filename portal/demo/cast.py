"""Who plays in the demonstration: six agencies, twelve people, four cases. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.people import Role, Service, Standing
from portal.journeys.running.init_area import NewArea

AREA = "Northmere"
TITLE = "MAPPA Co-ordinator"
PHONE = "01632 960 000"
UNIT_EMAIL = "mappa.unit@northmere.example"


@dataclass(frozen=True)
class DemoAgency:
    """An agency of the demonstration."""

    key: str
    name: str
    standing: Standing
    service: Service
    secure_way: str
    spoc: str
    phone: str


AGENCIES = (
    DemoAgency(
        "probation", "Probation Service, Northmere", Standing.RESPONSIBLE_AUTHORITY,
        Service.PROBATION, "Team mailbox with enforced TLS", "Helen Marsh", PHONE,
    ),
    DemoAgency(
        "police", "Northmere Police", Standing.RESPONSIBLE_AUTHORITY, Service.POLICE,
        "Police national mail", "Carys Lunt", "01632 960 110",
    ),
    DemoAgency(
        "prison", "HMP Elmsworth", Standing.RESPONSIBLE_AUTHORITY, Service.PRISON,
        "Offender management unit mailbox", "Folake Adeyemi", "01632 960 220",
    ),
    DemoAgency(
        "care", "Northmere Children's Services", Standing.DUTY_TO_COOPERATE,
        Service.SOCIAL_CARE, "Safeguarding team mailbox", "Ruth Bannerman", "01632 960 330",
    ),
    DemoAgency(
        "housing", "Northmere Housing", Standing.DUTY_TO_COOPERATE, Service.HOUSING,
        "Community safety mailbox", "Joe Farrow", "01632 960 440",
    ),
    DemoAgency(
        "health", "Northmere NHS Trust", Standing.DUTY_TO_COOPERATE, Service.HEALTH,
        "Trust secure mail", "Grace Oduya", "01632 960 550",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DemoPerson:
    """A persona. `confirmed`: whether a coordinator has confirmed their key yet."""

    key: str
    name: str
    agency: str
    job: str
    phone: str
    roles: frozenset[Role]
    confirmed: bool = True
    domain: str = "northmere.example"

    @property
    def email(self) -> str:
        """An address that can never be anybody's (RFC 2606)."""
        return f"{self.name.lower().replace(' ', '.')}@{self.agency}.{self.domain}"


_READER = frozenset({Role.ATTENDEE, Role.CONTACT})
_SPOC = _READER | {Role.SPOC}

PEOPLE = (
    DemoPerson("helen", "Helen Marsh", "probation", TITLE, "01632 960 001",
               frozenset({Role.COORDINATOR, Role.ATTENDEE})),
    DemoPerson("tom", "Tom Okafor", "probation", "Deputy MAPPA Co-ordinator", "01632 960 002",
               frozenset({Role.DEPUTY, Role.ATTENDEE})),
    DemoPerson("priya", "Priya Shah", "probation", "MAPPA Administrator", "01632 960 003",
               frozenset({Role.ADMINISTRATOR})),
    DemoPerson("alan", "Alan Reid", "police", "Superintendent, chair", "01632 960 111",
               frozenset({Role.CHAIR, Role.ATTENDEE})),
    DemoPerson("adeyemi", "Folake Adeyemi", "prison", "Prison offender manager", "01632 960 221",
               _READER),
    DemoPerson("carys", "Carys Lunt", "police", "Detective inspector", "01632 960 112", _READER),
    DemoPerson("mark", "Mark Ellison", "probation", "Probation officer", "01632 960 004", _READER),
    DemoPerson("ruth", "Ruth Bannerman", "care", "Team manager", "01632 960 331", _SPOC),
    DemoPerson("grace", "Grace Oduya", "health", "Forensic nurse", "01632 960 551", _READER),
    DemoPerson("joe", "Joe Farrow", "housing", "Community safety officer", "01632 960 441",
               _READER, confirmed=False),
    DemoPerson("sian", "Sian Pryce", "probation", "Auditor", "01632 960 005",
               frozenset({Role.AUDITOR})),
    DemoPerson("dev", "Dev Kaur", "police", "Systems operator", "01632 960 113",
               frozenset({Role.OPERATOR})),
)  # fmt: skip


@dataclass(frozen=True)
class DemoCase:
    """A case: an individual who does not exist."""

    key: str
    reference: str
    lead: str
    category: int
    level: int
    name: str
    born: date


CASES = (
    DemoCase("holt", "NM/2026/014", "probation", 2, 2, "Darren Holt", date(1988, 2, 3)),
    DemoCase("vane", "NM/2026/021", "probation", 1, 3, "Martin Vane", date(1974, 11, 19)),
    DemoCase("skelly", "NM/2026/027", "police", 1, 2, "Owen Skelly", date(1991, 7, 30)),
    DemoCase("brandt", "NM/2026/033", "probation", 3, 2, "Keith Brandt", date(1966, 9, 8)),
)

SOUTH = NewArea(
    "Southmere", TITLE, "01632 961 000", "mappa.unit@southmere.example",
    "Probation Service, Southmere", "Team mailbox with enforced TLS",
)  # fmt: skip
"""The area next door, and its unit."""
SOUTHERNER = DemoPerson(
    "olga", "Olga Petrie", "southern", TITLE, "01632 961 001", frozenset({Role.COORDINATOR}),
    domain="southmere.example",
)  # fmt: skip
SHARED = DemoPerson(
    "farah", "Farah Siddiqi", "prison", "Head of offender management", "01632 960 222", _READER
)
"""Belongs to both areas with one account."""
SOUTHERN_CASE = DemoCase("moss", "SM/2026/009", "southern", 2, 2, "Colin Moss", date(1983, 6, 21))
