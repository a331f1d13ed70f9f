"""Extracts: marked in sealed drafts, made and tested, looked through, and never both ways."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from portal.domain.deeds import Deed
from portal.domain.extracts import BothWays, Given, require_one_way
from portal.domain.ids import DocumentId, PersonId, VersionId
from portal.domain.papers import UNIT_READER, Kind
from portal.journeys.changed import Changed
from portal.journeys.extracts.check_extract import check_extract
from portal.journeys.extracts.cutting import NotMarking, marking_of, open_source, source_of
from portal.journeys.extracts.make_extract import make_extract
from portal.journeys.extracts.mark_extract import (
    begin_extract,
    choose_pages,
    draw_to_mark,
    let_stay,
    mark_area,
    mark_lines,
    mark_words,
    page_to_mark,
    pages_in,
    runs,
    unmark,
    what_is_marked,
)
from portal.journeys.extracts.proven_extract import checked_extract, origin_of, require_one_way_each
from portal.journeys.opening.opened import Spoilt
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import extracts, papers
from portal.records.database import reading
from tests.documents.making import texts
from tests.staging import Stage

UNIT = ("helen", "tom", "priya")
NOT_UNIT = ("carys", "adeyemi", "alan", "sian", "dev")


def begun(stage: Stage, form: str = "update", by: str = "helen") -> VersionId:
    version_id = stage.papers[form]
    begin_extract(stage.house, stage.world.who(by), version_id)
    return version_id


def made(stage: Stage, form: str = "update", by: str = "helen", words: str = "form") -> VersionId:
    """An extract without one word, of all pages."""
    who, version_id = stage.world.who(by), begun(stage, form, by)
    mark_words(stage.house, who, version_id, words)
    found = make_extract(stage.house, who, version_id)
    assert found.version_id is not None, found.tested
    return found.version_id


def clear_of(stage: Stage, version_id: VersionId) -> bytes:
    who = stage.world.who("helen")
    with reading(stage.house.engine) as db:
        source = source_of(db, who.actor.area_id, version_id, Action.UNIT_EXTRACT_MARK)
        return open_source(stage.house, db, who, source)


def words_of(stage: Stage, form: str = "update") -> list[str]:
    return texts(clear_of(stage, stage.papers[form]))


def newest(stage: Stage) -> dict[str, Any]:
    return dict(stage.lines()[-1])


# ---- who ----


@pytest.mark.parametrize("name", NOT_UNIT)
def test_nobody_outside_the_unit_opens_a_paper_so(stage: Stage, name: str) -> None:
    with pytest.raises(Refused):
        begin_extract(stage.house, stage.world.who(name), stage.papers["update"])


@pytest.mark.parametrize("name", NOT_UNIT)
def test_nobody_outside_the_unit_marks_or_makes(stage: Stage, name: str) -> None:
    who, version_id = stage.world.who(name), begun(stage)
    for attempt in (
        lambda: what_is_marked(stage.house, who, version_id),
        lambda: page_to_mark(stage.house, who, version_id, 1),
        lambda: make_extract(stage.house, who, version_id),
        lambda: check_extract(stage.house, who, version_id),
    ):
        with pytest.raises(Refused):
            attempt()


def test_an_administrator_makes_and_does_not_let_it_be_sent(stage: Stage) -> None:
    extract = made(stage, by="priya")
    with pytest.raises(Refused):
        check_extract(stage.house, stage.world.who("priya"), extract)
    assert check_extract(stage.house, stage.world.who("tom"), extract).checked_by == stage.id("tom")


def test_a_paper_of_another_kind_is_not_there(stage: Stage) -> None:
    who = stage.world.who("helen")
    with reading(stage.house.engine) as db:
        others = db.execute(
            text("SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id "
                 "WHERE d.kind = 'particulars'")
        ).scalars().all()  # fmt: skip
    assert others
    for version_id in [*others, "a" * 26]:
        with pytest.raises(Refused):
            begin_extract(stage.house, who, VersionId(version_id))


# ---- marking ----


def test_without_opening_it_nothing_is_shown(stage: Stage) -> None:
    who = stage.world.who("helen")
    with pytest.raises(NotMarking):
        page_to_mark(stage.house, who, stage.papers["update"], 1)
    begun(stage, by="tom")
    with pytest.raises(NotMarking):
        draw_to_mark(stage.house, who, stage.papers["update"], 1)


def test_opening_it_leaves_a_line_with_the_copy_s_reference(stage: Stage) -> None:
    version_id = begun(stage)
    said = newest(stage)
    assert said["deed"] == Deed.EXTRACT_BEGUN.value
    assert said["version"] == version_id
    at = page_to_mark(stage.house, stage.world.who("helen"), version_id, 1)
    assert at.mark.reference == said["copy"]
    assert at.mark.name == stage.world.who("helen").actor.name


def test_words_that_are_to_go_stand_nowhere_in_the_clear(stage: Stage, tmp_path: Any) -> None:
    version_id = begun(stage)
    words = words_of(stage)[0].split()
    who = stage.world.who("helen")
    mark_words(stage.house, who, version_id, words[0])
    let_stay(stage.house, who, version_id, [("Quixwood", 1)])
    copy = tmp_path / "copy.db"
    raw = stage.house.engine.raw_connection()
    with sqlite3.connect(copy) as target:
        raw.driver_connection.backup(target)  # type: ignore[union-attr]
    raw.close()
    assert b"quixwood" not in copy.read_bytes().lower()


@pytest.mark.parametrize("typed", ["", " ", "x", "-", "a" * 201, "notaword in this paper"])
def test_words_that_are_none_are_told(stage: Stage, typed: str) -> None:
    version_id = begun(stage)
    with pytest.raises(Unacceptable):
        mark_words(stage.house, stage.world.who("helen"), version_id, typed)


@pytest.mark.parametrize(
    "sides", [(50, 0, 50, 10), (60, 0, 50, 10), (0, 10, 10, 10), (-1, 0, 5, 5), (0, 0, 101, 5)]
)
def test_an_area_that_is_none_is_told(stage: Stage, sides: Sequence[float]) -> None:
    version_id = begun(stage)
    with pytest.raises(Unacceptable):
        mark_area(stage.house, stage.world.who("helen"), version_id, 1, sides)


def test_a_place_may_be_left_out_again(stage: Stage) -> None:
    version_id, who = begun(stage), stage.world.who("helen")
    mark_area(stage.house, who, version_id, 1, (0, 0, 50, 50))
    mark_lines(stage.house, who, version_id, 1, [0])
    assert len(marking_of(stage.house, who, version_id).marks) == 2
    unmark(stage.house, who, version_id, [1])
    assert [mark.id for mark in marking_of(stage.house, who, version_id).marks] == [2]


@pytest.mark.parametrize("typed", ["", "0", "2-1", "1,", "x", "9999", "1-", "-1", "1.5"])
def test_pages_that_are_none_are_told(typed: str) -> None:
    with pytest.raises(Unacceptable):
        pages_in(typed, 5)


def test_pages_are_typed_as_people_write_them() -> None:
    assert pages_in("1-3, 5", 5) == (1, 2, 3, 5)
    assert pages_in("5;1 - 2", 5) == (1, 2, 5)
    assert runs((1, 2, 3, 5)) == "1-3, 5"


# ---- making ----


def test_an_extract_is_a_paper_of_its_own_without_the_words(stage: Stage) -> None:
    word = words_of(stage)[0].split()[0]
    extract = made(stage, words=word)
    said = newest(stage)
    assert said["deed"] == Deed.EXTRACT_MADE.value
    assert said["version"] == extract
    assert said["source"] == stage.papers["update"]
    assert word.lower() not in str(said).lower()
    assert word.lower() not in " ".join(texts(clear_of(stage, extract))).lower()
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, stage.world.area.id, extract)
        assert version is not None
        document = papers.load_document(db, stage.world.area.id, version.document_id)
        source = papers.load_version(db, stage.world.area.id, stage.papers["update"])
        assert document is not None
        assert document.kind is Kind.EXTRACT
        assert source is not None
        assert version.key_commit != source.key_commit
        assert papers.readers_of(db, stage.world.area.id, extract) == {UNIT_READER}
    with pytest.raises(NotMarking):
        marking_of(stage.house, stage.world.who("helen"), stage.papers["update"])


def test_only_the_pages_that_are_kept(stage: Stage) -> None:
    version_id, who = begun(stage, "F"), stage.world.who("helen")
    choose_pages(stage.house, who, version_id, "2")
    found = make_extract(stage.house, who, version_id)
    assert found.version_id is not None
    assert texts(clear_of(stage, found.version_id)) == words_of(stage, "F")[1:2]


def test_a_word_that_is_left_in_another_place_stops_it(stage: Stage) -> None:
    version_id, who = begun(stage, "F"), stage.world.who("helen")
    word = words_of(stage, "F")[0].split()[0]
    assert mark_words(stage.house, who, version_id, word) > 1
    size = len(stage.lines())
    second = [m.id for m in marking_of(stage.house, who, version_id).marks if m.sheet == 2]
    unmark(stage.house, who, version_id, second)
    found = make_extract(stage.house, who, version_id)
    assert found.version_id is None
    assert {left.sheet for left in found.tested.seen} == {2}
    assert len(stage.lines()) == size
    let_stay(stage.house, who, version_id, [(left.word, 2) for left in found.tested.seen])
    assert make_extract(stage.house, who, version_id).version_id is not None


def test_an_extract_is_looked_through_before_it_counts_as_one(stage: Stage) -> None:
    extract = made(stage, words=words_of(stage)[0].split()[0])
    area = stage.world.area.id
    with reading(stage.house.engine) as db, pytest.raises(Changed):
        checked_extract(stage.house, db, area, extract)
    check_extract(stage.house, stage.world.who("helen"), extract)
    assert newest(stage)["deed"] == Deed.EXTRACT_CHECKED.value
    with reading(stage.house.engine) as db:
        assert checked_extract(stage.house, db, area, extract)[0].version_id == extract
    with pytest.raises(Changed):
        check_extract(stage.house, stage.world.who("helen"), extract)


def change(stage: Stage, statement: str, **values: Any) -> None:
    with stage.house.engine.begin() as db:
        db.execute(text(statement), values)


def test_a_row_that_says_it_was_checked_is_not_believed(stage: Stage) -> None:
    extract = made(stage, words=words_of(stage)[0].split()[0])
    change(stage, "UPDATE extracts SET checked_by = made_by, checked_at = made_at")
    with reading(stage.house.engine) as db, pytest.raises(Changed):
        checked_extract(stage.house, db, stage.world.area.id, extract)


def test_a_row_that_names_another_source_is_not_believed(stage: Stage) -> None:
    extract = made(stage, words=words_of(stage)[0].split()[0])
    check_extract(stage.house, stage.world.who("helen"), extract)
    change(stage, "UPDATE extracts SET origin_id = :x", x="b" * 26)
    with reading(stage.house.engine) as db, pytest.raises(Spoilt):
        checked_extract(stage.house, db, stage.world.area.id, extract)


def test_a_whole_paper_that_is_called_an_extract_is_not_believed(stage: Stage) -> None:
    version_id = stage.papers["F"]
    change(
        stage,
        "UPDATE documents SET kind = 'extract' "
        "WHERE id = (SELECT document_id FROM versions WHERE id = :v)",
        v=version_id,
    )
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, stage.world.area.id, version_id)
        assert version is not None
        document = papers.load_document(db, stage.world.area.id, version.document_id)
        assert document is not None
        with pytest.raises(Spoilt):
            origin_of(stage.house, db, stage.world.area.id, version, document)


def test_another_text_of_words_is_not_believed(stage: Stage) -> None:
    first = made(stage, words=words_of(stage)[0].split()[0])
    second = made(stage, "F", words=words_of(stage, "F")[0].split()[0])
    change(
        stage,
        "UPDATE sealed_texts SET sealed = (SELECT sealed FROM sealed_texts t "
        "WHERE t.subject = :b AND t.field = 'removed') WHERE subject = :a AND field = 'removed'",
        a=first,
        b=second,
    )
    with pytest.raises(Spoilt):
        check_extract(stage.house, stage.world.who("helen"), first)


# ---- never both ways (rule 37) ----


def test_one_person_never_gets_a_paper_both_ways(stage: Stage) -> None:
    whole, area, slot = stage.papers["update"], stage.world.area.id, stage.slot_id
    words = words_of(stage)[0].split()
    once = made(stage, words=words[0])
    who = stage.world.who("helen")
    begin_extract(stage.house, who, once)
    choose_pages(stage.house, who, once, "1")
    mark_area(stage.house, who, once, 1, (0, 0, 100, 100))
    again = make_extract(stage.house, who, once)
    assert again.version_id is not None
    carys, ruth = stage.id("carys"), stage.id("ruth")
    with reading(stage.house.engine) as db:
        for pair in ((whole, once), (once, again.version_id), (again.version_id, whole)):
            with pytest.raises(BothWays) as caught:
                require_one_way_each(stage.house, db, area, [(carys, each) for each in pair], slot)
            assert caught.value.person_id == carys
        apart = [(carys, whole), (ruth, once), (carys, stage.papers["F"])]
        require_one_way_each(stage.house, db, area, apart, slot)
        require_one_way_each(stage.house, db, area, [(carys, whole), (carys, whole)], slot)


def test_the_rule_is_about_one_person_and_one_paper() -> None:
    def given(person: str, version: str, origin: str, *, cut: bool = False) -> Given:
        return Given(PersonId(person), VersionId(version), DocumentId(origin), cut)

    extract = given("a", "2", "x", cut=True)
    require_one_way([given("a", "1", "x"), given("b", "2", "x", cut=True), given("a", "3", "y")])
    require_one_way([given("a", "1", "x"), given("a", "corrected", "x")])
    require_one_way([extract, extract])
    for other in (given("a", "1", "x"), given("a", "4", "x", cut=True)):
        for pair in ([extract, other], [other, extract]):
            with pytest.raises(BothWays):
                require_one_way([*pair, given("b", "2", "x")])


def test_the_rows_of_extracts_are_of_one_area(stage: Stage) -> None:
    extract = made(stage, words=words_of(stage)[0].split()[0])
    with reading(stage.house.engine) as db:
        assert extracts.load(db, stage.world.area.id, extract) is not None
        assert extracts.load(db, type(stage.world.area.id)("z" * 26), extract) is None
