"""The chair reads what changed between two drafts that came as files; nobody else, and no more."""

from __future__ import annotations

import pytest

from portal.documents import changes
from portal.documents.limits import Limits
from portal.documents.refusal import RefusedPaper
from portal.journeys.changed import Changed
from portal.journeys.copies.whose_copy import copies_of
from portal.journeys.deed import tending
from portal.journeys.minutes.compare_minutes import compare_minutes
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.views.minutes import chair_page
from portal.policy.judge import Refused
from portal.records import minutes, papers
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.documents.making import numbered, plain
from tests.documents.test_changes import ONE, OTHER, THIRD, TWO
from tests.staging import Stage

pytestmark = pytest.mark.real("SQLite and folder")


def file(stage: Stage, clear: bytes) -> None:
    priya = stage.world.who("priya")
    chosen = examine_minutes(stage.house, priya, stage.slot_id, clear)
    file_minutes(stage.house, priya, stage.slot_id, chosen)


def two_drafts(stage: Stage) -> None:
    file(stage, plain(ONE, OTHER))
    file(stage, plain(TWO, OTHER, THIRD))


def compare(stage: Stage, by: str = "alan"):
    return compare_minutes(stage.house, stage.world.who(by), stage.slot_id)


def versions(stage: Stage):
    with reading(stage.house.engine) as db:
        filed = minutes.load(db, stage.world.area.id, stage.slot_id)
        assert filed is not None
        return papers.versions_of(db, stage.world.area.id, filed.document_id)


@pytest.mark.parametrize("name", ["helen", "priya", "joe", "carys", "sian", "dev"])
def test_nobody_but_the_chair_of_it(stage: Stage, name: str) -> None:
    two_drafts(stage)
    with pytest.raises(Refused):
        compare(stage, name)
    assert stage.lines("minutes.compared") == []


def test_one_draft_is_compared_with_nothing(stage: Stage) -> None:
    file(stage, plain(ONE))
    assert not chair_page(stage.house, stage.world.who("alan"), stage.slot_id).comparable
    with pytest.raises(Changed, match="only one"):
        compare(stage)
    assert stage.lines("minutes.compared") == []


def test_a_draft_the_chair_was_never_given_is_compared_with_nothing(stage: Stage) -> None:
    two_drafts(stage)
    first = versions(stage)[0]
    with tending(stage.house) as db:
        papers.remove_header(db, stage.world.area.id, first.id, stage.id("alan"))
    assert not chair_page(stage.house, stage.world.who("alan"), stage.slot_id).comparable
    with pytest.raises(Changed, match="only one"):
        compare(stage)


def test_attack_an_exchanged_draft_is_an_alarm(stage: Stage) -> None:
    """Somebody with database and store puts another sealed payload in the earlier one's place."""
    two_drafts(stage)
    first, second = versions(stage)
    with tending(stage.house) as db:
        db.execute(
            papers.versions.update()
            .where(papers.versions.c.id == first.id)
            .values(payload_sha256=second.payload_sha256)
        )
    with pytest.raises(Spoilt, match="manifest"):
        compare(stage)


def test_two_files_page_by_page_marked_and_traceable(stage: Stage) -> None:
    two_drafts(stage)
    found = compare(stage)
    assert (found.earlier, found.later, found.differences) == (1, 2, ())
    assert found.pages is not None
    assert [page.how.value for page in found.pages.pages] == ["words", "same", "added"]
    (line,) = stage.lines("minutes.compared")
    first, second = versions(stage)
    assert (line["version"], line["earlier"]) == (second.id, first.id)
    assert line["copy"] == found.mark.reference
    assert found.mark.name == "Alan Reeve"
    with reading(stage.house.engine) as db:
        (traced,) = copies_of(stage.house, db, stage.world.area, {found.mark.reference})
    assert traced.name == "Alan Reeve"
    assert traced.proven


def test_nothing_of_it_is_kept(stage: Stage) -> None:
    file(stage, plain(ONE))
    file(stage, numbered(2, "Pelicancanary"))
    before = set(stage.world.store.names())
    compare(stage)
    assert set(stage.world.store.names()) == before
    files = [f for f in stage.world.folder.rglob("*") if f.is_file()]
    assert not any(b"Pelicancanary" in each.read_bytes() for each in files)


def test_by_hand(stage: Stage) -> None:
    two_drafts(stage)
    alan = stage.world.client("alan")
    at = f"/minutes/{stage.slot_id}"
    assert "What changed since the last draft" in words_of(alan.get(at))
    seen = words_of(post(alan, f"{at}/changes"))
    assert "Page 1 changed" in seen
    assert "removed: 4 end of what was removed" in seen
    assert "Page 3 is new" in seen
    assert "Alan Reeve" in seen


def test_what_cannot_be_compared_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child has too little time for it: both drafts are as they were."""
    two_drafts(stage)
    monkeypatch.setattr(changes, "_LIMITS", Limits(pages=1))
    with pytest.raises(RefusedPaper):
        compare(stage)
    answer = post(stage.world.client("alan"), f"/minutes/{stage.slot_id}/changes")
    assert answer.status_code == 422
    assert "cannot be compared" in words_of(answer)
