"""A reader looks for words in a paper they are reading: the pages, and what stands around them.

What is looked for is kept nowhere. Each page of which a line is shown is noted as read in part.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents.render import Found, find_words
from portal.documents.stamp import Stamp
from portal.domain.ids import GrantId
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.opening.pages_shown import note_pages, place_of, with_clear
from portal.records.readings import Shown


@dataclass(frozen=True)
class FoundInPaper:
    """What was found, None where nothing was looked for, and the mark that must stand beside it."""

    grant_id: GrantId
    case_reference: str
    found: Found | None
    mark: Stamp


def find_in_paper(house: House, who: Who, grant_id: GrantId, wanted: str) -> FoundInPaper:
    """Raises NotReading, Refused with the reason, ClockDoubted, Spoilt, RoomFull, RefusedPaper or
    a StorageError."""
    with looking(house, who.actor, grant_id) as look:
        place = place_of(look, who, grant_id)
    found: Found | None = None
    if wanted.strip():
        found = with_clear(
            house, who, grant_id, place, lambda clear, _mark: find_words(clear, wanted)
        )
        sheets = {hit.sheet for hit in found.hits}
        if sheets:
            note_pages(house, place.reading, sheets, Shown.FOUND, look.now)
    return FoundInPaper(grant_id, place.at.case.reference, found, place.mark)
