"""What the identifiers in ledger lines point to, as far as it is still there.

One query a kind, however many lines: a page of the record costs the same on any day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, select

from portal.domain.cases import Case
from portal.domain.disclosures import Disclosure
from portal.domain.grants import Grant, Sending
from portal.domain.ids import AreaId
from portal.domain.meetings import MeetingDay, Slot
from portal.domain.papers import Document, ReportRequest, Version
from portal.domain.people import Agency, Person
from portal.records.cases import cases
from portal.records.disclosures import disclosures
from portal.records.meetings import meeting_days, slots
from portal.records.papers import documents, report_requests, versions
from portal.records.people import agencies, people
from portal.records.schema import every
from portal.records.sendings import grants, sendings

V = TypeVar("V")


@dataclass(frozen=True)
class Pointed:
    """By identifier. What is missing here has been erased, or was never of this area."""

    people: Mapping[str, Person]
    agencies: Mapping[str, Agency]
    cases: Mapping[str, Case]
    slots: Mapping[str, Slot]
    days: Mapping[str, MeetingDay]
    sendings: Mapping[str, Sending]
    grants: Mapping[str, Grant]
    requests: Mapping[str, ReportRequest]
    disclosures: Mapping[str, Disclosure]
    versions: Mapping[str, Version]
    documents: Mapping[str, Document]


def to(db: Connection, area_id: AreaId, ids: Collection[str]) -> Pointed:
    """Everything of this area that one of `ids` names, and what that in turn belongs to."""

    def found(table: Table, kind: type[V], *more: str) -> dict[str, V]:
        wanted = sorted({*ids, *(one for one in more if one)})
        rows = every(db, table, kind, table.c.area_id == area_id, table.c.id.in_(wanted))
        return dict(zip(_names(rows), rows, strict=True))

    granted = found(grants, Grant)
    asked = found(report_requests, ReportRequest)
    wished = found(disclosures, Disclosure)
    sent = found(sendings, Sending, *(each.sending_id for each in granted.values()))
    version = found(versions, Version, *(each.version_id for each in wished.values()))
    paper = found(documents, Document, *(each.document_id for each in version.values()))
    slot = found(
        slots,
        Slot,
        *(each.slot_id for each in sent.values()),
        *(each.slot_id for each in asked.values()),
        *(each.slot_id for each in wished.values()),
        *(each.slot_id or "" for each in paper.values()),
    )
    person = found(
        people,
        Person,
        *(each.person_id for each in granted.values()),
        *(each.receiver_id for each in wished.values()),
    )
    return Pointed(
        people=person,
        agencies=found(
            agencies,
            Agency,
            *(each.agency_id for each in person.values()),
            *(each.agency_id for each in asked.values()),
            *(each.owner_agency_id for each in paper.values()),
        ),
        cases=found(
            cases,
            Case,
            *(each.case_id for each in slot.values()),
            *(each.case_id for each in paper.values()),
        ),
        slots=slot,
        days=found(meeting_days, MeetingDay),
        sendings=sent,
        grants=granted,
        requests=asked,
        disclosures=wished,
        versions=version,
        documents=paper,
    )


def _names(rows: Iterable[Any]) -> list[str]:
    return [row.id for row in rows]


def of_case(db: Connection, area_id: AreaId, case_id: str) -> set[str]:
    """Every identifier that belongs to this case: its meetings, papers, sendings and requests."""
    heard = _ids(db, area_id, slots.c.case_id, {case_id})
    papers = _ids(db, area_id, documents.c.case_id, {case_id})
    return {case_id} | heard | _below(db, area_id, heard, papers)


def of_slot(db: Connection, area_id: AreaId, slot_id: str) -> set[str]:
    """Every identifier that belongs to this meeting of a case."""
    papers = _ids(db, area_id, documents.c.slot_id, {slot_id})
    return {slot_id} | _below(db, area_id, {slot_id}, papers)


def _below(db: Connection, area_id: AreaId, heard: set[str], papers: set[str]) -> set[str]:
    sent = _ids(db, area_id, sendings.c.slot_id, heard)
    return (
        sent
        | papers
        | _ids(db, area_id, versions.c.document_id, papers)
        | _ids(db, area_id, grants.c.sending_id, sent)
        | _ids(db, area_id, report_requests.c.slot_id, heard)
        | _ids(db, area_id, disclosures.c.slot_id, heard)
    )


def _ids(db: Connection, area_id: AreaId, column: Column[Any], within: Collection[str]) -> set[str]:
    """The ids of the rows whose `column` holds one of `within`."""
    table = column.table
    query = select(table.c.id).where(table.c.area_id == area_id, column.in_(sorted(within)))
    return set(db.execute(query).scalars())
