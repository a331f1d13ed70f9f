"""In which of somebody's own areas the things are that an address names.

Of things in other areas it says nothing, as of things that are nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Table, select, union

from portal.domain.ids import AreaId
from portal.records.cases import cases
from portal.records.disclosures import disclosures
from portal.records.meetings import meeting_days, slots
from portal.records.panels import panels
from portal.records.papers import report_requests, versions
from portal.records.people import agencies, people
from portal.records.sendings import grants, sendings

TABLES: Mapping[str, tuple[Table, ...]] = {
    "agency_id": (agencies,),
    "case_id": (cases,),
    "day_id": (meeting_days,),
    "grant_id": (grants,),
    "panel_id": (panels,),
    "person_id": (people,),
    "request_id": (report_requests, disclosures),
    "sending_id": (sendings,),
    "slot_id": (slots,),
    "version_id": (versions,),
}
"""What each part of an address may name."""


def areas_of(
    db: Connection, named: Mapping[str, object], among: Collection[AreaId]
) -> frozenset[AreaId]:
    """The areas, of those in `among`, in which something is that these parts name."""
    asked = [
        select(table.c.area_id).where(table.c.id == str(value), table.c.area_id.in_(sorted(among)))
        for name, value in named.items()
        for table in TABLES.get(name, ())
    ]
    if not asked:
        return frozenset()
    return frozenset(AreaId(found) for found in db.execute(union(*asked)).scalars())
