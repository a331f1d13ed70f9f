"""Ready? Each person invited to a case at a meeting: whether they could open the pack now.

When somebody last signed in is read from the ledger, which nobody can change, and only as far back
as the first invitation to this case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId, SlotId
from portal.domain.meetings import Answer, Invitation, Slot
from portal.domain.people import Account, Agency, Person
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import scene_of
from portal.journeys.restricted.about import about
from portal.journeys.views.dormant import asleep_in
from portal.journeys.views.people import KeyState, key_states
from portal.ledger import book, leaf, search
from portal.policy.actions import Action
from portal.records import factors_held, meetings, people, uses

MOST_LINES = 20_000
"""Sign-ins looked through: more than an area sees between an invitation and its meeting."""


class Ready(StrEnum):
    """What stands between somebody and the pack; the first that applies."""

    READY = "ready"
    LEFT = "left"
    NEVER = "never"
    ASLEEP = "asleep"
    FACTOR_MISSING = "factor_missing"
    NOT_CONFIRMED = "not_confirmed"
    NOT_SINCE = "not_since"


AGAIN = frozenset({Ready.NEVER, Ready.NOT_SINCE})
"""Where a letter helps: a new joining link, or the invitation once more."""


@dataclass(frozen=True)
class ReadyRow:
    """One person invited, whom to ring and whether a letter helps."""

    person: Person
    agency: Agency
    ready: Ready
    again: bool


@dataclass(frozen=True)
class ReadyList:
    """Those who are not ready first, then by agency and name."""

    slot: Slot
    case: Case
    rows: tuple[ReadyRow, ...]


def ready_list(house: House, who: Who, slot_id: SlotId) -> ReadyList:
    """Fourteen queries, however many are invited, and one more where some of them have their
    account elsewhere. Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_MEETING_READ
    with looking(house, who.actor, subject=slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        invited = {
            each.person_id: each
            for each in meetings.invitations_to(look.db, area_id, slot_id)
            if each.answer is Answer.INVITED
        }
        known = people.of_area(look.db, area_id)
        asked = {key: known[key] for key in invited}
        agencies = people.agencies_of(look.db, area_id)
        keys = key_states(look, area_id, asked)
        seen = _seen(look.db, area_id, min((i.invited_at for i in invited.values()), default=None))
        asleep = asleep_in(look.db, area_id, look.now)
        accounts = {PersonId(person.account_id) for person in asked.values()}
        held = factors_held.among(look.db, area_id, accounts | asked.keys())
        with_factor = {
            key
            for key, person in asked.items()
            if key in held or PersonId(person.account_id) in held
        }
        if guests := {key for key, person in asked.items() if not person.at_home}:
            # They sign in where their account is kept, and did so with a factor to come here.
            with_factor |= guests
            used = uses.of_area(look.db, area_id)
            seen |= {key: used[key].used_at for key in guests & used.keys()}
    rows = []
    for key, person in asked.items():
        state = (
            Ready.ASLEEP
            if key in asleep
            else _ready(person, keys[key], key in with_factor, invited[key], seen.get(key))
        )
        rows.append(ReadyRow(person, agencies[person.agency_id], state, state in AGAIN))
    rows.sort(key=lambda r: (r.ready is Ready.READY, r.agency.name, r.person.name))
    return ReadyList(scene.slot, scene.case, tuple(rows))


def _ready(
    person: Person, key: KeyState, factor: bool, invited: Invitation, seen: datetime | None
) -> Ready:
    if person.account is Account.LEFT:
        return Ready.LEFT
    if person.account is Account.INVITED:
        return Ready.NEVER
    if not factor:
        return Ready.FACTOR_MISSING
    if key is not KeyState.READY:
        return Ready.NOT_CONFIRMED
    return Ready.READY if seen is not None and seen >= invited.invited_at else Ready.NOT_SINCE


def _seen(db: Connection, area_id: AreaId, since: datetime | None) -> dict[PersonId, datetime]:
    """When each person last signed in, at or after `since`."""
    found: dict[PersonId, datetime] = {}
    if since is None:
        return found
    size = book.head(db, area_id).size
    for entry in search.newest_first(
        db, area_id, below=size, most=MOST_LINES, deed=Deed.SESSION_OPENED.value, since=since
    ):
        found.setdefault(PersonId(str(leaf.decode(entry.leaf)["person"])), entry.recorded_at)
    return found
