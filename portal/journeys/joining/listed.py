"""Looking through a pasted list: the same look for the page that shows it and for the sending.

Nothing is believed from the page before: the sending reads the list again, under the lock.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain import listing
from portal.domain.ids import AgencyId, AreaId
from portal.domain.listing import BARS, Fault, Finding, Row
from portal.domain.people import Account, Role
from portal.identity.email_address import BadAddress, normalise
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.unacceptable import Unacceptable
from portal.records import people


@dataclass(frozen=True)
class Looked:
    """A row and what was found; `new` is there when nothing bars it."""

    row: Row
    findings: tuple[Finding, ...]
    new: NewPerson | None

    @property
    def barred(self) -> bool:
        return any(finding.fault in BARS for finding in self.findings)

    @property
    def foreign(self) -> bool:
        return any(finding.fault is Fault.FOREIGN_DOMAIN for finding in self.findings)


@dataclass(frozen=True)
class Listed:
    """Every row. `digest` (hex SHA-256) is of rows and findings: what the page showed."""

    rows: tuple[Looked, ...]

    @property
    def clean(self) -> bool:
        return bool(self.rows) and not any(row.barred for row in self.rows)

    @property
    def digest(self) -> str:
        body = [
            [vars(each.row), [[f.fault.value, f.instead] for f in each.findings]]
            for each in self.rows
        ]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


@dataclass(frozen=True)
class _Known:
    """What rows are compared with: agencies by name, the domains each uses, roles to give."""

    agencies: dict[str, AgencyId]
    domains: dict[AgencyId, set[str]]
    may_give: frozenset[Role]


def look_through(db: Connection, area_id: AreaId, text: str, may_give: frozenset[Role]) -> Listed:
    """Two queries, and two a row for its address. Raises Unacceptable (`list`)."""
    if len(text) > listing.LONGEST_LIST:
        raise Unacceptable("list", "This list is too long. Invite at most 100 people at once.")
    rows = listing.rows(text)
    if not rows:
        raise Unacceptable("list", "Paste the list: one person a line.")
    if len(rows) > listing.MOST_ROWS:
        raise Unacceptable("list", f"Invite at most {listing.MOST_ROWS} people at once.")
    known = _known(db, area_id, may_give)
    often = Counter(row.email.casefold() for row in rows)
    return Listed(
        tuple(_look(db, area_id, known, row, often[row.email.casefold()] > 1) for row in rows)
    )


def _known(db: Connection, area_id: AreaId, may_give: frozenset[Role]) -> _Known:
    agencies = people.agencies_of(db, area_id).values()
    domains = {agency.id: {listing.domain_of(agency.mailbox)} - {""} for agency in agencies}
    for person in people.of_area(db, area_id).values():
        if person.account is not Account.LEFT:
            domains[person.agency_id].add(listing.domain_of(person.email))
    return _Known({agency.name: agency.id for agency in agencies}, domains, may_give)


def _look(db: Connection, area_id: AreaId, known: _Known, row: Row, twice: bool) -> Looked:
    findings = [] if row.whole else [Finding(Fault.COLUMNS)]
    meant = listing.agency_meant(row.agency, known.agencies)
    if not meant:
        findings.append(Finding(Fault.AGENCY, listing.closest(row.agency, known.agencies)))
    email = _address(row, findings)
    if email:
        findings += _about_address(db, area_id, email, twice)
    if email and meant:
        domain = listing.domain_finding(email, known.domains[known.agencies[meant]])
        findings += [domain] if domain else []
    roles = listing.roles_of(row.roles)
    if not roles or not roles <= known.may_give:
        findings.append(Finding(Fault.ROLES))
    findings += _texts(row)
    if any(finding.fault in BARS for finding in findings):
        return Looked(row, tuple(findings), None)
    new = NewPerson(row.name, email, row.job, row.phone, known.agencies[meant], roles)
    return Looked(row, tuple(findings), new)


def _address(row: Row, findings: list[Finding]) -> str:
    try:
        return normalise(row.email)
    except BadAddress as bad:
        findings.append(Finding(Fault.ADDRESS, bad.words))
        return ""


def _about_address(db: Connection, area_id: AreaId, email: str, twice: bool) -> list[Finding]:
    found = [Finding(Fault.TWICE)] if twice else []
    if people.is_known(db, area_id, email):
        found.append(Finding(Fault.KNOWN))
    if people.is_mailbox(db, area_id, email):
        found.append(Finding(Fault.MAILBOX))
    return found


def _texts(row: Row) -> list[Finding]:
    most = {Fault.NAME: (row.name, 120), Fault.JOB: (row.job, 120), Fault.PHONE: (row.phone, 40)}
    found = [
        Finding(fault)
        for fault, (text, longest) in most.items()
        if not 0 < len(text) <= longest or not text.isprintable()
    ]
    if listing.is_formula(row):
        found.append(Finding(Fault.FORMULA))
    if row.phone and not any(sign.isdigit() for sign in row.phone):
        found.append(Finding(Fault.PHONE))
    meant = listing.phone_meant(row.phone)
    return found if meant is None else [*found, Finding(Fault.PHONE, meant)]
