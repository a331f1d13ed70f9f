"""The one judge. Default is no; every answer has a reason.

`may` is pure: the same actor, facts and time always give the same verdict. Journeys ask it on
facts they read under lock, so no answer is stale by the time of the write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from portal.domain.facts import Facts
from portal.domain.people import UNIT, Account, Actor, Role
from portal.policy.actions import BY_FACTOR, READING, Action
from portal.policy.rulebook import RULES, expected_facts, needed_roles
from portal.policy.verdict import YES, Verdict, Why, no

T = TypeVar("T")

FACTOR_LASTS = timedelta(hours=8)
"""A second factor serves for one session, at most this long (rule 28)."""

UNIT_FACTOR_LASTS = timedelta(hours=12)
"""The unit's people have the portal open all day."""


def factor_lasts(roles: frozenset[Role]) -> timedelta:
    """How long a second factor serves somebody with these roles, used or not."""
    return UNIT_FACTOR_LASTS if roles & UNIT else FACTOR_LASTS


class Refused(Exception):
    """Raised by `require`; `.why` goes into the ledger, the words for it onto the page."""

    def __init__(self, action: Action, why: Why) -> None:
        super().__init__(f"{action.value}: {why.value}")
        self.action = action
        self.why = why


def may(actor: Actor, action: Action, facts: Facts, now: datetime) -> Verdict:
    """Whether `actor` may do `action`, given `facts`, at `now` (aware, UTC).

    Every action needs a live account, the actor's own area, and a second factor given in this
    session; in a session that only reads it must be one of READING, and not one of BY_FACTOR where
    somebody was vouched for; then its rule decides.
    """
    rule = RULES.get(action)
    if rule is None or type(facts) is not expected_facts(action):
        return no(Why.NOT_THERE)
    if facts.area_id != actor.area_id:
        return no(Why.NOT_THERE)
    actor = actor.at(now)
    return _live(actor, action, now) and rule(actor, facts, now)


def at_all(actor: Actor, action: Action, now: datetime) -> Verdict:
    """What can be said before anything is looked at: no to whom the answer is no whatever it is
    about. Somebody who may not hears that of what is there and of what is not, and learns nothing.
    """
    needed, actor = needed_roles(action), actor.at(now)
    if not (verdict := _live(actor, action, now)):
        return verdict
    return YES if needed is None or actor.has(needed) else no(Why.NOT_YOUR_ROLE)


def _live(actor: Actor, action: Action, now: datetime) -> Verdict:
    if actor.account is not Account.ENROLLED:
        return no(Why.ACCOUNT_CLOSED)
    lasts = factor_lasts(actor.roles)
    if actor.factor_at is None or not timedelta(0) <= now - actor.factor_at < lasts:
        return no(Why.SIGN_IN_AGAIN)
    if actor.reads_only and action not in READING:
        return no(Why.READS_ONLY)
    if actor.vouched and action in BY_FACTOR:
        return no(Why.READS_ONLY)
    return YES


def require(actor: Actor, action: Action, facts: Facts, now: datetime) -> None:
    """Return only when allowed; else raise Refused."""
    verdict = may(actor, action, facts, now)
    if not verdict:
        raise Refused(action, verdict.why or Why.NOT_THERE)


def visible(
    actor: Actor, action: Action, things: Iterable[T], facts: Callable[[T], Facts], now: datetime
) -> list[T]:
    """Those of `things` the actor may do `action` to: the filter every list goes through."""
    return [thing for thing in things if may(actor, action, facts(thing), now)]
