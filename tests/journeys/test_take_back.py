"""Taking back: at once, from all or from one, whatever else is the matter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.domain.grants import GrantState
from portal.domain.papers import Header
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.digests import read_text
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.views.pack import sending_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, outbox, papers, texts
from portal.records.database import reading
from tests.staging import INVITED, WAITING, Stage


def letters(stage: Stage, kind: str) -> list[str]:
    with reading(stage.house.engine) as db:
        found = outbox.due(db, stage.world.clock.now(), 1000)
    return sorted(each.address.split("@")[0] for each in found if each.letter == kind)


def test_from_everybody(stage: Stage) -> None:
    sent = stage.send()
    stage.accept("joe")
    stage.opens("joe")
    opened_at = stage.world.clock.now()
    stage.world.clock.advance(timedelta(minutes=5))
    back = take_back(stage.house, stage.world.who("helen"), sent.sending.id, "Wrong case.")
    assert back.opened == (("Joe Tarn", opened_at),)
    assert len(back.names) == len(INVITED)
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
    with pytest.raises(Refused) as refused:
        stage.opens("joe")
    assert refused.value.why is Why.TAKEN_BACK
    with reading(stage.house.engine) as db:
        assert papers.readers_of(db, stage.world.area.id, stage.grant("joe").version_id) == {"unit"}
    # Those who never could open it were never told of it.
    assert letters(stage, "pack_taken_back") == sorted(set(INVITED) - WAITING)
    stage.whole()


def test_from_one_person_touches_no_other(stage: Stage) -> None:
    sent = stage.send()
    take_back(stage.house, stage.world.who("tom"), sent.sending.id, person_id=stage.id("joe"))
    stage.accept("ruth")
    assert stage.opens("ruth").startswith(b"%PDF")
    assert stage.states()["joe"] is GrantState.TAKEN_BACK
    assert letters(stage, "pack_taken_back") == ["joe"]
    page = sending_page(stage.house, stage.world.who("helen"), sent.sending.id)
    assert [line.living for line in page.copies].count(False) == 1
    stage.whole()


def test_nobody_had_opened_it(stage: Stage) -> None:
    sent = stage.send()
    assert take_back(stage.house, stage.world.who("helen"), sent.sending.id).opened == ()


def test_twice_is_no_error_and_tells_nobody_again(stage: Stage) -> None:
    sent = stage.send()
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    told = letters(stage, "pack_taken_back")
    again = take_back(stage.house, stage.world.who("tom"), sent.sending.id)
    assert again.names == ()
    assert letters(stage, "pack_taken_back") == told
    assert stage.lines("access.taken_back")[-1]["persons"] == []


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_only_coordinators_and_deputies(stage: Stage, name: str) -> None:
    sent = stage.send()
    with pytest.raises(Refused) as refused:
        take_back(stage.house, stage.world.who(name), sent.sending.id)
    assert refused.value.why is Why.NOT_YOUR_ROLE
    assert GrantState.TAKEN_BACK not in stage.states().values()


@pytest.mark.parametrize("what", ["sending", "person"])
def test_what_is_not_there(stage: Stage, what: str) -> None:
    sent = stage.send()
    with pytest.raises(Refused) as refused:
        take_back(
            stage.house,
            stage.world.who("helen"),
            "f" * 32 if what == "sending" else sent.sending.id,
            person_id=stage.id("dev") if what == "person" else None,
        )
    assert refused.value.why is Why.NOT_THERE
    assert GrantState.TAKEN_BACK not in stage.states().values()


def test_the_reason_is_sealed_to_the_unit(stage: Stage) -> None:
    sent = stage.send()
    take_back(stage.house, stage.world.who("helen"), sent.sending.id, "Ruth is his cousin.")
    with reading(stage.house.engine) as db:
        kept = texts.of_subjects(db, stage.world.area.id, [sent.sending.id])
        unit = stage.world.who("tom").unit(db)
    (found,) = (each.sealed for each in kept)
    assert b"cousin" not in found
    assert read_text(found, [unit.opener()]).text == "Ruth is his cousin."
    assert "cousin" not in str(stage.lines())


def test_a_doubted_clock_does_not_hinder_it(stage: Stage) -> None:
    sent = stage.send()
    stage.world.clock.doubt = "moved"
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}


def test_a_swapped_unit_key_does_not_hinder_it_and_raises_the_alarm(stage: Stage) -> None:
    sent = stage.send()
    with tending(stage.house) as db:
        db.execute(update(keys.unit_keys).values(fingerprint="0" * 64, recipient=b"x" * 1216))
    back = take_back(stage.house, stage.world.who("helen"), sent.sending.id, "Wrong case.")
    assert not back.reason_kept
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
    assert len(stage.lines("key.alarm")) == 1
    assert letters(stage, "key_alarm") == ["unit"]


def test_a_rogue_wrap_does_not_hinder_it_and_is_found_by_the_nightly_check(stage: Stage) -> None:
    sent = stage.send()
    version = stage.grant("joe").version_id
    with tending(stage.house) as db:
        own = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert own is not None
        papers.save_header(
            db, Header(own.area_id, version, stage.id("dev"), own.fingerprint, own.header)
        )
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
    assert check_exactness(stage.house, stage.world.area.id) == [version]


def test_a_wrap_put_back_after_taking_back_opens_nothing(stage: Stage) -> None:
    sent = stage.send()
    stage.accept("joe")
    version = stage.grant("joe").version_id
    with reading(stage.house.engine) as db:
        own = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    with tending(stage.house) as db:
        assert own is not None
        papers.save_header(db, own)
    with pytest.raises(Refused):
        stage.opens("joe")
    # Taking back once more removes what was put back.
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    assert check_exactness(stage.house, stage.world.area.id) == []


def test_what_was_taken_back_gets_no_more_time(stage: Stage) -> None:
    sent = stage.send()
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    until = stage.world.clock.now() + timedelta(days=60)
    with pytest.raises(Refused) as refused:
        give_more_time(stage.house, stage.world.who("helen"), stage.grant("joe").id, until, "Asks.")
    assert refused.value.why is Why.TAKEN_BACK


def test_what_was_taken_back_while_it_waited_is_not_given(stage: Stage) -> None:
    sent = stage.send()
    stage.confirm("una")
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    with pytest.raises(StillWaiting):
        grant_waiting(stage.house, stage.world.who("helen"), stage.id("una"))
    stage.whole()


def test_a_later_sending_is_not_taken_back_with_an_earlier_one(stage: Stage) -> None:
    first = stage.send()
    second = stage.send()
    take_back(stage.house, stage.world.who("helen"), first.sending.id)
    stage.accept("joe")
    assert stage.opens("joe", second.sending.id).startswith(b"%PDF")
    with pytest.raises(Refused):
        stage.opens("joe", first.sending.id)
    stage.whole()


def test_taken_back_while_it_is_being_handed_over(stage: Stage) -> None:
    sent = stage.send()
    stage.accept("joe")
    opened = open_paper(stage.house, stage.world.who("joe"), stage.grant("joe").id)
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    with pytest.raises(Refused):
        next(opened.chunks())


def together(*calls: Callable[[], object]) -> list[object]:
    """What each call, made at once, answered or raised."""
    start = threading.Barrier(len(calls))
    answers: list[object] = [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        start.wait()
        try:
            answers[place] = call()
        except Exception as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("_round", range(4))
def test_taking_back_races_the_click_that_gives(stage: Stage, _round: int) -> None:
    sent = stage.send()
    stage.confirm("una")
    helen, tom = stage.world.who("helen"), stage.world.who("tom")
    answers = together(
        lambda: grant_waiting(stage.house, helen, stage.id("una")),
        lambda: take_back(stage.house, tom, sent.sending.id),
        lambda: take_back(stage.house, helen, sent.sending.id, person_id=stage.id("una")),
    )
    failed = [each for each in answers if isinstance(each, Exception)]
    assert all(isinstance(each, StillWaiting | Changed) for each in failed)
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
    stage.whole()


@pytest.mark.parametrize("_round", range(4))
def test_two_coordinators_send_at_once(stage: Stage, _round: int) -> None:
    digest = stage.digest()
    codes = {name: stage.world.code(name) for name in ("helen", "tom")}
    who = {name: stage.world.who(name) for name in codes}
    answers = together(
        *(
            lambda name=name: send_pack(
                stage.house, who[name], stage.slot_id, digest, codes[name], "No referral."
            )
            for name in codes
        )
    )
    assert sorted(type(each).__name__ for each in answers) == ["Changed", "Dispatched"]
    assert len(stage.lines("pack.sent")) == 1
    assert len(stage.states()) == len(INVITED)
    stage.whole()
