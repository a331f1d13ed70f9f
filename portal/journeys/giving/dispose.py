"""What was sent is disposed of when every access to it has ended, and some time has passed.

The sealed bytes and the last wrap, the unit's own, go; the line says which (rule 78). A legal hold
on the case stops it (rule 79), and so does a clock in doubt, or a record that is behind what was
seen of it: the hold may be in the lines that are missing. The papers that were bound, the minutes
and the decisions stay in the unit's file of the case.
"""

from __future__ import annotations

import contextlib

from portal.domain.deeds import Deed, line
from portal.domain.disposal import RULE, ended_at, is_due
from portal.domain.grants import Sending
from portal.domain.ids import AreaId, VersionId
from portal.domain.people import system
from portal.journeys.deed import Doing, believe, unjudged
from portal.journeys.house import House
from portal.journeys.meetings.holding import hold_on
from portal.records import database, papers, sendings


def dispose(house: House, area_id: AreaId) -> int:
    """Dispose of everything of the area that is due; returns how many sendings.

    Raises ClockDoubted, RecordBehind or a StorageError; what was disposed of before is gone, with
    its line.
    """
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        wrapped = papers.readers_in(db, area_id)
        due = [
            sending
            for sending in sendings.sendings_in(db, area_id)
            if is_due(
                grants := sendings.grants_of_sending(db, area_id, sending.id), house.clock.now()
            )
            and any(wrapped.get(grant.version_id) for grant in grants)
            and hold_on(house, db, area_id, sending.case_id) is None
        ]
    done = 0
    for sending in due:
        with contextlib.suppress(_NoLongerDue):
            with unjudged(house, system(area_id), Deed.SENDING_DISPOSED) as deed:
                _dispose(deed, sending)
            done += 1
    return done


class _NoLongerDue(Exception):
    """A hold, or more time for one reader, came meanwhile."""


def _dispose(deed: Doing, sending: Sending) -> None:
    area_id = deed.area_id
    believe(deed.house, deed.db, area_id)
    grants = sendings.grants_of_sending(deed.db, area_id, sending.id)
    held = hold_on(deed.house, deed.db, area_id, sending.case_id)
    if held is not None or not is_due(grants, deed.now):
        raise _NoLongerDue
    versions = [
        version
        for version_id in sorted({grant.version_id for grant in grants})
        if (version := papers.load_version(deed.db, area_id, VersionId(version_id))) is not None
    ]
    wraps = sum(
        papers.remove_header(deed.db, area_id, version.id, reader)
        for version in versions
        for reader in papers.readers_of(deed.db, area_id, version.id)
    )
    ended = ended_at(grants)
    deed.note(
        line(
            Deed.SENDING_DISPOSED,
            sending=sending.id,
            versions=[version.id for version in versions],
            payloads=[version.payload_sha256 for version in versions],
            wraps_deleted=wraps,
            ended_at="" if ended is None else ended.isoformat(),
            rule=RULE,
        )
    )
    # Before the commit: a crash here leaves bytes gone and a line to come, which the next turn
    # writes; the other way round the line would say what is not true.
    for version in versions:
        deed.house.store.delete(version.payload_sha256)
