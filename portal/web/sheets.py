"""The page on which somebody looks at one page of the file that they chose."""

from __future__ import annotations

from collections.abc import Mapping

from portal.journeys.views.agency_request import Waiting
from portal.web.door import page
from portal.web.errors import for_status

Answer = str | tuple[str, int]


def sheet_page(
    door: str, kept: Mapping[str, str], waiting: Waiting, sheet: int, reference: str, back: str
) -> Answer:
    """Page `sheet` of the file, from 1; 404 where it has none such. `door` has the endpoints `see`
    and `sheet_image`, and `kept` is what their addresses hold besides the page."""
    if not 1 <= sheet <= waiting.pages:
        return for_status(404)
    return page(
        "agency/sheet.html",
        marking=True,
        reference=reference,
        back=back,
        door=door,
        kept=kept,
        sheet=sheet,
        pages=waiting.pages,
        recognised=sheet in waiting.recognised,
    )
