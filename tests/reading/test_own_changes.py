"""A reader who was given both versions of a paper reads what changed; nobody else, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.grants import Grant
from portal.domain.ids import VersionId
from portal.journeys.copies.whose_copy import copies_of
from portal.journeys.deed import tending
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.opened import Spoilt
from portal.journeys.opening.read_own_changes import OwnChanges, read_own_changes
from portal.journeys.reports.use_newer import use_newer
from portal.journeys.views.reader_paper import reader_paper
from portal.ledger import book
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.cutting import cut
from tests.journeys.test_corrected_in_pack import chosen, correct, go
from tests.staging import Stage

pytestmark = pytest.mark.real("SQLite and folder")


def corrected(stage: Stage, *names: str) -> VersionId:
    """A pack went to everybody; its corrected MAPPA F as an addendum to those named."""
    stage.arrange()
    stage.send()
    newer = correct(stage)
    stage.accept(*names)
    go(stage, chosen(stage, newer, *names))
    return newer


def own(stage: Stage, name: str, version: VersionId, grant: Grant | None = None) -> OwnChanges:
    at = grant or stage.grant(name)
    return read_own_changes(stage.house, stage.world.who(name), at.id, version)


def refused(stage: Stage, name: str, version: VersionId, grant: Grant | None = None) -> Why:
    before = len(stage.lines("paper.opened"))
    with pytest.raises(Refused) as caught:
        own(stage, name, version, grant)
    assert len(stage.lines("paper.opened")) == before
    return caught.value.why


@pytest.mark.parametrize("name", ["joe", "helen", "priya", "sian", "adeyemi"])
def test_nobody_reads_it_in_anothers_copy(stage: Stage, name: str) -> None:
    newer = corrected(stage, "mark")
    assert refused(stage, name, newer, stage.grant("mark")) is Why.NOT_THERE


def test_whoever_holds_one_version_has_nothing_to_compare(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    stage.accept("joe")
    assert refused(stage, "joe", newer) is Why.NOT_THERE
    assert reader_paper(stage.house, stage.world.who("joe"), stage.grant("joe").id).corrected == ()


def test_nor_is_an_earlier_one_or_another_paper_there(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    pack = stage.grant("joe").sending_id
    for version in (stage.papers["F"], stage.papers["A"], VersionId("nothing")):
        assert refused(stage, "mark", version) is Why.NOT_THERE
    assert refused(stage, "mark", newer, stage.grant("mark", pack)) is Why.NOT_THERE


def test_once_the_earlier_one_was_taken_back_there_is_nothing_to_compare(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    take_back(stage.house, stage.world.who("helen"), stage.grant("joe").sending_id)
    assert refused(stage, "mark", newer) is Why.NOT_THERE


def test_once_it_has_ended_nothing_is_compared(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    stage.world.clock.advance(timedelta(days=60))
    assert refused(stage, "mark", newer) is Why.ENDED


def test_the_statement_comes_first(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    newer = correct(stage)
    go(stage, chosen(stage, newer, "mark"))
    assert refused(stage, "mark", newer) is Why.STATEMENT_FIRST


def test_an_extract_is_compared_with_nothing(stage: Stage) -> None:
    extract = cut(stage, "F")
    stage.arrange(extracts={"mark": {"F": extract}})
    stage.send()
    newer = correct(stage)
    stage.accept("mark")
    seen = reader_paper(stage.house, stage.world.who("mark"), stage.grant("mark").id)
    assert seen.corrected == ()
    assert refused(stage, "mark", newer) is Why.NOT_THERE


def test_attack_rows_do_not_make_one_paper_the_correction_of_another(stage: Stage) -> None:
    """Somebody with the database says that the addendum corrects another paper of the pack."""
    newer = corrected(stage, "mark")
    with tending(stage.house) as db:
        referral = papers.load_version(db, stage.world.area.id, stage.papers["A"])
        assert referral is not None
        rows = papers.versions
        db.execute(rows.delete().where(rows.c.id == stage.papers["F"]))
        db.execute(rows.update().where(rows.c.id == newer).values(document_id=referral.document_id))
    with pytest.raises(Spoilt, match="correction"):
        own(stage, "mark", newer)


def test_both_are_openings_of_one_copy_that_can_be_traced(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    found = own(stage, "mark", newer)
    lines = stage.lines("paper.opened")
    assert [line["purpose"] for line in lines] == ["compare", "compare"]
    assert {line["copy"] for line in lines} == {found.mark.reference}
    assert {line["grant"] for line in lines} == {
        stage.grant("mark").id, stage.grant("mark", stage.grant("joe").sending_id).id,
    }  # fmt: skip
    assert found.mark.name == stage.world.who("mark").actor.name
    with reading(stage.house.engine) as db:
        assert book.head(db, stage.world.area.id).size > 0
        traced = copies_of(stage.house, db, stage.world.area, {found.mark.reference})
    assert [each.proven for each in traced] == [True, True]
    stage.whole()


def test_it_tells_pages_by_the_numbers_that_are_printed_on_them(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    found = own(stage, "mark", newer)
    told = [
        (page.how.value, found.was.get(page.was or 0), found.now.get(page.now or 0))
        for page in found.changes.pages
    ]
    assert told == [("words", "5", "6a"), ("words", "6", "6b"), ("added", None, "6c")]


def test_in_a_whole_new_pack_only_the_corrected_paper_is_offered(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    newer = correct(stage)
    use_newer(stage.house, stage.world.who("helen"), stage.slot_id, newer)
    stage.send()
    stage.accept("mark")
    seen = reader_paper(stage.house, stage.world.who("mark"), stage.grant("mark").id)
    assert [(each.tab, each.later.id) for each in seen.corrected] == [(2, newer)]
    found = own(stage, "mark", newer)
    assert [page.how.value for page in found.changes.pages] == ["words", "words", "added"]
    assert (found.now[5], found.was[5]) == ("5", "5")


def test_nothing_of_it_is_kept(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    newer = correct(stage, word="Pelicancanary")
    stage.accept("mark")
    go(stage, chosen(stage, newer, "mark"))
    before = set(stage.world.store.names())
    own(stage, "mark", newer)
    assert set(stage.world.store.names()) == before
    files = [f for f in stage.world.folder.rglob("*") if f.is_file()]
    assert not any(b"Pelicancanary" in file.read_bytes() for file in files)


def test_by_hand(stage: Stage) -> None:
    newer = corrected(stage, "mark")
    mark = stage.world.client("mark")
    at = f"/papers/{stage.grant('mark').id}"
    page = mark.get(at)
    assert f"{at}/changes/{newer}" in page.text
    assert "What changed in MAPPA F" in words_of(page)
    answer = post(mark, f"{at}/changes/{newer}")
    seen = words_of(answer)
    assert "Page 6a changed page 5 of the earlier version" in seen
    assert "removed: Form F end of what was removed" in seen
    assert "Page 6c is new" in seen
    assert stage.world.who("mark").actor.name in seen
    other = stage.world.client("joe")
    assert "What changed" not in words_of(other.get(f"/papers/{stage.grant('joe').id}"))
