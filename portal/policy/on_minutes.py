"""The rules about attendance and minutes: of the unit for its cases, of the chair for their own."""

from __future__ import annotations

from datetime import datetime

from portal.domain.facts import Facts, OfMinutes
from portal.domain.people import DECIDERS, UNIT, Actor, Role
from portal.policy.restricted import holds
from portal.policy.verdict import YES, Verdict, Why, no


def chair_of_slot(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """The chair of this very slot, once minutes are filed (rule 50)."""
    assert isinstance(facts, OfMinutes)
    if actor.person_id not in facts.chairs:
        return no(Why.NOT_THERE)
    return YES if facts.filed else no(Why.NOT_FILED)


def approve_minutes(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Rule 51: by the chair, once."""
    assert isinstance(facts, OfMinutes)
    if not (verdict := chair_of_slot(actor, facts, now)):
        return verdict
    return no(Why.ALREADY_APPROVED) if facts.approved else YES


def file_minutes(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """By the unit, until the chair has approved."""
    assert isinstance(facts, OfMinutes)
    if not (verdict := _of_the_unit(actor, facts, UNIT)):
        return verdict
    return no(Why.ALREADY_APPROVED) if facts.approved else YES


def record_attendance(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """By the unit, until it is locked (rule 42)."""
    assert isinstance(facts, OfMinutes)
    if not (verdict := _of_the_unit(actor, facts, UNIT)):
        return verdict
    return no(Why.ALREADY_LOCKED) if facts.attendance_locked else YES


def lock_attendance(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """By a coordinator, a deputy or the chair of this slot (rule 42), once."""
    assert isinstance(facts, OfMinutes)
    if not (actor.has(DECIDERS) or actor.person_id in facts.chairs):
        # To the chair of another meeting this one does not exist.
        return no(Why.NOT_THERE if Role.CHAIR in actor.roles else Why.NOT_YOUR_ROLE)
    if actor.person_id not in facts.chairs and not holds(actor, facts):
        return no(Why.NOT_THERE)
    return no(Why.ALREADY_LOCKED) if facts.attendance_locked else YES


def send_minutes(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """Only with attendance locked (rule 42) and the chair's approval recorded (rule 51)."""
    assert isinstance(facts, OfMinutes)
    if not (verdict := _of_the_unit(actor, facts, DECIDERS)):
        return verdict
    if not facts.filed:
        return no(Why.NOT_FILED)
    if not facts.attendance_locked:
        return no(Why.NOT_LOCKED)
    return YES if facts.approved else no(Why.NOT_APPROVED)


def _of_the_unit(actor: Actor, facts: OfMinutes, roles: frozenset[Role]) -> Verdict:
    """With one of these roles, and for whom the case is there."""
    if not actor.has(roles):
        return no(Why.NOT_YOUR_ROLE)
    return YES if holds(actor, facts) else no(Why.NOT_THERE)
