"""The unit is given a new key: what is sealed from then on, and what was sealed before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.crypto.age.errors import NotForYou
from portal.crypto.fingerprint import fingerprint
from portal.crypto.sealing import open_header, open_text
from portal.crypto.unit import UnitKey
from portal.domain.papers import UNIT_READER
from portal.domain.sealed import Sealed
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.change_unit_key import UnitKeyChanged, change_unit_key
from portal.journeys.keys.rewrap_unit import left_to_rewrap, rewrap_unit
from portal.journeys.keys.unit_of import OpenUnit, open_unit_of
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.record.read_reasons import read_reasons
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.policy.judge import Refused
from portal.records import keys, outbox, papers, texts
from portal.records.database import reading
from portal.storage.memory import MemoryStore
from tests.staging import REASON, Stage


def unit_of(stage: Stage, by: str = "helen") -> OpenUnit:
    with reading(stage.house.engine) as db:
        return open_unit_of(stage.house, db, stage.world.who(by))


def now_of(stage: Stage) -> str:
    with reading(stage.house.engine) as db:
        return unit_recipient(stage.house, db, stage.world.area.id).fingerprint


def change(stage: Stage, by: str = "helen", was: str | None = None) -> UnitKeyChanged:
    code = stage.world.code(by)
    was = now_of(stage) if was is None else was
    return change_unit_key(stage.house, stage.world.who(by), was, code)


def left(stage: Stage) -> int:
    with reading(stage.house.engine) as db:
        return left_to_rewrap(db, stage.world.area.id, now_of(stage))


def sealed_to(stage: Stage, unit: UnitKey) -> tuple[int, int]:
    """How many of the unit's wraps, and of its texts, this key's newest identity opens."""
    opened = [0, 0]
    with reading(stage.house.engine) as db:
        headers = db.execute(
            select(papers.headers.c.header).where(papers.headers.c.reader_id == UNIT_READER)
        ).scalars()
        written = db.execute(select(texts.sealed_texts.c.sealed)).scalars()
        for place, blobs, opens in ((0, headers, open_header), (1, written, open_text)):
            for blob in blobs:
                try:
                    opens(blob, [unit.opener()])
                    opened[place] += 1
                except NotForYou:
                    pass
    return opened[0], opened[1]


def everything_opens(stage: Stage) -> None:
    """Names, particulars, reasons, a report, more time for one, a copy that waited."""
    helen = stage.world.who("helen")
    assert read_names(stage.house, helen)[stage.case_id] == "Wilfred Crane"
    assert read_case(stage.house, helen, stage.case_id).particulars.name == "Wilfred Crane"
    assert read_reasons(stage.house, helen, stage.slot_id).reasons
    assert stage.opens("ruth").startswith(b"%PDF")


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.send()
    stage.accept("ruth", "joe", "mark")
    return stage


def test_everything_is_sealed_to_the_new_key_and_opens_as_before(sent: Stage) -> None:
    before = unit_of(sent)
    wraps, written = sealed_to(sent, before.key)
    assert wraps > 4
    assert written > 4
    assert change(sent).members == 3
    assert left(sent) == wraps + written
    everything_opens(sent)
    done = rewrap_unit(sent.house, sent.world.who("helen"))
    assert (done.done, done.left) == (wraps + written, 0)
    after = unit_of(sent)
    assert sealed_to(sent, after.key) == (wraps, written)
    assert sealed_to(sent, before.key) == (0, 0)
    assert after.key.former == (before.key.identity,)
    everything_opens(sent)
    sent.confirm("una")
    assert grant_waiting(sent.house, sent.world.who("tom"), sent.id("una"))
    sent.arrange()
    sent.send()
    sent.whole()


def test_every_member_has_the_new_key_and_nobody_else(sent: Stage) -> None:
    change(sent)
    keys_of = {name: unit_of(sent, name).key for name in ("helen", "tom", "priya")}
    assert len(set(keys_of.values())) == 1
    with reading(sent.house.engine) as db:
        wraps = db.execute(select(keys.unit_wraps.c.person_id)).scalars().all()
    assert len(wraps) == 3
    for name in ("ruth", "sian"):
        with pytest.raises(Refused):
            unit_of(sent, name)


def test_the_line_and_the_letters(sent: Stage) -> None:
    was = now_of(sent)
    change(sent)
    told = sent.lines("unit_key.changed")[0]
    assert (told["former"], told["unit_fingerprint"]) == (was, now_of(sent))
    rewrap_unit(sent.house, sent.world.who("tom"), most=3)
    slices = sent.lines("unit_key.rewrapped")
    assert len(slices) > 2
    assert slices[-1]["left"] == 0
    assert {each["actor"] for each in slices} == {sent.id("tom")}
    with reading(sent.house.engine) as db:
        due = outbox.due(db, sent.world.clock.now(), 1000)
    letters = {notice.address for notice in due if notice.letter == "unit_key_changed"}
    members = {sent.world.person(name).email for name in ("helen", "tom", "priya")}
    assert members | {sent.world.area.unit_email} <= letters
    assert sent.world.person("ruth").email not in letters


def test_it_stops_anywhere_and_another_coordinator_goes_on(sent: Stage) -> None:
    change(sent)
    whole = left(sent)
    for who, slices in (("helen", 1), ("tom", 2)):
        done = rewrap_unit(sent.house, sent.world.who(who), most=2, slices=slices)
        assert not done.whole
        assert done.done <= 2 * slices
        everything_opens(sent)
    assert 0 < left(sent) < whole
    # What is sent, taken back, and given longer in between is sealed to the new key.
    sent.arrange()
    sending = sent.send()
    take_back(sent.house, sent.world.who("helen"), sending.sending.id, REASON, sent.id("joe"))
    until = sent.grant("mark").closes_at
    assert until is not None
    again = sent.grant("mark")
    give_more_time(
        sent.house, sent.world.who("helen"), again.id, until.replace(hour=until.hour + 1), REASON
    )
    assert rewrap_unit(sent.house, sent.world.who("tom"), most=2, slices=200).left == 0
    sent.whole()
    assert rewrap_unit(sent.house, sent.world.who("tom")).done == 0
    everything_opens(sent)


def test_changed_twice_before_the_first_work_is_done(sent: Stage) -> None:
    first = unit_of(sent).key
    change(sent)
    rewrap_unit(sent.house, sent.world.who("helen"), most=3, slices=1)
    second = unit_of(sent).key
    change(sent, "tom")
    everything_opens(sent)
    assert rewrap_unit(sent.house, sent.world.who("helen")).left == 0
    assert sealed_to(sent, first) == sealed_to(sent, second) == (0, 0)
    assert unit_of(sent).key.former == (second.identity, first.identity)
    everything_opens(sent)


class Meanwhile(MemoryStore):
    """A store whose first writing takes so long that something else happens meanwhile."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = [happens]

    def put(self, name: str, sealed: Sealed) -> None:
        super().put(name, sealed)
        if self._happens:
            self._happens.pop()()


def test_a_pack_prepared_before_and_sent_after(sent: Stage) -> None:
    """Sealing takes its time outside the lock: what was sealed to the former key is not sent."""
    sent.arrange()
    digest, code = sent.digest(), sent.world.code("helen")
    store = Meanwhile(lambda: change(sent, "tom"))
    store._kept.update(sent.world.store._kept)
    slow = replace(sent.house, store=store)
    with pytest.raises(Changed):
        send_pack(slow, sent.world.who("helen"), sent.slot_id, digest, code, REASON, download=True)
    assert len(sent.lines("unit_key.changed")) == 1
    assert len(sent.lines("pack.sent")) == 1
    sent.whole()


@pytest.mark.parametrize("by", ["priya", "ruth", "sian", "alan"])
def test_nobody_else_changes_it(sent: Stage, by: str) -> None:
    was = now_of(sent)
    with pytest.raises(Refused):
        change_unit_key(sent.house, sent.world.who(by), was, "000000")
    with pytest.raises(Refused):
        rewrap_unit(sent.house, sent.world.who(by))
    assert now_of(sent) == was


def test_a_form_sent_again_and_two_at_once(sent: Stage) -> None:
    was, code = now_of(sent), sent.world.code("helen")
    change_unit_key(sent.house, sent.world.who("helen"), was, code)
    now = now_of(sent)
    with pytest.raises(Changed):
        change_unit_key(sent.house, sent.world.who("helen"), was, code)
    with pytest.raises(Changed):
        change(sent, "tom", was)
    with pytest.raises(CodeRefused):
        change_unit_key(sent.house, sent.world.who("helen"), now, code)
    assert now_of(sent) == now
    assert len(sent.lines("unit_key.changed")) == 1


@contextmanager
def full(stage: Stage) -> Iterator[None]:
    """The ledger takes no line, as on a full disk."""
    with tending(stage.house) as db:
        db.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON ledger_entries "
            "BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    yield
    with tending(stage.house) as db:
        db.exec_driver_sql("DROP TRIGGER full")


def test_what_cannot_be_written_down_changes_nothing(sent: Stage) -> None:
    was, before = now_of(sent), unit_of(sent).key
    with full(sent), pytest.raises(IntegrityError):
        change(sent)
    assert now_of(sent) == was
    everything_opens(sent)
    change(sent)
    with full(sent), pytest.raises(IntegrityError):
        rewrap_unit(sent.house, sent.world.who("helen"), most=3)
    assert sealed_to(sent, unit_of(sent).key) == (0, 0)
    everything_opens(sent)
    assert rewrap_unit(sent.house, sent.world.who("helen"), most=3, slices=100).left == 0
    assert sealed_to(sent, before) == (0, 0)


def test_a_wrap_that_does_not_open_keeps_nobody_from_the_rest(sent: Stage) -> None:
    change(sent)
    with tending(sent.house) as db:
        query = select(papers.headers.c.version_id).where(papers.headers.c.reader_id == UNIT_READER)
        spoilt = min(db.execute(query).scalars())
        db.execute(
            papers.headers.update()
            .where(papers.headers.c.version_id == spoilt, papers.headers.c.reader_id == UNIT_READER)
            .values(header=b"age-encryption.org/v1\n")
        )
    done = rewrap_unit(sent.house, sent.world.who("helen"), most=3, slices=100)
    assert done.whole
    assert done.left == left(sent) == 1
    assert fingerprint(unit_of(sent).key.recipient(), b"") == now_of(sent)
