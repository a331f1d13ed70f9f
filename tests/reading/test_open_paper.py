"""Opening a paper: only its reader, only while it is open, and never unwritten."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pikepdf
import pytest

from portal.chance import new_id
from portal.domain import statement
from portal.domain.ids import GrantId, PersonId
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.open_paper import OpenedPaper, open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.opening.reading_room import ReadingRoom, RoomFull
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import arrangements, minutes, papers, sendings
from portal.records.database import reading
from portal.storage.store import StorageError
from tests.journeys.other_area import other_area
from tests.reading.opening import opened, window
from tests.staging import Stage

TINY = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def sent(stage: Stage) -> Stage:
    """A pack that opens now, read by `ruth`, who has accepted the statement."""
    stage.send()
    stage.accept("ruth")
    return stage


def refused(stage: Stage, name: str = "ruth", grant_id: GrantId | None = None) -> Why:
    """Why it does not open; nothing may be written as if it had."""
    before = len(stage.lines("paper.opened"))
    with pytest.raises(Refused) as caught:
        open_paper(
            stage.house,
            stage.world.who(name),
            stage.grant(name).id if grant_id is None else grant_id,
        )
    assert len(stage.lines("paper.opened")) == before
    last = stage.lines()[-1]
    assert (last["deed"], last["actor"], last["why"]) == (
        "deed.refused",
        stage.id(name),
        caught.value.why.value,
    )
    return caught.value.why


# ---- what opens ----


def test_the_reader_gets_a_copy_with_their_name_number_and_time(sent: Stage) -> None:
    grant = sent.grant("ruth")
    paper = opened(sent)
    body = b"".join(paper.chunks())
    assert len(body) == paper.size
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert len(pdf.pages) >= 6
        told = str(pdf.docinfo) + str(pdf.open_metadata())
    assert f"Copy {grant.copy_number} of {grant.copies}" in told
    assert "Ruth Okell" in told
    assert "Northmere Adult Social Care" in told
    assert paper.filename == f"NMR/26/0117 pack copy {grant.copy_number}.pdf"


def test_the_line_and_the_opening_are_there_before_any_byte(sent: Stage) -> None:
    grant = sent.grant("ruth")
    opened(sent)  # not one chunk is taken
    line = sent.lines("paper.opened")[-1]
    assert (line["grant"], line["version"], line["actor"]) == (
        grant.id,
        grant.version_id,
        sent.id("ruth"),
    )
    with reading(sent.house.engine) as db:
        found = sendings.openings_of(db, sent.world.area.id, grant.sending_id)
    assert [opening.grant_id for opening in found] == [grant.id]
    sent.whole()


def test_each_opening_is_written_and_each_reader_has_their_own_copy(sent: Stage) -> None:
    sent.accept("joe")
    ruth, joe = sent.opens("ruth"), sent.opens("joe")
    assert ruth != joe
    assert b"Joe Tarn" not in ruth
    sent.opens("ruth")
    actors = [line["actor"] for line in sent.lines("paper.opened")]
    assert actors == [sent.id("ruth"), sent.id("joe"), sent.id("ruth")]


def test_more_time_is_signed_anew_and_opens(sent: Stage) -> None:
    _, closes = window(sent)
    until = closes + timedelta(days=2)
    give_more_time(
        sent.house, sent.world.who("helen"), sent.grant("ruth").id, until, "Was away on leave."
    )
    sent.world.clock.set(closes)
    assert sent.opens("ruth").startswith(b"%PDF-")
    sent.world.clock.set(until)
    assert refused(sent) is Why.ENDED


# ---- times ----


def test_it_opens_from_its_first_to_its_last_microsecond(sent: Stage) -> None:
    opens, closes = window(sent)
    sent.world.clock.set(opens)
    assert opened(sent).size
    sent.world.clock.set(closes - TINY)
    assert opened(sent).opened_at == closes - TINY


def test_it_does_not_open_at_the_end_nor_ever_after(sent: Stage) -> None:
    _, closes = window(sent)
    for at in (closes, closes + TINY, closes + timedelta(days=400)):
        sent.world.clock.set(at)
        assert refused(sent) is Why.ENDED


def test_it_does_not_open_before_its_time(stage: Stage) -> None:
    later = stage.world.clock.now() + timedelta(days=1)
    _arranged_for(stage, later)
    stage.send()
    stage.accept("ruth")
    assert refused(stage) is Why.NOT_YET
    stage.world.clock.set(later - TINY)
    assert refused(stage) is Why.NOT_YET
    stage.world.clock.set(later)
    assert opened(stage).size


@pytest.mark.parametrize("column", ["opens_at", "closes_at"])
def test_a_missing_time_means_no(sent: Stage, column: str) -> None:
    with tending(sent.house) as db:
        db.execute(sendings.grants.update().values({column: None}))
    assert refused(sent) is Why.TIMES_UNREADABLE


def test_a_window_that_was_widened_in_the_database_is_not_the_one_that_was_signed(
    sent: Stage,
) -> None:
    _, closes = window(sent)
    with tending(sent.house) as db:
        db.execute(sendings.grants.update().values(closes_at=closes + HOUR))
    with pytest.raises(Spoilt, match="window"):
        opened(sent)


def test_a_clock_that_was_moved_back_opens_nothing(sent: Stage) -> None:
    opened(sent)
    _, closes = window(sent)
    sent.world.clock.set(closes)
    assert refused(sent) is Why.ENDED
    sent.world.clock.advance(-HOUR)
    with pytest.raises(ClockDoubted):
        opened(sent)
    sent.world.clock.set(closes + TINY)
    sent.world.clock.doubt = "the clock is 60 minutes behind"
    before = len(sent.lines("paper.opened"))
    with pytest.raises((ClockDoubted, Refused)):
        opened(sent)
    assert len(sent.lines("paper.opened")) == before


# ---- who ----


def test_after_it_was_taken_back_it_opens_no_more(sent: Stage) -> None:
    take_back(sent.house, sent.world.who("helen"), sent.grant("ruth").sending_id)
    assert refused(sent) is Why.TAKEN_BACK


def test_taking_back_from_one_leaves_the_others(sent: Stage) -> None:
    sent.accept("joe")
    take_back(
        sent.house,
        sent.world.who("helen"),
        sent.grant("ruth").sending_id,
        person_id=sent.id("ruth"),
    )
    assert refused(sent) is Why.TAKEN_BACK
    assert sent.opens("joe").startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["joe", "grace", "helen", "sian", "dev", "priya"])
def test_somebody_elses_grant_does_not_exist(sent: Stage, name: str) -> None:
    assert refused(sent, name, sent.grant("ruth").id) is Why.NOT_THERE


@pytest.mark.parametrize("guess", ["", "a" * 26, "../../etc", "x" * 5000, "0", "%00"])
def test_a_guessed_id_does_not_exist(sent: Stage, guess: str) -> None:
    assert refused(sent, "ruth", GrantId(guess)) is Why.NOT_THERE


def test_another_area_does_not_see_that_it_exists(sent: Stage) -> None:
    olga = other_area(sent.world).olga
    with pytest.raises(Refused) as caught:
        open_paper(sent.house, olga, sent.grant("ruth").id)
    assert caught.value.why is Why.NOT_THERE


def test_without_a_confirmed_key_it_cannot_open_yet(sent: Stage) -> None:
    sent.accept("una")
    assert refused(sent, "una") is Why.CANNOT_OPEN_YET


def test_without_a_second_factor_in_this_session_nothing_opens(sent: Stage) -> None:
    who = sent.world.who("ruth")
    for at in (None, sent.world.clock.now() - timedelta(hours=8)):
        actor = replace(who.actor, factor_at=at)
        with pytest.raises(Refused) as caught:
            open_paper(sent.house, replace(who, actor=actor), sent.grant("ruth").id)
        assert caught.value.why is Why.SIGN_IN_AGAIN


# ---- the statement ----


def test_without_the_statement_nothing_opens(sent: Stage) -> None:
    assert refused(sent, "joe") is Why.STATEMENT_FIRST


def test_an_older_wording_does_not_count(sent: Stage) -> None:
    old = statement.wording("2025-9", "An earlier text.")
    _accepted(sent, "joe", old.version, old.digest)
    assert refused(sent, "joe") is Why.STATEMENT_FIRST
    sent.accept("joe")
    assert opened(sent, "joe").size


def test_the_version_alone_does_not_count_without_its_very_words(sent: Stage) -> None:
    changed = statement.wording(statement.CURRENT.version, "One word was changed.")
    _accepted(sent, "joe", changed.version, changed.digest)
    assert refused(sent, "joe") is Why.STATEMENT_FIRST


def test_the_statement_of_another_case_does_not_count(sent: Stage) -> None:
    with tending(sent.house) as db:
        minutes.accept_statement(
            db,
            minutes.Acceptance(
                sent.world.area.id,
                type(sent.slot_id)(new_id()),
                sent.id("joe"),
                statement.CURRENT.version,
                statement.CURRENT.digest,
                sent.world.clock.now(),
            ),
        )
    assert refused(sent, "joe") is Why.STATEMENT_FIRST


# ---- spoilt ----


def test_somebody_elses_wrap_in_my_place_opens_nothing(sent: Stage) -> None:
    grant = sent.grant("ruth")
    with tending(sent.house) as db:
        other = papers.header_for(db, grant.area_id, grant.version_id, sent.id("joe"))
        assert other is not None
        papers.save_header(db, replace(other, reader_id=sent.id("ruth")))
    with pytest.raises(Spoilt):
        opened(sent)


def test_a_wrap_under_a_name_that_was_not_signed_for_opens_nothing(sent: Stage) -> None:
    """A grant slipped into the database, with a real wrap, names nobody in the manifest."""
    ruth = sent.grant("ruth")
    with tending(sent.house) as db:
        header = papers.header_for(db, ruth.area_id, ruth.version_id, sent.id("ruth"))
        assert header is not None
        papers.save_header(db, replace(header, fingerprint="0" * 64))
    with pytest.raises(Spoilt, match="recipient"):
        opened(sent)


def test_a_wrap_that_went_is_a_paper_taken_back(sent: Stage) -> None:
    grant = sent.grant("ruth")
    with tending(sent.house) as db:
        papers.remove_header(db, grant.area_id, grant.version_id, sent.id("ruth"))
    with pytest.raises(Refused) as caught:
        opened(sent)
    assert caught.value.why is Why.TAKEN_BACK


def test_a_payload_that_went_opens_nothing(sent: Stage) -> None:
    grant = sent.grant("ruth")
    with reading(sent.house.engine) as db:
        version = papers.load_version(db, grant.area_id, grant.version_id)
    assert version is not None
    sent.house.store.delete(version.payload_sha256)
    with pytest.raises(StorageError):
        opened(sent)


# ---- many at once ----


def test_only_so_many_papers_are_in_memory_at_once(sent: Stage) -> None:
    room = ReadingRoom(seats=1, wait_seconds=0.05)
    house = replace(sent.house, reading_room=room)
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    with room.seat(), pytest.raises(RoomFull):
        open_paper(house, who, grant.id)
    assert sent.lines("paper.opened") == []
    assert open_paper(house, who, grant.id).size


def test_what_is_examined_keeps_no_reader_waiting(sent: Stage) -> None:
    full = ReadingRoom(seats=1, wait_seconds=0.05)
    house = replace(sent.house, examining_room=full)
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    with full.seat("somebody"):
        assert open_paper(house, who, grant.id).size


def test_nobody_has_more_than_two_seats_where_files_are_examined() -> None:
    room = ReadingRoom(seats=4, wait_seconds=0.05)
    with room.seat("one"), room.seat("one"):
        with pytest.raises(RoomFull), room.seat("one"):
            pass
        with room.seat("another"), room.seat("another"):
            pass
    with room.seat("one"), room.seat("one"):
        pass
    assert len(room._of) == 0, "whoever is gone is forgotten"


def test_several_readers_at_once_each_get_theirs(sent: Stage) -> None:
    sent.accept("joe", "carys", "mark")
    names = ("ruth", "joe", "carys", "mark")
    grants = {name: sent.grant(name).id for name in names}
    people_ = {name: sent.world.who(name) for name in names}
    got: dict[str, OpenedPaper] = {}

    def read(name: str) -> None:
        got[name] = open_paper(sent.house, people_[name], grants[name])

    threads = [threading.Thread(target=read, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(got) == set(names)
    assert len(sent.lines("paper.opened")) == 4
    sent.whole()


def _accepted(stage: Stage, name: str, version: str, digest: str) -> None:
    person_id: PersonId = stage.id(name)
    with tending(stage.house) as db:
        minutes.accept_statement(
            db,
            minutes.Acceptance(
                stage.world.area.id,
                stage.slot_id,
                person_id,
                version,
                digest,
                stage.world.clock.now(),
            ),
        )


def _arranged_for(stage: Stage, opens_at: datetime) -> None:
    stage.arrange()
    with tending(stage.house) as db:
        arrangements.save_times(
            db,
            arrangements.PackTimes(
                stage.world.area.id, stage.slot_id, opens_at, opens_at + timedelta(days=20)
            ),
        )
