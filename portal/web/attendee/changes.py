"""The door of what a corrected version changed, for a reader who was given both."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.documents.refusal import RefusedPaper
from portal.domain.ids import GrantId, VersionId
from portal.journeys.opening.read_own_changes import read_own_changes
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.door import Door, me, page, parts

door = Door("own_changes", __name__, url_prefix="/papers")

Answer = str | AnyResponse | tuple[str, int]


@door.post("/<grant_id>/changes/<version_id>", action=Action.READER_PAPER_OPEN)
def show(grant_id: GrantId, version_id: VersionId) -> Answer:
    before = url_for("papers.show", grant_id=grant_id)
    try:
        found = read_own_changes(parts().house, me(), grant_id, version_id)
    except Refused as refused:
        if refused.why is not Why.STATEMENT_FIRST:
            raise
        return redirect(before)
    except RefusedPaper:
        # A child process died of it; both copies are as they were.
        return page("attendee/changes_not.html", marking=True, back=before), 422
    return page(
        "attendee/changes.html",
        marking=True,
        reference=found.case_reference,
        back=before,
        found=found,
    )
