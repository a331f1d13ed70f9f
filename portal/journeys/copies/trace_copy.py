"""Whose copy a file is: an operator's command, for a copy that turned up where it should not be.

Whoever is told leaves a line, in the record of the area the copy came from. Nothing of a paper's
content is read from the portal, and none of the file's is told. In the browser it takes two people
(journeys/copies/ask_trace.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from portal.domain.deeds import Deed, line
from portal.domain.people import system
from portal.journeys.copies.whose_copy import Traced, copies_of
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.records import areas, database


def trace_copy(house: House, references: Iterable[str]) -> list[Traced]:
    """Those of these references that belong to copies of this installation.

    Each one found leaves its line before it is told. A reference that nobody's copy has is not
    told, and leaves none.
    """
    wanted = frozenset(references)
    with database.reading(house.engine) as db:
        found = [
            (area, traced)
            for area in areas.all_areas(db)
            for traced in copies_of(house, db, area, wanted)
        ]
    for area, traced in found:
        with unjudged(house, system(area.id), Deed.COPY_TRACED) as deed:
            deed.note(line(Deed.COPY_TRACED, copy=traced.reference, position=traced.position))
    return [traced for _, traced in found]
