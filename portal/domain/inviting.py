"""Who may be invited to a case, in what capacity, and what a coordinator is warned of.

Victims, and the individual, never have accounts, and third parties have no standing to be given:
so neither can be on the list from which people are chosen (rules 3 and 6). A victim liaison
officer may be invited.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.domain.meetings import Capacity
from portal.domain.people import CUSTODY, Account, Agency, Person, Role, Service, Standing


class Bar(StrEnum):
    """Why somebody can't be invited so."""

    LEFT = "left"
    WATCHER = "watcher"
    OBSERVER_ONLY = "observer_only"
    NOT_A_CHAIR = "not_a_chair"
    NO_SECURE_WAY = "no_secure_way"


BAR_WORDS = {
    Bar.LEFT: "This person has left their agency.",
    Bar.WATCHER: "Auditors and operators look after the portal, and are not invited to cases.",
    Bar.OBSERVER_ONLY: "A lay adviser can be invited as an observer only (rule 15).",
    Bar.NOT_A_CHAIR: "Only somebody with the chair's role can be invited as the chair (rule 14).",
    Bar.NO_SECURE_WAY: (
        "This person's agency has no recorded secure way of receiving, or no single point of "
        "contact. Record both before anybody of it is invited (rule 13)."
    ),
}

ASSOCIATE_WARNING = (
    "{agency} has no recorded secure way of receiving, or no single point of contact. Speak to the "
    "person by telephone before you send them anything (rule 13)."
)
CHILD_WARNING = "This is about a child. Invite youth justice before you send a pack (rule 8)."
LOOKED_AFTER_WARNING = (
    "If the child is looked after, tell the independent reviewing officer and record when (rule 9)."
)


def bar(agency: Agency, person: Person, capacity: Capacity) -> Bar | None:
    """Why this person can't be invited in this capacity; None when they can."""
    if person.account is Account.LEFT:
        return Bar.LEFT
    if not person.roles - {Role.AUDITOR, Role.OPERATOR}:
        return Bar.WATCHER
    if Role.LAY_ADVISER in person.roles and capacity is not Capacity.OBSERVER:
        return Bar.OBSERVER_ONLY
    if capacity is Capacity.CHAIR and Role.CHAIR not in person.roles:
        return Bar.NOT_A_CHAIR
    return None if agency.may_be_invited else Bar.NO_SECURE_WAY


def raises_f(agency: Agency) -> bool:
    """Rule 11: an invitation to custody asks it for a MAPPA F."""
    return agency.service in CUSTODY


def warnings(is_child: bool, invited: Iterable[Agency]) -> tuple[str, ...]:
    """What the coordinator of this case is warned of, given whose people are invited."""
    agencies = list(invited)
    found = []
    if is_child:
        if all(agency.service is not Service.YOUTH_JUSTICE for agency in agencies):
            found.append(CHILD_WARNING)
        found.append(LOOKED_AFTER_WARNING)
    found += [
        ASSOCIATE_WARNING.format(agency=agency.name)
        for agency in sorted(agencies, key=lambda agency: agency.name)
        if agency.standing is Standing.ASSOCIATE and not (agency.secure_way and agency.spoc)
    ]
    return tuple(found)
