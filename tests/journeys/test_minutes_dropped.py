"""Whoever sees what was found in a file for the minutes may stop: it is gone at once, and told."""

from __future__ import annotations

import pytest

from portal.journeys.changed import Changed
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.reports.drop_candidate import drop_minutes
from portal.journeys.views.minutes_file import minutes_file
from portal.policy.judge import Refused
from tests.documents.making import numbered
from tests.staging import Stage
from tests.web.browsing import send
from tests.web.sending_pages import base, get


def test_the_button_drops_minutes(stage: Stage) -> None:
    helen, page = stage.world.client("helen"), f"{base(stage)}/minutes/file"
    before = set(stage.house.store.names())
    who = stage.world.who("helen")
    chosen = examine_minutes(stage.house, who, stage.slot_id, numbered(2), "")
    with pytest.raises(Changed):
        drop_minutes(stage.house, stage.world.who("priya"), stage.slot_id, chosen)
    with pytest.raises(Refused):
        drop_minutes(stage.house, stage.world.who("alan"), stage.slot_id, chosen)
    shown = get(helen, page)
    assert "Do not hand this in" in shown
    assert send(helen, f"{page}/drop", page, candidate=chosen).status_code == 302
    assert minutes_file(stage.house, who, stage.slot_id).waiting is None
    assert set(stage.house.store.names()) == before
    assert stage.lines("file.dropped")[0]["subject"] == stage.slot_id
    assert send(helen, f"{page}/drop", f"{base(stage)}/minutes", candidate="-").status_code == 302
    assert stage.lines("minutes.filed") == []
