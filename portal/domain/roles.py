"""Which roles one person may hold together, and why somebody's roles change (rule 14)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from portal.domain.people import UNIT, Role

ALONE = frozenset({Role.LAY_ADVISER, Role.OPERATOR})
"""Whoever holds one of these holds no other."""

NO_DEPUTY = frozenset({Role.COORDINATOR, Role.DEPUTY, Role.AUDITOR, *ALONE})
"""Nobody with one of these is named to act as deputy for a time."""

LONGEST_TERM = timedelta(days=92)
"""For how long somebody may be named to act as deputy at once: a quarter. Then it is said anew."""


class RoleReason(StrEnum):
    """Why somebody's roles change."""

    POST = "post"
    DUTIES = "duties"
    MISTAKE = "mistake"
    ENDED = "ended"


class DeputyReason(StrEnum):
    """Why somebody acts as deputy for a time. None of them says anything of anybody's health."""

    AWAY = "away"
    VACANT = "vacant"
    OWN_REQUEST = "own_request"
    WORK = "work"


def clash(roles: frozenset[Role]) -> str:
    """Why nobody may hold just these together, in words; empty where one may."""
    if not roles:
        return "Choose what this person does."
    if roles & ALONE and len(roles) > 1:
        return "Lay advisers and operators have no other part (rule 14)."
    if Role.AUDITOR in roles and roles & UNIT:
        return "An auditor reads what the unit does, and is no part of it (rule 14)."
    if {Role.COORDINATOR, Role.DEPUTY} <= roles:
        return "A co-ordinator cannot be their own deputy (rule 14)."
    return ""
