"""A reader reads what the corrected version of a paper changed, page by page (rules 27, 30, 57).

Both versions were given to them, in two copies of their own: each is judged and written down as an
opening, each is opened with the reader's own wrap, and only the sheets of that paper are compared.
The page is marked as every rendition is, and nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.documents.changes import Changes, changes
from portal.documents.render import Contents, read_leaf
from portal.documents.stamp import Stamp
from portal.domain.deeds import Deed
from portal.domain.grants import SendingKind
from portal.domain.ids import GrantId, VersionId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.opening.corrected import Corrected, corrected_in
from portal.journeys.opening.held import Held, held
from portal.journeys.opening.marked_copy import (
    ACTION,
    Purpose,
    clear_copy,
    mark,
    note_copy,
    still_open,
)
from portal.journeys.opening.opened import Spoilt
from portal.policy.judge import Refused
from portal.policy.verdict import Why


@dataclass(frozen=True)
class OwnChanges:
    """Two versions of one paper, as this reader holds them. `now` and `was` tell the number that
    is printed on each sheet of the one copy and of the other."""

    grant_id: GrantId
    case_reference: str
    title: str
    in_now: str
    in_was: str
    changes: Changes
    now: Mapping[int, str]
    was: Mapping[int, str]
    mark: Stamp


def read_own_changes(
    house: House, who: Who, grant_id: GrantId, version_id: VersionId
) -> OwnChanges:
    """What this version, which the grant gives, changed since the earlier one that they hold.

    Raises Refused with the reason (not there where they do not hold both), ClockDoubted, Spoilt,
    RoomFull, RefusedPaper or a StorageError.
    """
    with house.reading_room.seat():
        with doing(house, who.actor, ACTION, grant_id) as deed:
            at = held(deed.db, deed.area_id, grant_id, ACTION)
            deed.require(at.facts)
            both = _both(deed.db, at, version_id, deed.now)
            beside = held(deed.db, deed.area_id, both.earlier_grant, ACTION)
            deed.require(beside.facts)
            _require_corrects(house, deed.db, both)
            noted = note_copy(deed, at, Purpose.COMPARE)
            note_copy(deed, beside, Purpose.COMPARE, noted.copy)
            opened_at = deed.now
        with looking(house, who.actor, grant_id) as look:
            now_clear = clear_copy(house, look, who, at)
            was_clear = clear_copy(house, look, who, beside)
        now, was = (read_leaf(clear, 1).contents for clear in (now_clear, was_clear))
        found = changes(
            was_clear,
            now_clear,
            _sheets(was, beside, both.earlier_tab, both.earlier.pages),
            _sheets(now, at, both.tab, both.later.pages),
        )
        del now_clear, was_clear
    with looking(house, who.actor, grant_id) as look:
        still_open(look, at.grant.id, opened_at)
        still_open(look, beside.grant.id, opened_at)
    return OwnChanges(
        grant_id,
        at.case.reference,
        both.title,
        at.sending.reference,
        beside.sending.reference,
        found,
        dict(enumerate(now.labels, 1)),
        dict(enumerate(was.labels, 1)),
        mark(who, at, opened_at, noted.copy),
    )


def _both(db: Connection, at: Held, version_id: VersionId, now: datetime) -> Corrected:
    for each in corrected_in(db, at.grant, now):
        if each.later.id == version_id:
            return each
    raise Refused(ACTION, Why.NOT_THERE)


def _require_corrects(house: House, db: Connection, both: Corrected) -> None:
    """Rows alone do not make one paper the correction of another: the record says so."""
    wanted = {"version": both.later.id, "document": both.later.document_id}
    if proven_line_of(house, db, both.later.area_id, Deed.REPORT_CORRECTED, **wanted) is None:
        raise Spoilt("correction")


def _sheets(contents: Contents, at: Held, tab: int, pages: int) -> tuple[int, int]:
    """The first and the last sheet of this paper in a copy, as the copy itself names them."""
    if at.sending.kind in (SendingKind.PACK, SendingKind.DISCLOSURE):
        wanted = re.compile(f"Tab {tab}:")
        first = next((each.sheet for each in contents.tabs if wanted.match(each.title)), None)
    else:
        first = contents.tabs[-1].sheet if contents.tabs else None
    if first is None or first + pages - 1 > contents.sheets:
        raise Spoilt("contents")
    return first, first + pages - 1
