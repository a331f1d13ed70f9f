"""Somebody puts the whole database back to yesterday, its ledger too: nothing opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.deeds import Deed
from portal.domain.grants import GrantState
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.read_page import draw_page
from portal.journeys.running.accept_record import accept_record, records_behind
from portal.ledger.errors import RecordBehind
from portal.records.database import reading
from tests.browsing import words_of
from tests.putting_back import put_back_after
from tests.staging import Stage
from tests.web.browsing import send, sign_in

pytestmark = pytest.mark.real("SQLite and folder")


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth", "joe")
    return stage


def put_back_after_taking_back(at: Stage, tmp_path: Path) -> None:
    who, sending_id = at.world.who("helen"), at.grant("ruth").sending_id
    put_back_after(at.house, tmp_path, lambda: take_back(at.house, who, sending_id, "Wrong case."))
    assert at.grant("ruth").state is GrantState.GRANTED


def test_nothing_opens_and_the_page_says_why(sent: Stage, tmp_path: Path) -> None:
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    client = sent.world.client("ruth")
    begin_reading(sent.house, who, grant.id)
    put_back_after_taking_back(sent, tmp_path)
    for way in (open_paper, begin_reading):
        with pytest.raises(RecordBehind):
            way(sent.house, who, grant.id)
    with pytest.raises(RecordBehind):
        draw_page(sent.house, who, grant.id, 1)
    answer = send(client, f"/papers/{grant.id}/open")
    assert answer.status_code == 503
    assert "The record does not go on from where it was" in words_of(answer)
    assert len(sent.lines("paper.opened")) == 1, "the reading that was begun before"
    state = words_of(sent.world.client("dev").get("/operator/"))
    assert "Nothing opens: the record has" in state


def test_time_and_people_signing_in_do_not_make_it_believed(sent: Stage, tmp_path: Path) -> None:
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    put_back_after_taking_back(sent, tmp_path)
    for name in ("joe", "mark", "tom"):
        sign_in(sent.world, name)
    with pytest.raises(RecordBehind):
        open_paper(sent.house, who, grant.id)


def test_taking_back_still_works(sent: Stage, tmp_path: Path) -> None:
    put_back_after_taking_back(sent, tmp_path)
    take_back(sent.house, sent.world.who("helen"), sent.grant("ruth").sending_id, "Again.")
    assert sent.grant("ruth").state is GrantState.TAKEN_BACK


def test_an_operator_goes_on_with_it_and_leaves_a_line(sent: Stage, tmp_path: Path) -> None:
    who, grant = sent.world.who("joe"), sent.grant("joe")
    assert records_behind(sent.house) == []
    put_back_after_taking_back(sent, tmp_path)
    (behind,) = records_behind(sent.house)
    assert behind.seen.size > behind.lines
    accept_record(sent.house, behind)
    assert records_behind(sent.house) == []
    open_paper(sent.house, who, grant.id)
    (told,) = sent.lines(Deed.RECORD_ACCEPTED.value)
    assert (told["seen"], told["root"]) == (behind.seen.size, behind.seen.root.hex())
    with reading(sent.house.engine) as db:
        sent.house.witness.require(db, sent.world.area.id, sent.house.signer(sent.world.area.id))
