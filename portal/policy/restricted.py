"""Restricted cases: the one predicate that says for whom they are there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.domain.facts import Facts, OfCase, OfDisclosure, OfMinutes
from portal.domain.people import Actor
from portal.policy.verdict import Verdict, Why, no

Rule = Callable[[Actor, Facts, datetime], Verdict]


def holds(actor: Actor, facts: OfCase | OfMinutes | OfDisclosure) -> bool:
    """Whether the case behind these facts is there for this member of the unit: it is not
    restricted, or they are one of its holders."""
    return facts.holders is None or actor.person_id in facts.holders


def of_case(rule: Rule) -> Rule:
    """The rule, about a case: to whoever does not hold a restricted one it is not there, which is
    also what they hear of a case that is not. A role that would not do for any case is told so."""

    def judged(actor: Actor, facts: Facts, now: datetime) -> Verdict:
        assert isinstance(facts, OfCase)
        verdict = rule(actor, facts, now)
        return no(Why.NOT_THERE) if verdict and not holds(actor, facts) else verdict

    return judged
