"""The door of what a corrected version changed, page by page."""

from __future__ import annotations

from flask import request, url_for

from portal.documents.refusal import RefusedPaper
from portal.domain.ids import SlotId, VersionId
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.reports.read_changes import read_changes
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts

door = Door("unit_changes", __name__, url_prefix="/unit/slots/<slot_id>/changes")

Answer = str | tuple[str, int]


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.errorhandler(RefusedPaper)
def not_compared(_error: RefusedPaper) -> Answer:
    """A child process died of it; both versions are as they were."""
    back = url_for("unit_packs.arrange", **(request.view_args or {}) | {"version_id": None})
    return page("coordinator/changes_not.html", marking=True, back=back), 422


@door.get("/<version_id>", action=Action.UNIT_REPORT_READ)
def show(slot_id: SlotId, version_id: VersionId) -> Answer:
    against = request.args.get("against", "")
    found = read_changes(
        parts().house, me(), slot_id, version_id, VersionId(against) if against else None
    )
    return page(
        "coordinator/changes.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_packs.arrange", slot_id=slot_id),
        found=found,
    )
