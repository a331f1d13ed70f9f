"""How values are saved and found that a table's own functions take in company."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.meetings import Attendance
from portal.domain.papers import Header
from portal.records import arrangements, candidates, factors, meetings, originals, papers
from tests.records.values import NOW


def register(db: Connection, entry: Attendance) -> None:
    meetings.save_attendance(db, entry.slot_id, [entry])


def one_code(db: Connection, code: factors.BackupCode) -> None:
    factors.save_backup_codes(db, code.person_id, [code])


def by_reader(db: Connection, h: Header) -> object:
    return papers.header_for(db, h.area_id, h.version_id, h.reader_id)


def of_request(db: Connection, o: originals.Original) -> object:
    return originals.load(db, o.area_id, o.request_id)


def of_uploader(db: Connection, c: candidates.Candidate) -> object:
    return candidates.load(db, c.area_id, c.request_id, c.person_id)


def arranged(db: Connection, item: arrangements.PackItem) -> None:
    arrangements.save_times(db, arrangements.PackTimes(item.area_id, item.slot_id, NOW, NOW))
    arrangements.arrange(db, item.area_id, item.slot_id, [item.version_id], {},
                     {item.version_id: item.others} if item.others else {})  # fmt: skip


def chosen(db: Connection, given: arrangements.ChosenFor) -> None:
    who = {given.person_id: frozenset({given.version_id})}
    arrangements.arrange(db, given.area_id, given.slot_id, [], who, {})
