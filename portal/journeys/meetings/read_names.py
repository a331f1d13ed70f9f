"""Show the unit's lists with names: opened once a session with one line, then for each page.

The names are never kept in the clear between requests; a list opens the sealed index each time.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import CaseId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.meetings.names import names_in
from portal.journeys.restricted.names import names_held
from portal.policy.actions import Action
from portal.records import sessions


class _Noted(Exception):
    """Another request of this session left the line first."""


def read_names(house: House, who: Who) -> dict[CaseId, str]:
    """Every case that is there for them -> the individual's name.

    Raises Refused, KeyAlarm or Spoilt.

    Without a session's row to remember it by, every call leaves its line.
    """
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_NAMES_READ, InArea(who.actor.area_id))
        found = names_in(house, look.db, who.actor.area_id, open_unit_of(house, look.db, who))
        # Counted without those of restricted cases: the record must not tell that there are any.
        count = len(found)
        found |= names_held(house, look, who)
        session = sessions.load(look.db, who.session_id)
    # The row remembers it of the area that keeps the account; another's record says it each time.
    remembered = session is not None and session.area_id == who.actor.area_id
    if session is None or not remembered or not session.names_read:
        _note(house, who, count, remembered=remembered)
    return found


def _note(house: House, who: Who, count: int, *, remembered: bool) -> None:
    try:
        with doing(house, who.actor, Action.UNIT_NAMES_READ) as deed:
            deed.require(InArea(who.actor.area_id))
            if remembered and not sessions.note_names_read(deed.db, who.session_id):
                raise _Noted
            deed.note(line(Deed.NAMES_READ, cases=count))
    except _Noted:
        return
