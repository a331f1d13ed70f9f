"""Whoever handed a report in reads it again, while its window is open.

Only the own agency's, and only the person it was sealed to; to anybody else it does not exist.
The line comes first; the copy carries the reader's name, agency and time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.chance import new_copy_reference
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.opening.opened import names, open_version, read_manifest
from portal.journeys.reports.asked import asked
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers

ACTION = Action.AGENCY_REPORT_READ


@dataclass(frozen=True)
class OwnReport:
    """The stamped copy, in the clear, and what to call it. For this one answer only."""

    pdf_clear: bytes = field(repr=False)
    filename: str


def read_own_report(house: House, who: Who, request_id: RequestId) -> OwnReport:
    """Raises Refused, Spoilt, RoomFull or a StorageError."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    with house.reading_room.seat():
        with doing(house, who.actor, ACTION, request_id) as deed:
            at = asked(deed.db, area_id, request_id, ACTION)
            deed.require(at.facts)
            found = at.request.document_id
            version = None if found is None else papers.latest_version(deed.db, area_id, found)
            header = (
                None
                if version is None
                else papers.header_for(deed.db, area_id, version.id, person_id)
            )
            if version is None or header is None:
                raise Refused(ACTION, Why.NOT_THERE)
            reference = new_copy_reference()
            deed.note(line(Deed.REPORT_READ, version=version.id, copy=reference))
            opened_at = deed.now
        with looking(house, who.actor, request_id) as look:
            rows = papers.manifests_of(look.db, area_id, version.id)
            for row in reversed(rows):
                manifest = read_manifest(house, look.db, row, version)
                if names(house, look.db, manifest, person_id, header.fingerprint):
                    break
            else:
                raise Refused(ACTION, Why.NOT_THERE)
            clear = open_version(
                house, look.db, version, row, person_id, header.fingerprint, who.identities()
            )
        mark = Stamp(
            name=who.actor.name,
            agency=who.actor.agency,
            copy_line=f"Own report, {at.case.reference}",
            time_line=f"Opened {in_words(opened_at)}",
            reference=reference,
        )
        copy = stamp(clear, mark)
    with looking(house, who.actor, request_id) as look:
        look.require(ACTION, asked(look.db, area_id, request_id, ACTION).facts)
    return OwnReport(copy, f"{at.case.reference} own report.pdf")
