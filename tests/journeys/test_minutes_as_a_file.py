"""Minutes filed as a file: what was found is shown before they become the draft, and to the chair;
whoever chose the file may stop."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from portal.documents.findings import (
    Finding,
    FindingKind,
    findings_told,
    from_told,
    kept,
    of_pages,
)
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.minutes.approve_minutes import approve_minutes
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.views.minutes import chair_page, minutes_page
from portal.journeys.views.minutes_file import minutes_file
from portal.policy.judge import Refused
from portal.records import candidates
from tests.browsing import post, words_of
from tests.documents import hostile
from tests.documents.making import numbered
from tests.staging import Stage


def examined(stage: Stage, clear: bytes | None = None, by: str = "helen") -> str:
    who = stage.world.who(by)
    return examine_minutes(stage.house, who, stage.slot_id, clear or hostile.scripts())


def filed(stage: Stage, chosen: str, by: str = "helen") -> None:
    file_minutes(stage.house, stage.world.who(by), stage.slot_id, chosen)


def test_what_was_found_is_shown_before_it_is_a_draft_and_to_the_chair(stage: Stage) -> None:
    chosen = examined(stage)
    found = minutes_file(stage.house, stage.world.who("helen"), stage.slot_id).waiting
    assert found is not None
    assert found.findings
    assert stage.lines("minutes.filed") == []
    with pytest.raises(Refused):
        chair_page(stage.house, stage.world.who("helen"), stage.slot_id)
    filed(stage, chosen)
    for page in (
        minutes_page(stage.house, stage.world.who("tom"), stage.slot_id),
        chair_page(stage.house, stage.world.who("alan"), stage.slot_id),
    ):
        assert page.found == found.findings
    told = words_of(stage.world.client("alan").get(f"/minutes/{stage.slot_id}"))
    for each in found.findings:
        assert each.words in told


def test_whoever_stops_leaves_no_draft_and_the_next_file_takes_its_place(stage: Stage) -> None:
    before = set(stage.house.store.names())
    examined(stage)
    second = examined(stage, numbered(2, "Minute"))
    assert len(set(stage.house.store.names()) - before) == 2
    filed(stage, second)
    found = minutes_page(stage.house, stage.world.who("helen"), stage.slot_id).found
    assert [each.kind for each in found] == [FindingKind.NO_TAGS]
    assert len(set(stage.house.store.names()) - before) == 2  # the draft, and the original


@pytest.mark.parametrize("other", ["", "-", "a" * 26])
def test_only_the_file_that_was_shown_is_filed(stage: Stage, other: str) -> None:
    examined(stage)
    with pytest.raises(Changed):
        filed(stage, other)
    assert stage.lines("minutes.filed") == []


def test_it_is_filed_once_and_by_nobody_else(stage: Stage) -> None:
    chosen = examined(stage)
    with pytest.raises(Changed):
        filed(stage, chosen, by="priya")
    filed(stage, chosen)
    with pytest.raises(Changed):
        filed(stage, chosen)
    assert len(stage.lines("minutes.filed")) == 1


def test_it_waits_a_day_and_no_longer(stage: Stage) -> None:
    chosen = examined(stage)
    stage.world.clock.advance(timedelta(hours=25))
    with pytest.raises(Changed):
        filed(stage, chosen)
    assert minutes_file(stage.house, stage.world.who("helen"), stage.slot_id).waiting is None


def test_after_the_chair_approved_nothing_is_examined_or_filed(stage: Stage) -> None:
    chosen = examined(stage)
    stage.file(by="priya")
    version = minutes_page(stage.house, stage.world.who("helen"), stage.slot_id).version_id
    assert version is not None
    alan = stage.world.who("alan")
    approve_minutes(stage.house, alan, stage.slot_id, version, stage.world.code("alan"))
    with pytest.raises(Refused):
        filed(stage, chosen)
    with pytest.raises(Refused):
        examined(stage)


@pytest.mark.parametrize("name", ["alan", "adeyemi", "sian", "dev", "ruth"])
def test_nobody_outside_the_unit_has_anything_examined(stage: Stage, name: str) -> None:
    with pytest.raises(Refused):
        examined(stage, by=name)
    with pytest.raises(Refused):
        minutes_file(stage.house, stage.world.who(name), stage.slot_id)


def test_findings_that_were_taken_out_of_the_row_spoil_the_file(stage: Stage) -> None:
    chosen = examined(stage)
    with tending(stage.house) as db:
        db.execute(candidates.candidates.update().values(findings={}))
    with pytest.raises(Spoilt):
        filed(stage, chosen)


def test_a_line_holds_kinds_counts_and_pages_and_gives_them_back() -> None:
    found = (
        of_pages(FindingKind.RECOGNISED, (2, 3, 7)),
        Finding(FindingKind.COMMENTS, 4),
        Finding(FindingKind.SCRIPTS, 1),
    )
    told = findings_told(kept(found))
    assert told == ["comments 4", "recognised: 2 3 7", "scripts 1"]
    assert from_told(told) == found
    assert from_told(["", "comments", "comments many", "unheard_of 3", "recognised:"]) == ()


# ---- in the browser ----


def test_the_draft_is_filed_from_the_page_that_shows_what_was_found(stage: Stage) -> None:
    helen, at = stage.world.client("helen"), f"/unit/slots/{stage.slot_id}/minutes"
    assert helen.get(f"{at}/file").headers["Location"] == at
    sent = post(helen, at, {"file": (io.BytesIO(hostile.scripts()), "m.pdf")})
    assert sent.headers["Location"] == f"{at}/file"
    shown = words_of(helen.get(f"{at}/file"))
    assert "What we found, and what becomes of it" in shown
    assert "removed." in shown
    assert "Not scanned" in shown
    assert "The file as you chose it is kept sealed for the unit" in shown
    stale = post(helen, f"{at}/file", {"candidate": "-"})
    assert stale.headers["Location"] == at
    assert "The file is no longer here. Choose it again." in words_of(helen.get(at))
    assert stage.lines("minutes.filed") == []
    waiting = minutes_file(stage.house, stage.world.who("helen"), stage.slot_id).waiting
    assert waiting is not None
    post(helen, f"{at}/file", {"candidate": waiting.id})
    said = words_of(helen.get(at))
    assert "The draft is filed." in said
    assert "Found in the file that was filed" in said
