"""Rules of what a second person confirms: never whoever asked, within a time, once."""

from __future__ import annotations

from datetime import datetime

from portal.domain.facts import Facts, OfProofing, OfTrace
from portal.domain.people import DECIDERS, RECORD_READERS, Actor
from portal.policy.verdict import YES, Verdict, Why, no


def confirm_trace(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """By a second person who reads the record, never by whoever asked; within the hour, once."""
    assert isinstance(facts, OfTrace)
    if not actor.has(RECORD_READERS):
        return no(Why.NOT_YOUR_ROLE)
    if actor.person_id == facts.asked_by:
        return no(Why.NOT_ONESELF)
    if facts.answered:
        return no(Why.ALREADY_DECIDED)
    return YES if now < facts.confirm_before else no(Why.CONFIRM_OVER)


def renew_person(actor: Actor, facts: Facts, now: datetime) -> Verdict:
    """By a second coordinator or deputy: neither who made sure of the person, nor the person;
    within the day, once."""
    assert isinstance(facts, OfProofing)
    if not actor.has(DECIDERS):
        return no(Why.NOT_YOUR_ROLE)
    if actor.person_id in (facts.proofed_by, facts.person_id):
        return no(Why.NOT_ONESELF)
    if facts.renewed:
        return no(Why.ALREADY_DECIDED)
    return YES if now < facts.approve_before else no(Why.CONFIRM_OVER)
