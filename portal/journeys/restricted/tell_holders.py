"""Telling those whom it concerns who holds a restricted case; nobody else, and no mailbox."""

from __future__ import annotations

from collections.abc import Iterable

from portal.domain.cases import Case
from portal.domain.ids import PersonId
from portal.journeys.deed import Doing
from portal.notices.kinds import Kind
from portal.records import areas, people


def tell_holders(deed: Doing, case: Case, concerned: Iterable[PersonId]) -> None:
    """A letter to each of `concerned`, in the deed: those who hold it now, or did until now."""
    area = areas.load(deed.db, deed.area_id)
    known = people.of_area(deed.db, deed.area_id)
    for person_id in sorted(concerned):
        if area is not None and person_id in known:
            deed.tell(
                Kind.HOLDERS_CHANGED,
                known[person_id].email,
                area=area.name,
                reference=case.reference,
                path="/unit/cases/",
                phone=area.phone,
            )
