"""Notices leave once where all goes well, twice with one id after a crash, and never get lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.chance import new_id
from portal.domain.people import system
from portal.journeys.deed import tending
from portal.journeys.running.send_notices import LEASE, Round, send_notices
from portal.notices import outbox as patience
from portal.notices.kinds import Kind
from portal.notices.letters import Letter
from portal.notices.senders import MemorySender, SendLater, SendNever, message
from portal.records import outbox
from portal.records.database import reading
from portal.records.outbox import Delivery, Notice
from portal.records.schema import every
from tests.world import World


class Killed(BaseException):
    """The process died here: nothing that catches errors catches this."""


class DiesAfterSending:
    """Hands the letter over, and then the power goes."""

    def __init__(self, to: MemorySender) -> None:
        self.to = to
        self.taken: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.to.send(letter)
        self.taken.append(letter)
        raise Killed


class Answers:
    """Answers each letter as told, and counts."""

    def __init__(self, answer: Callable[[Letter], None]) -> None:
        self.answer = answer
        self.taken: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.taken.append(letter)
        self.answer(letter)


def later(_letter: Letter) -> None:
    raise SendLater("the mail server cannot be reached (OSError)")


def never(_letter: Letter) -> None:
    raise SendNever("the mail server refused the receiver (550)")


def clear(world: World) -> None:
    """Nothing but what the test puts there is in the outbox."""
    with tending(world.house) as db:
        db.execute(outbox.outbox.delete())


def put(world: World, *, letter: str = Kind.KEY_CHANGED.value, **fields: str) -> str:
    notice_id = new_id()
    now = world.clock.now()
    told = fields or {"area": "Northmere", "path": "/account/", "phone": "01632 960 000"}
    with tending(world.house) as db:
        outbox.save(
            db,
            Notice(notice_id, system(world.area.id).area_id, "joe@northmere.example", letter, told,
                   Delivery.WAITING, 0, now, now),
        )  # fmt: skip
    return notice_id


def rows(world: World) -> dict[str, Notice]:
    with reading(world.house.engine) as db:
        return {notice.id: notice for notice in every(db, outbox.outbox, Notice)}


@pytest.fixture(autouse=True)
def empty(world: World) -> None:
    clear(world)


def test_what_is_due_goes_once(world: World) -> None:
    sender = MemorySender()
    sent = [put(world) for _ in range(3)]
    assert send_notices(world.house, sender, world.wiring.writer) == Round(sent=3)
    assert send_notices(world.house, sender, world.wiring.writer) == Round()
    assert [letter.id for letter in sender.letters] == sent
    assert {notice.delivery for notice in rows(world).values()} == {Delivery.SENT}


def test_what_was_sent_leaves_no_fields_behind(world: World) -> None:
    one = put(world, letter=Kind.INVITED_TO_JOIN.value, area="Northmere", phone="01632 960 000",
              until="2026-05-11T10:00", path="/join/secret-token-of-somebody")  # fmt: skip
    send_notices(world.house, MemorySender(), world.wiring.writer)
    assert rows(world)[one].fields == {}


def test_what_is_not_due_yet_stays(world: World) -> None:
    put(world)
    world.clock.advance(timedelta(seconds=-1))
    assert send_notices(world.house, MemorySender(), world.wiring.writer) == Round()


def test_killed_between_sending_and_settling_sends_again_with_the_same_message_id(
    world: World,
) -> None:
    one = put(world)
    sender = DiesAfterSending(MemorySender())
    with pytest.raises(Killed):
        send_notices(world.house, sender, world.wiring.writer)
    assert rows(world)[one].delivery is Delivery.WAITING
    # Nobody else takes it while the lease runs: the first may only be slow.
    again = Answers(lambda _letter: None)
    assert send_notices(world.house, again, world.wiring.writer) == Round()
    world.clock.advance(LEASE)
    assert send_notices(world.house, again, world.wiring.writer) == Round(sent=1)
    first, second = sender.taken[0], again.taken[0]
    sender_address = "portal@mappa.example"
    ids = {message(each, sender_address)["Message-ID"] for each in (first, second)}
    assert ids == {f"<{one}@mappa.example>"}
    assert message(first, sender_address).as_bytes() == message(second, sender_address).as_bytes()


def test_killed_before_sending_loses_nothing(world: World) -> None:
    def dies(_letter: Letter) -> None:
        raise Killed

    put(world)
    with pytest.raises(Killed):
        send_notices(world.house, Answers(dies), world.wiring.writer)
    world.clock.advance(LEASE)
    sender = MemorySender()
    assert send_notices(world.house, sender, world.wiring.writer) == Round(sent=1)


def test_a_server_that_is_away_is_tried_again_with_growing_waits(world: World) -> None:
    one = put(world)
    assert send_notices(world.house, Answers(later), world.wiring.writer) == Round(later=1)
    waiting = rows(world)[one]
    assert (waiting.delivery, waiting.tries) == (Delivery.WAITING, 1)
    assert waiting.next_at == world.clock.now() + patience.FIRST_WAIT
    assert waiting.fields["path"] == "/account/"
    world.clock.advance(patience.FIRST_WAIT)
    send_notices(world.house, Answers(later), world.wiring.writer)
    assert rows(world)[one].next_at == world.clock.now() + 2 * patience.FIRST_WAIT


def test_it_is_given_up_in_the_end(world: World) -> None:
    one = put(world)
    sender = Answers(later)
    for _ in range(patience.TRIES):
        send_notices(world.house, sender, world.wiring.writer)
        world.clock.advance(patience.LONGEST_WAIT)
    found = rows(world)[one]
    assert (found.delivery, found.tries) == (Delivery.FAILED, patience.TRIES)
    assert len(sender.taken) == patience.TRIES
    assert send_notices(world.house, sender, world.wiring.writer) == Round()


def test_a_refusal_for_good_is_given_up_at_once(world: World) -> None:
    one = put(world)
    assert send_notices(world.house, Answers(never), world.wiring.writer) == Round(given_up=1)
    assert rows(world)[one].delivery is Delivery.FAILED


@pytest.mark.parametrize(
    ("letter", "fields"),
    [
        ("no_such_letter", {}),
        (Kind.KEY_CHANGED.value, {"area": "Northmere"}),
        (Kind.KEY_CHANGED.value, {"area": "A\r\nBcc: x@y.example", "path": "/", "phone": "1"}),
    ],
)
def test_a_letter_that_cannot_be_written_keeps_no_other_waiting(
    world: World, letter: str, fields: dict[str, str]
) -> None:
    bad = put(world, letter=letter, **(fields or {"x": "y"}))
    world.clock.advance(timedelta(seconds=1))
    good = put(world)
    sender = MemorySender()
    assert send_notices(world.house, sender, world.wiring.writer) == Round(sent=1, given_up=1)
    assert [each.id for each in sender.letters] == [good]
    assert rows(world)[bad].delivery is Delivery.FAILED


def test_one_that_breaks_the_sender_is_not_tried_for_ever_before_the_others(world: World) -> None:
    bad = put(world)
    world.clock.advance(timedelta(seconds=1))
    good = put(world)

    def breaks(letter: Letter) -> None:
        if letter.id == bad:
            raise RuntimeError

    sender = Answers(breaks)
    with pytest.raises(RuntimeError):
        send_notices(world.house, sender, world.wiring.writer)
    assert send_notices(world.house, sender, world.wiring.writer) == Round(sent=1)
    assert sender.taken[-1].id == good


def test_two_senders_at_once_send_each_letter_once(world: World) -> None:
    sent = {put(world) for _ in range(12)}
    lock = threading.Lock()
    taken: list[str] = []

    def take(letter: Letter) -> None:
        with lock:
            taken.append(letter.id)

    senders = [
        threading.Thread(
            target=send_notices, args=(world.house, Answers(take), world.wiring.writer)
        )
        for _ in range(4)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(taken) == sorted(sent)


def test_a_late_answer_does_not_undo_what_another_sender_settled(world: World) -> None:
    one = put(world)

    def slow(_letter: Letter) -> None:
        world.clock.advance(LEASE)
        assert send_notices(world.house, MemorySender(), world.wiring.writer) == Round(sent=1)
        raise SendLater("the mail server broke off (OSError)")

    send_notices(world.house, Answers(slow), world.wiring.writer)
    assert rows(world)[one].delivery is Delivery.SENT
