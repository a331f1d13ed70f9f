"""Whether files are taken where there is no virus scanner is for each area to say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd
from portal.domain.ids import AreaId
from portal.domain.papers import Scan
from portal.journeys.changed import Changed
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.reports.choose_unscanned import (
    choose_unscanned,
    scanner_of,
    takes_files,
    takes_unscanned,
)
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.ledger.tables import drop_ddl, ledger_entries
from portal.policy.judge import Refused
from portal.records.database import reading, writing
from tests.agency.conftest import Asking
from tests.agency.test_doors import Contact
from tests.browsing import post, words_of
from tests.documents.making import numbered
from tests.journeys.other_area import other_area
from tests.journeys.planning import BORN

PAGE = "/unit/unscanned"


def choose(asking: Asking, *, taken: bool) -> None:
    choose_unscanned(asking.world.house, asking.world.who("helen"), taken=taken)


def taken(asking: Asking, area_id: AreaId | None = None) -> bool:
    house = asking.world.house
    with reading(house.engine) as db:
        return takes_unscanned(house, db, area_id or asking.world.area.id)


def test_they_are_taken_until_somebody_says_otherwise(asking: Asking) -> None:
    assert taken(asking)
    assert asking.examine().scan is Scan.NOT_SCANNED
    choose(asking, taken=False)
    assert not taken(asking)
    choose(asking, taken=True)
    assert taken(asking)
    assert [line["taken"] for line in asking.lines("unscanned.chosen")] == [False, True]


def test_then_neither_a_report_nor_minutes_are_taken_and_nothing_is_kept(asking: Asking) -> None:
    choose(asking, taken=False)
    before, house = asking.kept(), asking.world.house
    with pytest.raises(RefusedPaper) as report:
        asking.examine()
    with pytest.raises(RefusedPaper) as minutes:
        examine_minutes(house, asking.world.who("helen"), asking.slot.id, numbered(1))
    assert {report.value.code, minutes.value.code} == {RefusalCode.NOT_SCANNED}
    assert asking.waiting() is None
    assert asking.kept() == before
    assert [line["code"] for line in asking.lines("file.refused")] == ["not_scanned"] * 2


def test_one_area_says_nothing_for_another(asking: Asking) -> None:
    other = other_area(asking.world)
    choose(asking, taken=False)
    assert taken(asking, other.area.id)


@pytest.mark.parametrize("choice", [True, False])
def test_a_scanner_that_does_not_answer_blocks_whatever_was_chosen(
    asking: Asking, tmp_path: Path, choice: bool
) -> None:
    choose(asking, taken=choice)
    house = replace(asking.world.house, scanner=Clamd(tmp_path / "nothing"))
    with pytest.raises(RefusedPaper) as refused:
        examine_report(house, asking.world.who("adeyemi"), asking.f, numbered(1))
    assert refused.value.code is RefusalCode.SCANNER_DOWN


def test_where_there_is_a_scanner_the_choice_is_of_no_account(
    asking: Asking, tmp_path: Path
) -> None:
    choose(asking, taken=False)
    house = replace(asking.world.house, scanner=Clamd(tmp_path / "clamd"))
    with reading(house.engine) as db:
        assert scanner_of(house, db, asking.world.area.id) is house.scanner
        assert takes_files(house, db, asking.world.area.id)


def test_a_line_that_was_tampered_with_does_not_open_the_door(asking: Asking) -> None:
    choose(asking, taken=False)
    with writing(asking.world.house.engine) as db:
        for statement in drop_ddl("sqlite"):
            db.exec_driver_sql(statement)
        chosen = ledger_entries.c.deed == "unscanned.chosen"
        row = db.execute(ledger_entries.select().where(chosen)).one()
        turned = row.leaf.replace(b"false", b"true")
        assert turned != row.leaf
        db.execute(ledger_entries.update().where(chosen).values(leaf=turned))
        db.commit()
    with pytest.raises(RefusedPaper):
        asking.examine()


@pytest.mark.parametrize("name", ["priya", "adeyemi", "sian", "dev", "alan"])
def test_nobody_but_those_who_decide_may_say(asking: Asking, name: str) -> None:
    with pytest.raises(Refused):
        choose_unscanned(asking.world.house, asking.world.who(name), taken=True)
    assert asking.lines("unscanned.chosen") == []


# ---- in the browser ----


def test_a_coordinator_chooses_and_the_uploader_is_told_before_choosing(asking: Asking) -> None:
    helen = asking.world.client("helen")
    shown = helen.get(PAGE).get_data(as_text=True)
    assert 'value="yes" checked' in " ".join(shown.split())
    none = post(helen, PAGE, {})
    assert "Choose what becomes of a file that cannot be scanned." in words_of(none)
    odd = post(helen, PAGE, {"taken": "perhaps"})
    assert odd.status_code == 200
    assert asking.lines("unscanned.chosen") == []
    assert post(helen, PAGE, {"taken": "no"}).headers["Location"] == PAGE
    contact = Contact(asking, asking.world.client("adeyemi"))
    said = words_of(contact.client.get(f"{contact.at}/upload"))
    assert "No file is taken now: there is no virus scanner here" in said
    assert "Files are not scanned for viruses here." not in said
    assert "this area takes no file without one" in words_of(contact.upload(numbered(1)))


def test_the_choice_is_offered_where_a_report_stands_that_was_not_scanned(asking: Asking) -> None:
    at = f"/unit/slots/{asking.slot.id}"
    helen, priya = asking.world.client("helen"), asking.world.client("priya")
    assert PAGE not in helen.get(at).get_data(as_text=True)
    asking.handed_in()
    assert PAGE in helen.get(at).get_data(as_text=True)
    assert PAGE not in priya.get(at).get_data(as_text=True)


def test_what_was_looked_through_before_the_choice_is_not_handed_in_after_it(
    asking: Asking,
) -> None:
    house, helen = asking.world.house, asking.world.who("helen")
    adeyemi = asking.world.who("adeyemi")
    report = asking.examine()
    minutes = examine_minutes(house, helen, asking.slot.id, numbered(1))
    choose(asking, taken=False)
    with pytest.raises(Changed, match="not scanned"):
        submit_report(house, adeyemi, asking.f, report.candidate_id, BORN)
    with pytest.raises(Changed, match="not scanned"):
        file_minutes(house, helen, asking.slot.id, minutes)
    assert asking.lines("report.received") == asking.lines("minutes.filed") == []
    choose(asking, taken=True)
    submit_report(house, adeyemi, asking.f, report.candidate_id, BORN)
