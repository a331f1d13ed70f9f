"""Which case is behind something: behind a slot, a paper, a sending, a copy, a request."""

from __future__ import annotations

from sqlalchemy import Connection, Select, select, union_all

from portal.domain.ids import AreaId, CaseId
from portal.records.cases import cases
from portal.records.disclosures import disclosures
from portal.records.meetings import slots
from portal.records.papers import documents, report_requests, versions
from portal.records.sendings import grants, sendings


def case_behind(db: Connection, area_id: AreaId, subject: str) -> CaseId | None:
    """The case that `subject` (any such identifier, or the case's own) belongs to; None where it
    is another area's, or not there. One query, of primary keys."""
    found = db.execute(union_all(*_ways(area_id, subject))).scalars().first()
    return None if found is None else CaseId(str(found))


def _ways(area_id: AreaId, subject: str) -> list[Select[tuple[str]]]:
    of_slot = slots.c.case_id
    return [
        select(cases.c.id).where(cases.c.area_id == area_id, cases.c.id == subject),
        select(of_slot).where(slots.c.area_id == area_id, slots.c.id == subject),
        select(documents.c.case_id).where(
            documents.c.area_id == area_id, documents.c.id == subject
        ),
        select(documents.c.case_id)
        .join(versions, versions.c.document_id == documents.c.id)
        .where(versions.c.area_id == area_id, versions.c.id == subject),
        select(sendings.c.case_id).where(sendings.c.area_id == area_id, sendings.c.id == subject),
        select(sendings.c.case_id)
        .join(grants, grants.c.sending_id == sendings.c.id)
        .where(grants.c.area_id == area_id, grants.c.id == subject),
        select(of_slot)
        .join(report_requests, report_requests.c.slot_id == slots.c.id)
        .where(report_requests.c.area_id == area_id, report_requests.c.id == subject),
        select(of_slot)
        .join(disclosures, disclosures.c.slot_id == slots.c.id)
        .where(disclosures.c.area_id == area_id, disclosures.c.id == subject),
    ]
