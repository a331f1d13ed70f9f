"""Whoever chose a file for the minutes looks at its pages before it becomes the draft."""

from __future__ import annotations

import pytest

from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.reports.see_page import see_page_of_minutes
from portal.policy.judge import Refused
from tests.documents.making import numbered
from tests.staging import Stage
from tests.web.sending_pages import base, get


def test_the_check_leads_to_every_page(stage: Stage) -> None:
    helen, check = stage.world.client("helen"), f"{base(stage)}/minutes/file"
    examine_minutes(stage.house, stage.world.who("helen"), stage.slot_id, numbered(2), "")
    assert f'href="{check}/1"' in get(helen, check)
    for sheet in (1, 2):
        assert f'src="{check}/{sheet}/image"' in get(helen, f"{check}/{sheet}")
        picture = helen.get(f"{check}/{sheet}/image")
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
    told = [(line["subject"], line["sheet"]) for line in stage.lines("file.page_seen")]
    assert told == [(stage.slot_id, 1), (stage.slot_id, 2)]
    assert helen.get(f"{check}/3").status_code == 404
    assert helen.get(f"{check}/3/image").status_code == 404
    assert stage.lines("minutes.filed") == []


@pytest.mark.parametrize("name", ["priya", "alan", "ruth", "carys"])
def test_nobody_else_sees_them(stage: Stage, name: str) -> None:
    examine_minutes(stage.house, stage.world.who("helen"), stage.slot_id, numbered(2), "")
    with pytest.raises(Refused):
        see_page_of_minutes(stage.house, stage.world.who(name), stage.slot_id, 1)
    assert stage.lines("file.page_seen") == []


def test_where_no_file_waits_there_is_no_page(stage: Stage) -> None:
    helen, check = stage.world.client("helen"), f"{base(stage)}/minutes/file"
    assert helen.get(f"{check}/1").headers["Location"] == f"{base(stage)}/minutes"
    assert helen.get(f"{check}/1/image").status_code == 404
