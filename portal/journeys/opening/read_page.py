"""A reader reads one page in the browser: its words and where it stands in the paper, or its
picture, which is drawn of their own stamped copy (MAPPA rules 27 to 34)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents.render import Leaf, Picture, draw, read_leaf
from portal.documents.stamp import Stamp, stamp
from portal.domain.grants import SendingKind
from portal.domain.ids import GrantId
from portal.journeys.house import House, Who
from portal.journeys.opening.pages_shown import show
from portal.records.readings import Shown


@dataclass(frozen=True)
class PageToRead:
    """One page of a paper, and the mark that must stand beside its words."""

    grant_id: GrantId
    kind: SendingKind
    case_reference: str
    leaf: Leaf
    mark: Stamp


def read_page(
    house: House, who: Who, grant_id: GrantId, sheet: int, *, as_text: bool = False
) -> PageToRead:
    """The page `sheet`, counted from 1 as the pages lie in the file. Raises what `show` raises."""
    shown = Shown.TEXT if as_text else Shown.PAGE
    leaf, place = show(
        house, who, grant_id, sheet, shown, lambda clear, _mark: read_leaf(clear, sheet)
    )
    at = place.at
    return PageToRead(grant_id, at.sending.kind, at.case.reference, leaf, place.mark)


def draw_page(
    house: House, who: Who, grant_id: GrantId, sheet: int, *, small: bool = False
) -> Picture:
    """The picture of the page `sheet`, with the mark on it; a `small` one is noted alike.

    Raises what `show` raises.
    """
    picture, _ = show(
        house,
        who,
        grant_id,
        sheet,
        Shown.PAGE,
        lambda clear, mark: draw(stamp(clear, mark), sheet, small=small),
    )
    return picture
