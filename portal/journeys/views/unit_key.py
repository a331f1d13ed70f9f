"""The page of the unit's key: which it is, since when, what a former one still opens, who left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.crypto import fingerprint
from portal.domain.deeds import Deed
from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.keys.leavers import Leaver, leavers_since
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.rewrap_unit import left_to_rewrap
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.ledger import book
from portal.policy.actions import Action
from portal.records import keys, people

ACTION = Action.DECIDE_UNIT_KEY_CHANGE


@dataclass(frozen=True)
class UnitKeyPage:
    """`digest` is the key's fingerprint, `words` its words; `changed_at` and `changed_by` are of
    the line that gave it; `left` papers and texts are sealed to a former one."""

    digest: str
    words: tuple[str, ...]
    changed_at: datetime
    changed_by: str
    is_first: bool
    left: int
    leavers: tuple[Leaver, ...]
    people: Mapping[PersonId, Person]


@dataclass(frozen=True)
class UnitKeyWork:
    """For the board: how many held the unit's key and left since it was last changed; how much is
    still sealed to a former one; whether whoever looks may deal with it."""

    leavers: int
    left: int
    may_change: bool


def unit_key_work(house: House, who: Who) -> UnitKeyWork:
    """As rows and lines say it, unproven: the page of the key proves it. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_BOARD_READ, InArea(area_id))
        row = keys.unit_key_of(look.db, area_id)
        changed = book.newest_of(look.db, area_id, Deed.UNIT_KEY_CHANGED.value)
        since = 0 if changed is None else changed.position
        return UnitKeyWork(
            len(leavers_since(look.db, area_id, since)),
            0 if row is None else left_to_rewrap(look.db, area_id, row.fingerprint),
            look.may(ACTION, InArea(area_id)),
        )


def unit_key_page(house: House, who: Who) -> UnitKeyPage:
    """Raises Refused, or KeyAlarm."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(area_id))
        unit = unit_recipient(house, look.db, area_id)
        told = proven_line(house, look.db, area_id, unit.since) or {}
        known = people.of_area(look.db, area_id)
        by = known.get(PersonId(str(told.get("actor"))))
        return UnitKeyPage(
            digest=unit.fingerprint,
            words=fingerprint.words(unit.fingerprint),
            changed_at=datetime.fromisoformat(str(told["at"])),
            changed_by="" if by is None else by.name,
            is_first=not unit.former,
            left=left_to_rewrap(look.db, area_id, unit.fingerprint),
            leavers=leavers_since(look.db, area_id, unit.since),
            people=known,
        )
