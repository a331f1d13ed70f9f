"""Who held the unit's key and holds it no more, since it was last changed: as the ledger tells it.

The lines are believed as they stand, for what follows from them is only that a page says to change
the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import UNIT
from portal.ledger import leaf, search

GIVES = frozenset({Deed.PERSON_INVITED, Deed.ROLES_CHANGED, Deed.DEPUTY_NAMED})
CHANGES = frozenset({Deed.KEY_CONFIRMED, Deed.DEPUTY_ENDED, Deed.PERSON_LEFT, Deed.PERSON_RENEWED})
_ROLES = tuple(f'"{role.value}"'.encode() for role in UNIT)


@dataclass(frozen=True)
class Leaver:
    """Whose hold on the unit's key ended, since when they had it, when it ended, and by which deed:
    they left, lost their role, their time as deputy was over, or they began anew. `position` is its
    line."""

    person_id: PersonId
    since: datetime
    until: datetime
    by: Deed
    position: int


@dataclass
class _Held:
    """What makes somebody a holder: a role of the unit with a confirmed key, or a term."""

    role: bool = False
    confirmed: bool = False
    deputy: bool = False
    since: datetime | None = None

    @property
    def holds(self) -> bool:
        return (self.role and self.confirmed) or self.deputy


def leavers_since(db: Connection, area_id: AreaId, since: int) -> tuple[Leaver, ...]:
    """Those whose hold ended in a line behind position `since`, in the order of the lines."""
    known: dict[str, _Held] = {}
    found = []

    def wanted(told: bytes) -> bool:
        # Most people never belong to the unit: their lines are not even read.
        return any(role in told for role in _ROLES) or b'"deputy.named"' in told or _names(told)

    def _names(told: bytes) -> bool:
        return any(person.encode() in told for person in known)

    deeds = [deed.value for deed in GIVES | CHANGES]
    for entry in search.of_deeds(db, area_id, deeds, wanted):
        told, deed = leaf.decode(entry.leaf), Deed(entry.deed)
        person = str(told["person"])
        if person not in known and deed not in GIVES:
            continue
        held = known.setdefault(person, _Held(confirmed=deed is not Deed.PERSON_INVITED))
        had, began = held.holds, held.since
        _apply(held, deed, told)
        if had and (not held.holds or deed is Deed.PERSON_RENEWED) and entry.position > since:
            found.append(
                Leaver(
                    PersonId(person),
                    began or entry.recorded_at,
                    entry.recorded_at,
                    deed,
                    entry.position,
                )
            )
        held.since = (began if had else entry.recorded_at) if held.holds else None
    return tuple(found)


def _apply(held: _Held, deed: Deed, told: Mapping[str, leaf.Value]) -> None:
    roles = told.get("roles")
    if isinstance(roles, list | tuple):
        held.role = bool(UNIT & set(roles))
    if deed is Deed.KEY_CONFIRMED:
        held.confirmed = True
    elif deed in (Deed.DEPUTY_NAMED, Deed.DEPUTY_ENDED):
        held.deputy = deed is Deed.DEPUTY_NAMED
    elif deed is Deed.PERSON_RENEWED:
        held.confirmed = False
    elif deed is Deed.PERSON_LEFT:
        held.role = held.deputy = False
