"""The practice paper a person opens first, to see that everything works."""

from __future__ import annotations

from portal.documents.bind import Bound, Front, Paper, bind
from portal.documents.typeset import typeset


def practice_paper(area: str) -> Bound:
    """A pack of one invented page, bound like a real one. `area` is the area's name."""
    body = typeset("practice", {"area": area})
    front = Front(
        title="Practice paper",
        reference="PRACTICE",
        meeting_line=area,
        confidentiality_lines=("Nothing in this paper is real. Real papers look like this.",),
        marking="PRACTICE",
    )
    return bind(front, [Paper(1, "How to read a pack", area, body, 1)])
