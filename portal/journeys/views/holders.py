"""The page of who holds a restricted case, and what is still to do about its key."""

from __future__ import annotations

from dataclasses import dataclass

from portal.crypto.fingerprint import fingerprint
from portal.domain.cases import Case
from portal.domain.facts import InArea
from portal.domain.ids import CaseId, PersonId
from portal.domain.people import Person
from portal.domain.restricted import Concern
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.keys.rewrap_unit import left_to_rewrap
from portal.journeys.restricted.about import about
from portal.journeys.restricted.change_holders import restricted_case, state_of
from portal.journeys.restricted.holders import may_hold
from portal.policy.actions import Action
from portal.records import keys, restrictions


@dataclass(frozen=True)
class HoldersPage:
    """`holders`: by name, of everybody in `able`, who may; `waiting`: of them, whose keys are new,
    so that they wait to be given the case's; `digest` is of this state; `left` papers and texts are
    sealed to a former key; `kit_is_newest`: the recovery kit that could open it is the area's."""

    case: Case
    concern: Concern
    able: tuple[Person, ...]
    holders: frozenset[PersonId]
    waiting: frozenset[PersonId]
    digest: str
    left: int
    kit_is_newest: bool


def holders_page(house: House, who: Who, case_id: CaseId) -> HoldersPage:
    """Raises Refused, also for a case that is not restricted."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=case_id) as look:
        look.require(Action.DECIDE_HOLDERS_CHANGE, about(look, case_id))
        case, row = restricted_case(look.db, area_id, case_id)
        holders = restrictions.holders_in(look.db, area_id)[case_id]
        unit = keys.unit_key_of(look.db, area_id)
        return HoldersPage(
            case=case,
            concern=row.concern,
            able=may_hold(look.db, area_id),
            holders=holders,
            waiting=frozenset(
                person_id
                for person_id in holders
                if (held := restrictions.holder_of(look.db, area_id, case_id, person_id)) is None
                or not held.sealed
            ),
            digest=state_of(look.db, area_id, case_id),
            left=left_to_rewrap(look.db, area_id, row.fingerprint, case_id),
            kit_is_newest=unit is not None and fingerprint(unit.kit, b"") == row.kit,
        )


def to_hold(house: House, who: Who) -> tuple[Person, ...]:
    """Who may hold a case that is to be opened as restricted. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.DECIDE_CASE_RESTRICT, InArea(who.actor.area_id))
        return may_hold(look.db, who.actor.area_id)


def may_restrict(house: House, who: Who) -> bool:
    """Whether this person may open a case as restricted."""
    with looking(house, who.actor) as look:
        return look.may(Action.DECIDE_CASE_RESTRICT, InArea(who.actor.area_id))
