"""On PostgreSQL too: keys of people and of the unit change while others read and send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from portal.journeys.changed import Changed
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.rewrap_unit import left_to_rewrap, rewrap_unit
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.own_account.change_keys import change_keys
from portal.journeys.own_account.rewrap_own import left_of_own, rewrap_own
from portal.journeys.signing_in.recall import Recalled, recall
from portal.records.database import reading
from tests.journeys.test_own_keys_changed import begun, opens
from tests.journeys.test_take_back import together
from tests.staging import Stage, stage_on

pytestmark = [pytest.mark.real("PostgreSQL"), pytest.mark.timeout(300)]


@pytest.fixture
def sent(postgres_url: URL, tmp_path: Path) -> Iterator[Stage]:
    made = stage_on(postgres_url, tmp_path)
    made.arrange()
    made.send()
    made.accept("ruth", "joe", "mark")
    yield made
    made.house.engine.dispose()


def now_of(stage: Stage) -> str:
    with reading(stage.house.engine) as db:
        return unit_recipient(stage.house, db, stage.world.area.id).fingerprint


def test_a_person_s_keys_change_while_others_read(sent: Stage) -> None:
    found, was = begun(sent, "ruth"), own_fingerprint(begun(sent, "ruth").who())
    code = sent.world.code("ruth")
    answers = together(
        lambda: change_keys(sent.house, found, was, code),
        lambda: sent.opens("joe"),
        lambda: sent.opens("mark"),
    )
    assert not [each for each in answers if isinstance(each, Exception)]
    (secret,) = [each for each in answers if isinstance(each, bytes) and len(each) == 32]
    going_on = recall(sent.house, secret)
    assert isinstance(going_on, Recalled)
    after = going_on.who()
    assert opens(sent, after, "ruth").startswith(b"%PDF")
    assert left_of_own(sent.house, after) > 0
    assert rewrap_own(sent.house, after) == 0
    assert opens(sent, after, "ruth").startswith(b"%PDF")
    sent.whole()


def test_of_two_who_change_the_unit_s_key_at_once_one_does(sent: Stage) -> None:
    was = now_of(sent)
    whos = {name: (sent.world.who(name), sent.world.code(name)) for name in ("helen", "tom")}
    answers = together(
        *(
            lambda who=who, code=code: change_unit_key(sent.house, who, was, code)
            for who, code in whos.values()
        ),
        lambda: sent.opens("joe"),
    )
    failed = [each for each in answers if isinstance(each, Exception)]
    assert [type(each) for each in failed] == [Changed]
    assert now_of(sent) != was
    together(
        *(lambda who=who: rewrap_unit(sent.house, who) for who, _code in whos.values()),
    )
    with reading(sent.house.engine) as db:
        assert left_to_rewrap(db, sent.world.area.id, now_of(sent)) == 0
    sent.whole()
    assert sent.opens("joe").startswith(b"%PDF")
    sent.send()
    sent.whole()
