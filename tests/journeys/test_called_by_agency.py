"""Wherever a paper is named it is named with its agency: many answer with one and the same form."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from portal.domain.papers import FORMS, MINUTES_FORM, SUMMARY_FORM, TITLES, called
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.views.addendum import choose_page
from tests.documents.making import texts
from tests.journeys.test_annexes import unmarked
from tests.staging import Stage
from tests.web.sending_pages import base, get

pytestmark = pytest.mark.real("SQLite and folder")

PRISON = "MAPPA F: prison or youth custody report, HMP Elmsworth"
DUE = date(2026, 5, 14)
UPDATE = "Agency update, Northmere Adult Social Care"


@pytest.mark.parametrize("code", sorted(set(FORMS) - {"previous"}))
def test_reports_of_two_agencies_are_never_called_the_same(code: str) -> None:
    assert called(code, "Northmere Police") != called(code, "HMP Elmsworth")
    assert called(code, "HMP Elmsworth") == f"{TITLES[code]}, HMP Elmsworth"


@pytest.mark.parametrize("code", [MINUTES_FORM, SUMMARY_FORM, "previous"])
def test_what_exists_once_for_a_meeting_has_its_title_alone(code: str) -> None:
    assert called(code, "Northmere Probation") == TITLES[code]


def bookmarks(clear: bytes) -> list[str]:
    with pikepdf.open(BytesIO(clear)) as pdf, pdf.open_outline() as outline:
        return [str(item.title) for item in outline.root]


def test_bookmarks_strips_and_placeholders_of_a_pack_name_the_agency(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"]})
    clear = unmarked(stage, "joe", stage.send().sending.id)
    assert bookmarks(clear)[2:] == [f"Tab 2: {PRISON} (not in your copy)", f"Tab 3: {UPDATE}"]
    pages = [" ".join(page.split()) for page in texts(clear)]
    assert any(f"(Tab 2: {PRISON}) are not in your copy." in page for page in pages)
    assert f"Tab 3: {UPDATE}" in pages[-1]


def test_where_a_late_paper_belongs_is_told_by_agency(stage: Stage) -> None:
    stage.arrange(["A", "F"])
    stage.send()
    page = choose_page(stage.house, stage.world.who("helen"), stage.slot_id, stage.papers["update"])
    assert [line for _tab, line in page.tabs][1].startswith(f"Tab 2: {PRISON}, after page ")


def test_everybody_sees_agency_and_place_over_each_column_of_who_gets_which(stage: Stage) -> None:
    body = get(stage.world.client("helen"), f"{base(stage)}/pack")
    matrix = body.partition("Tick to give a paper")[2].partition("</thead>")[0]
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', matrix, re.DOTALL)[1:]
    seen = [re.sub(r"<[^>]+>", " ", head).split() for head in heads]
    assert [words[:2] for words in seen] == [["Place", place] for place in "123"]
    named = {" ".join(words[2:]) for words in seen}
    assert {PRISON.replace(",", ""), UPDATE.replace(",", "")} < named
    assert not any("visually-hidden" in head for head in heads)


def test_home_says_which_report_is_owed(stage: Stage) -> None:
    helen, adeyemi = stage.world.who("helen"), stage.world.who("adeyemi")
    for form in ("F", "update", "risk"):
        ask_for_report(stage.house, helen, stage.slot_id, adeyemi.actor.agency_id, form, DUE)
    body = stage.world.client("adeyemi").get("/").get_data(as_text=True)
    links = re.findall(r">(Report you owe[^<]*)<", body)
    assert sorted(links) == sorted(f"Report you owe: {FORMS[f]}" for f in ("F", "update", "risk"))
