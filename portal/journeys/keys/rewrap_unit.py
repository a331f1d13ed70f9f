"""After the unit's key was changed, or that of a restricted case: what is sealed to the former one
is sealed to the new one.

A slice at a time, each a deed of its own under the area's lock, so that people go on working in
between. Each wrap says for which key it is, so there is nothing to lose in a crash, any
co-ordinator can go on, and two at once do no harm. A manifest that names a former key of the unit
counts as the ledger's chain of them says. What does not open with any of the unit's keys is left,
and counted.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import reseal_text
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea, OfCase
from portal.domain.ids import AreaId, CaseId, VersionId
from portal.domain.papers import UNIT_READER
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.rewrap_slice import SLICE, SLICES, NewKey, rewrap_headers
from portal.journeys.keys.unit_of import OpenUnit, open_unit_of, open_unit_of_case, unit_of_case
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import restrictions, rewraps

ACTION = Action.DECIDE_UNIT_KEY_CHANGE


@dataclass(frozen=True)
class Rewrapped:
    """How many were sealed anew in this request, and how many are left. `whole`: all were tried, so
    what is left does not open with any of the unit's keys."""

    done: int
    left: int
    whole: bool


@dataclass(frozen=True)
class _Place:
    """Behind which payload and which text (subject and field) to go on; None: from the beginning.
    `papers` and `texts`: whether there is more of them."""

    case_id: CaseId | None
    version: VersionId | None = None
    text: tuple[str, str] | None = None
    papers: bool = True
    texts: bool = True


class _Nothing(Exception):
    """There was nothing in this slice that could be done, so it leaves no line."""


def left_to_rewrap(db: Connection, area_id: AreaId, now: str, case_id: CaseId | None = None) -> int:
    """How many wraps and texts are sealed to another key of the unit than `now`, as rows say."""
    headers = rewraps.count_headers(db, area_id, UNIT_READER, now, case_id)
    return headers + rewraps.count_texts(db, area_id, now, case_id)


def rewrap_unit(
    house: House,
    who: Who,
    most: int = SLICE,
    slices: int = SLICES,
    *,
    case_id: CaseId | None = None,
) -> Rewrapped:
    """Go on for at most `slices` slices of `most` each, of a restricted case where one is named.

    Raises Refused or KeyAlarm; what was done before stays done.
    """
    done, place = 0, _Place(case_id)
    with looking(house, who.actor, subject=case_id or "") as look:
        look.require(_action(case_id), _facts(look, case_id))
        left = _left(house, look.db, who.actor.area_id, case_id)
    while left and slices and (place.papers or place.texts):
        count, place = _slice(house, who, place, most)
        done, slices = done + count, slices - 1
    with looking(house, who.actor) as look:
        left = _left(house, look.db, who.actor.area_id, case_id)
    return Rewrapped(done, left, not (place.papers or place.texts))


def _action(case_id: CaseId | None) -> Action:
    return ACTION if case_id is None else Action.DECIDE_HOLDERS_CHANGE


def _facts(at: Doing | Looking, case_id: CaseId | None) -> InArea | OfCase:
    return InArea(at.actor.area_id) if case_id is None else about(at, case_id)


def _left(house: House, db: Connection, area_id: AreaId, case_id: CaseId | None) -> int:
    if case_id is None:
        return left_to_rewrap(db, area_id, unit_recipient(house, db, area_id).fingerprint)
    if restrictions.key_of(db, area_id, case_id) is None:
        raise Refused(Action.DECIDE_HOLDERS_CHANGE, Why.NOT_THERE)
    now = unit_of_case(house, db, area_id, case_id).fingerprint
    return left_to_rewrap(db, area_id, now, case_id)


def _opened(house: House, db: Connection, who: Who, case_id: CaseId | None) -> OpenUnit:
    if case_id is None:
        return open_unit_of(house, db, who)
    return open_unit_of_case(house, db, who, case_id)


def _slice(house: House, who: Who, place: _Place, most: int) -> tuple[int, _Place]:
    """One deed; how many, and where to go on."""
    count, after = 0, place
    with (
        contextlib.suppress(_Nothing),
        doing(house, who.actor, _action(place.case_id), subject=place.case_id or "") as deed,
    ):
        deed.require(_facts(deed, place.case_id))
        unit = _opened(house, deed.db, who, place.case_id)
        count, after = (_papers if place.papers else _texts)(deed, unit, place, most)
        if not count:
            raise _Nothing
        now = unit.public.fingerprint
        deed.note(
            line(
                Deed.UNIT_KEY_REWRAPPED,
                case=place.case_id or "",
                unit_fingerprint=now,
                done=count,
                left=left_to_rewrap(deed.db, deed.area_id, now, place.case_id),
            )
        )
    return count, after


def _papers(deed: Doing, unit: OpenUnit, place: _Place, most: int) -> tuple[int, _Place]:
    public = unit.public
    openers = unit.key.openers()
    new = NewKey(UNIT_READER, public.recipient, public.fingerprint, openers, place.case_id)
    done = rewrap_headers(deed, new, place.version, most)
    return done.count, replace(place, version=done.last, papers=done.last is not None)


def _texts(deed: Doing, unit: OpenUnit, place: _Place, most: int) -> tuple[int, _Place]:
    public, openers = unit.public, unit.key.openers()
    found = rewraps.next_texts(
        deed.db, deed.area_id, public.fingerprint, place.text, most, place.case_id
    )
    count = 0
    for text in found:
        try:
            sealed = reseal_text(text.sealed, openers, public.recipient)
        except AgeError:
            continue
        rewraps.change_text(deed.db, text, sealed, public.fingerprint)
        count += 1
    more = len(found) == most
    last = (found[-1].subject, found[-1].field) if more else None
    return count, replace(place, text=last, texts=more)
