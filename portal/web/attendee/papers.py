"""The doors of what was sent to a reader: its page, and opening it.

The copy goes out piece by piece, and whether it is still open is asked before each. When it no
longer is, the connection breaks off: the length that was promised is never reached, so no
program takes what came for the whole. There is no resuming, and no part of it by Range.
"""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.domain.grants import Openness, SendingKind
from portal.domain.ids import GrantId
from portal.journeys.opening.open_paper import OpenedPaper, open_paper
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.views.reader_paper import reader_paper
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("papers", __name__, url_prefix="/papers")

TEMPLATES = {
    SendingKind.PACK: "attendee/pack.html",
    SendingKind.ANNEX: "attendee/annex.html",
    SendingKind.ADDENDUM: "attendee/addendum.html",
    SendingKind.MINUTES: "attendee/minutes.html",
    SendingKind.DISCLOSURE: "attendee/disclosed.html",
}

Answer = str | AnyResponse | tuple[str, int]


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.get("/<grant_id>", action=Action.READER_GRANT_SEE)
def show(grant_id: GrantId) -> Answer:
    found = reader_paper(parts().house, me(), grant_id)
    if found.state is Openness.OPEN and not found.accepted:
        here = url_for("papers.show", grant_id=grant_id)
        return redirect(url_for("statement.show", slot_id=found.slot_id, next=here))
    return page(
        TEMPLATES[found.kind],
        marking=True,
        reference=found.case_reference,
        back=url_for("reader.home"),
        found=found,
    )


@door.post("/<grant_id>/open", action=Action.READER_PAPER_OPEN)
def open_(grant_id: GrantId) -> Answer:
    try:
        return _answer(open_paper(parts().house, me(), grant_id))
    except Refused as refused:
        if refused.why is not Why.STATEMENT_FIRST:
            raise
        return redirect(url_for("papers.show", grant_id=grant_id))


def _answer(paper: OpenedPaper) -> AnyResponse:
    response = pdf_answer(b"", paper.filename)
    response.response = paper.chunks()
    response.headers["Content-Length"] = str(paper.size)
    response.headers["Accept-Ranges"] = "none"
    return response
