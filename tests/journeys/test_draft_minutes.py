"""The draft of the minutes: who sees it, and the chair's approval of one version."""

from __future__ import annotations

import threading

import pytest

from portal.documents.refusal import RefusedPaper
from portal.domain.people import Role
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.minutes.approve_minutes import approve_minutes
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.minutes.read_minutes import read_minutes
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.minutes import (
    chair_page,
    minutes_page,
)
from portal.journeys.views.reader_home import Entry, What, reader_home
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, minutes, papers, people
from portal.records.database import reading
from tests.documents.making import numbered
from tests.staging import Stage


def to_approve(stage: Stage, name: str) -> list[Entry]:
    home = reader_home(stage.house, stage.world.who(name))
    return [entry for entry in home.entries if entry.what is What.APPROVAL]


def filed_version(stage: Stage):
    with reading(stage.house.engine) as db:
        found = minutes.load(db, stage.world.area.id, stage.slot_id)
    assert found is not None
    return found.version_id


def test_the_chair_reads_and_approves_the_draft(stage: Stage) -> None:
    stage.file()
    alan = stage.world.who("alan")
    (waits,) = to_approve(stage, "alan")
    assert (waits.subject, waits.reference) == (stage.slot_id, "NMR/26/0117")
    assert read_minutes(stage.house, alan, stage.slot_id).startswith(b"%PDF")
    stage.approve()
    assert to_approve(stage, "alan") == []
    page = chair_page(stage.house, alan, stage.slot_id)
    assert page.approved_by == "Alan Reeve"
    assert read_minutes(stage.house, alan, stage.slot_id).startswith(b"%PDF")
    assert [each["actor"] for each in stage.lines("minutes.read")] == [stage.id("alan")] * 2


@pytest.mark.parametrize("name", ["joe", "ruth", "sian", "dev", "carys"])
def test_nobody_else_sees_a_draft(stage: Stage, name: str) -> None:
    stage.file()
    who = stage.world.who(name)
    for act in (
        lambda: read_minutes(stage.house, who, stage.slot_id),
        lambda: chair_page(stage.house, who, stage.slot_id),
        lambda: minutes_page(stage.house, who, stage.slot_id),
        lambda: approve_minutes(stage.house, who, stage.slot_id, filed_version(stage), "000000"),
    ):
        with pytest.raises(Refused):
            act()
    assert to_approve(stage, name) == []
    with reading(stage.house.engine) as db:
        readers = papers.readers_of(db, stage.world.area.id, filed_version(stage))
    assert readers == {"unit", stage.id("alan")}


@pytest.mark.parametrize("name", ["helen", "tom", "priya"])
def test_the_unit_reads_and_cannot_approve(stage: Stage, name: str) -> None:
    stage.file(name)
    assert read_minutes(stage.house, stage.world.who(name), stage.slot_id).startswith(b"%PDF")
    with pytest.raises(Refused):
        stage.approve(name)


def test_a_chair_of_another_slot_approves_nothing_here(stage: Stage) -> None:
    stage.file()
    with tending(stage.house) as db:
        joe = people.by_id(db, stage.id("joe"))
        assert joe is not None
        db.execute(
            people.people.update()
            .where(people.people.c.id == joe.id)
            .values(roles=joe.roles | {Role.CHAIR})
        )
    with pytest.raises(Refused) as refused:
        stage.approve("joe")
    assert refused.value.why is Why.NOT_THERE


def test_an_approval_is_of_one_version(stage: Stage) -> None:
    stage.file()
    first = filed_version(stage)
    stage.file(pages=3)
    alan = stage.world.who("alan")
    with pytest.raises(Changed):
        approve_minutes(stage.house, alan, stage.slot_id, first, stage.world.code("alan"))
    stage.approve()
    assert minutes_page(stage.house, stage.world.who("helen"), stage.slot_id).version_number == 2


def test_what_is_approved_is_not_replaced_nor_approved_twice(stage: Stage) -> None:
    stage.file()
    stage.approve()
    with pytest.raises(Refused) as refused:
        stage.file()
    assert refused.value.why is Why.ALREADY_APPROVED
    with pytest.raises(Refused) as refused:
        stage.approve()
    assert refused.value.why is Why.ALREADY_APPROVED


def test_approval_takes_an_unused_code(stage: Stage) -> None:
    stage.file()
    alan, version = stage.world.who("alan"), filed_version(stage)
    with pytest.raises(CodeRefused):
        approve_minutes(stage.house, alan, stage.slot_id, version, "000000")
    code = stage.world.code("alan")
    approve_minutes(stage.house, alan, stage.slot_id, version, code)
    with pytest.raises(Refused):
        approve_minutes(stage.house, alan, stage.slot_id, version, code)
    assert len(stage.lines("minutes.approved")) == 1


def test_filing_races_approval(stage: Stage) -> None:
    """What was approved is what stands, whichever came first."""
    stage.file()
    alan, helen, version = stage.world.who("alan"), stage.world.who("helen"), filed_version(stage)
    other = examine_minutes(stage.house, helen, stage.slot_id, numbered(1, "Other"))
    code, errors = stage.world.code("alan"), []

    def run(act) -> None:
        try:
            act()
        except (Changed, Refused) as error:
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=[act])
        for act in (
            lambda: approve_minutes(stage.house, alan, stage.slot_id, version, code),
            lambda: file_minutes(stage.house, helen, stage.slot_id, other),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    approved = stage.lines("minutes.approved")
    assert (filed_version(stage) == version) == bool(approved)


def test_a_chair_whose_key_was_confirmed_later_is_told_what_to_do(stage: Stage) -> None:
    with tending(stage.house) as db:
        kept = keys.confirmations_of_area(db, stage.world.area.id)[stage.id("alan")]
        keys.remove_confirmation(db, stage.world.area.id, stage.id("alan"))
    stage.file()
    with tending(stage.house) as db:
        keys.save_confirmation(db, kept)
    alan = stage.world.who("alan")
    assert not chair_page(stage.house, alan, stage.slot_id).can_read
    with pytest.raises(Changed, match="file the draft again"):
        read_minutes(stage.house, alan, stage.slot_id)
    code = stage.world.code("alan")
    with pytest.raises(Changed, match="file the draft again"):
        approve_minutes(stage.house, alan, stage.slot_id, filed_version(stage), code)
    stage.file()
    approve_minutes(stage.house, alan, stage.slot_id, filed_version(stage), code)


def test_a_refused_file_leaves_its_line_and_nothing_else(stage: Stage) -> None:
    before = set(stage.house.store.names())
    with pytest.raises(RefusedPaper):
        examine_minutes(
            stage.house, stage.world.who("helen"), stage.slot_id, b"PK\x03\x04 not a pdf"
        )
    assert stage.lines("file.refused")[0]["subject"] == stage.slot_id
    assert set(stage.house.store.names()) == before
    with pytest.raises(Refused):
        read_minutes(stage.house, stage.world.who("helen"), stage.slot_id)
