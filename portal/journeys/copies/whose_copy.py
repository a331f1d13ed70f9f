"""Whose a copy is: the record is the register of copies.

The line of each opening names the reference that stands on every page of that copy. Nothing of a
paper's content is read for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import DisclosureId, GrantId, PersonId, SlotId, VersionId
from portal.domain.people import Area
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.ledger.book import Entry
from portal.records import cases, disclosures, meetings, papers, people, restrictions, sendings

MADE = (
    Deed.PAPER_OPENED,
    Deed.MINUTES_READ,
    Deed.MINUTES_COMPARED,
    Deed.PACK_PREVIEWED,
    Deed.REPORT_READ,
    Deed.VERSIONS_COMPARED,
    Deed.SUMMARY_READ,
    Deed.EXTRACT_BEGUN,
    Deed.DISCLOSURE_READ,
)
"""The deeds of which each makes a copy."""
RESTRICTED = "a restricted case"
"""What a copy is of, where whoever asks need not be one of those who may know more."""

_COPY = re.compile(rb'"copy":"([0-9A-Z-]{14})"')


@dataclass(frozen=True)
class Traced:
    """One copy: whose, of what, when (UTC); the line (from 0) that says so, and whether a
    checkpoint signed by the ledger's key covers it."""

    reference: str
    area: str
    name: str
    agency: str
    of: str
    deed: Deed
    opened_at: datetime
    position: int
    proven: bool


def copies_of(
    house: House, db: Connection, area: Area, references: Collection[str]
) -> list[Traced]:
    """The copies of this area that have one of these references, oldest first."""
    wanted = frozenset(references)

    def is_wanted(text: bytes) -> bool:
        named = _COPY.search(text)
        return named is not None and named[1].decode("ascii") in wanted

    # Gathered first: reading on while other questions are asked is not safe on every database.
    entries = list(search.of_deeds(db, area.id, [deed.value for deed in MADE], is_wanted))
    return list(_told(house, db, area, entries))


def _told(house: House, db: Connection, area: Area, entries: list[Entry]) -> Iterator[Traced]:
    for entry in entries:
        told = leaf.decode(entry.leaf)
        person = people.load(db, area.id, PersonId(str(told["actor"])))
        agency = None if person is None else people.load_agency(db, area.id, person.agency_id)
        yield Traced(
            reference=str(told["copy"]),
            area=area.name,
            name="somebody whose account was erased" if person is None else person.name,
            agency="" if agency is None else agency.name,
            of=_of(db, area, told),
            deed=Deed(entry.deed),
            opened_at=entry.recorded_at,
            position=entry.position,
            proven=proven_line(house, db, area.id, entry.position) == told,
        )


def _of(db: Connection, area: Area, told: Mapping[str, leaf.Value]) -> str:
    """The copy's number and the sending's reference, or the case's; empty where they are gone."""
    if "grant" in told:
        grant = sendings.load_grant(db, area.id, GrantId(str(told["grant"])))
        sending = None if grant is None else sendings.load_sending(db, area.id, grant.sending_id)
        if grant is None or sending is None:
            return ""
        if restrictions.key_of(db, area.id, sending.case_id) is not None:
            return RESTRICTED
        return f"copy {grant.copy_number} of {grant.copies} of {sending.reference}"
    case_id = None
    if "slot" in told:
        slot = meetings.load_slot(db, area.id, SlotId(str(told["slot"])))
        case_id = None if slot is None else slot.case_id
    else:
        version_id = VersionId(str(told.get("version", "")))
        if "request" in told:
            wish = disclosures.load(db, area.id, DisclosureId(str(told["request"])))
            version_id = version_id if wish is None else wish.version_id
        version = papers.load_version(db, area.id, version_id)
        paper = None if version is None else papers.load_document(db, area.id, version.document_id)
        case_id = None if paper is None else paper.case_id
    case = None if case_id is None else cases.load(db, area.id, case_id)
    if case is not None and restrictions.key_of(db, area.id, case.id) is not None:
        return RESTRICTED
    return "" if case is None else case.reference
