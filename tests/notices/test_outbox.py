from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.notices.outbox import (
    FIRST_WAIT,
    LONGEST_WAIT,
    TRIES,
    GivenUp,
    Waiting,
    after_refusal,
    after_trouble,
    is_due,
    new,
)

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def test_a_new_notice_is_due_at_once() -> None:
    assert is_due(new(NOW), NOW)
    assert not is_due(new(NOW), NOW - timedelta(microseconds=1))


def test_waits_grow_from_a_minute_to_six_hours_and_end_after_about_two_days() -> None:
    state: Waiting | GivenUp = new(NOW)
    now, waits = NOW, []
    while isinstance(state, Waiting):
        now = state.next_at
        state = after_trouble(state, "the mail server is away", now)
        if isinstance(state, Waiting):
            waits.append(state.next_at - now)
            assert not is_due(state, now)
    assert waits[0] == FIRST_WAIT
    assert waits[-1] == LONGEST_WAIT
    assert waits == sorted(waits)
    assert state == GivenUp(TRIES, "the mail server is away")
    assert timedelta(days=1, hours=12) < now - NOW < timedelta(days=3)


def test_what_was_refused_for_good_is_never_due_again() -> None:
    state = after_refusal(Waiting(3, NOW), "the mail server refused the receiver (550)")
    assert state == GivenUp(4, "the mail server refused the receiver (550)")
    assert not is_due(state, NOW + timedelta(days=1000))
