"""On PostgreSQL too: of many who send, give and take back at once, the outcome is one story."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import URL

from portal.domain.grants import GrantState
from portal.journeys.changed import Changed
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.packs.send_pack import send_pack
from tests.journeys.test_take_back import together
from tests.staging import INVITED, REASON, WAITING, Stage, stage_on

pytestmark = pytest.mark.real("PostgreSQL")


@pytest.fixture
def on_postgres(postgres_url: URL, tmp_path: Path) -> Iterator[Stage]:
    made = stage_on(postgres_url, tmp_path)
    yield made
    made.house.engine.dispose()


@pytest.mark.timeout(300)
def test_sending_giving_and_taking_back_at_once(on_postgres: Stage) -> None:
    stage = on_postgres
    helen, tom = stage.world.who("helen"), stage.world.who("tom")
    stage.confirm("una")
    for _ in range(3):
        digest = stage.digest()
        codes = {"helen": stage.world.code("helen"), "tom": stage.world.code("tom")}
        whos = {"helen": helen, "tom": tom}
        tries = [
            partial(send_pack, stage.house, whos[name], stage.slot_id, digest, codes[name], REASON)
            for name in codes
        ]
        answers = together(*tries)
        kinds = sorted(type(each).__name__ for each in answers)
        assert kinds == ["Changed", "Dispatched"], answers
        sent = next(each for each in answers if not isinstance(each, Exception))
        stage.whole()
        assert set(stage.states()) == set(INVITED)
        answers = together(
            lambda sent=sent: take_back(stage.house, helen, sent.sending.id),
            lambda sent=sent: take_back(stage.house, tom, sent.sending.id),
            lambda: grant_waiting(stage.house, helen, stage.id("newcomer")),
        )
        failed = [each for each in answers if isinstance(each, Exception)]
        assert all(isinstance(each, StillWaiting | Changed) for each in failed)
        assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
        stage.whole()
    assert len(stage.lines("pack.sent")) == 3


def test_a_pack_goes_out_and_opens(on_postgres: Stage) -> None:
    stage = on_postgres
    stage.arrange(kept_back={"joe": ["F"]})
    stage.send()
    stage.accept("joe")
    assert stage.opens("joe").startswith(b"%PDF")
    waiting = {name for name, state in stage.states().items() if state is GrantState.WAITING}
    assert waiting == WAITING
    stage.whole()
