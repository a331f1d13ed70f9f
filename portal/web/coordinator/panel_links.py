"""Doors for sending joining links to a standing panel: look, confirm."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.domain.ids import PanelId, PersonId
from portal.journeys.joining.panel_to_join import (
    PanelToJoin,
    look_at_panel_to_join,
    send_links_to_panel,
)
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.door import Door, me, page, parts

door = Door("unit_panel_links", __name__, url_prefix="/unit/panels/<panel_id>/join")


@door.get("", action=Action.UNIT_PERSON_INVITE)
def look(panel_id: PanelId) -> str:
    return _shown(look_at_panel_to_join(parts().house, me(), panel_id))


@door.post("", action=Action.UNIT_PERSON_INVITE)
def send(panel_id: PanelId) -> str | Response:
    vouched = {PersonId(each) for each in request.form.getlist("vouched")}
    digest = request.form.get("digest", "")
    try:
        sent = send_links_to_panel(parts().house, me(), panel_id, digest, vouched)
    except Unacceptable as refused:
        errors = [{"text": refused.words, "href": "#panel"}]
        return _shown(look_at_panel_to_join(parts().house, me(), panel_id), errors, vouched)
    said = ngettext(
        "%(num)d person has been sent a link with which to join.",
        "%(num)d people have been sent a link with which to join.",
        sent,
    )
    flash(said, "success")
    return redirect(url_for("unit_panels.panels"))


def _shown(
    found: PanelToJoin,
    errors: list[dict[str, str]] | None = None,
    vouched: Collection[PersonId] = (),
) -> str:
    return page(
        "coordinator/panel_join.html",
        back=url_for("unit_panels.panels"),
        found=found,
        errors=errors,
        vouched=vouched,
        seen_words=words.TO_JOIN,
    )
