"""Where no scanner saw a file, whoever decides by it reads so, and the record holds it."""

from __future__ import annotations

import pytest

from portal.domain.papers import Scan
from portal.journeys.minutes.read_minutes import read_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.views.minutes import minutes_page, minutes_send_page
from portal.journeys.views.pack import send_page
from portal.records import database
from tests.staging import Stage
from tests.web.browsing import text_of


def called(stage: Stage, scan: Scan, table: str, column: str) -> None:
    """A row says something else of the scan than the line of the record."""
    with database.writing(stage.house.engine) as db:
        db.exec_driver_sql(
            f"UPDATE versions SET scan = ? WHERE id IN (SELECT {column} FROM {table})",
            (scan.value,),
        )
        db.commit()


def test_the_line_of_a_draft_says_whether_it_was_scanned(stage: Stage) -> None:
    stage.file()
    (line,) = stage.lines("minutes.filed")
    assert line["scan"] == "not_scanned"
    assert minutes_page(stage.house, stage.world.who("helen"), stage.slot_id).unscanned


def test_a_row_that_calls_an_unscanned_draft_clean_opens_nothing(stage: Stage) -> None:
    stage.file()
    called(stage, Scan.CLEAN, "minutes", "version_id")
    with pytest.raises(Spoilt):
        read_minutes(stage.house, stage.world.who("helen"), stage.slot_id)


def test_the_page_from_which_a_pack_goes_names_what_was_not_scanned(stage: Stage) -> None:
    stage.arrange(["A", "F"])
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert len(page.unscanned) == 2
    words = text_of(stage.world.client("helen").get(f"/unit/slots/{stage.slot_id}/pack/send"))
    assert f"Not scanned for viruses: {'; '.join(page.unscanned)}." in words


def test_the_pages_of_the_minutes_say_so_to_the_unit_and_to_the_chair(stage: Stage) -> None:
    stage.minutes_ready()
    assert minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id).unscanned
    at = f"/unit/slots/{stage.slot_id}/minutes"
    for name, path in (
        ("helen", at),
        ("helen", f"{at}/send"),
        ("alan", f"/minutes/{stage.slot_id}"),
    ):
        assert "ot scanned for viruses" in text_of(stage.world.client(name).get(path)), path
