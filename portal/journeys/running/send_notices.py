"""Notices leave the outbox: each is taken over by the mail server or kept for another try.

A notice is leased, sent outside any transaction, and settled. A crash between sending and
settling sends it again when the lease is over, with the same letter id, so that the receiver's
server can drop the double; it is never lost. What was given up is shown to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.notices import outbox as patience
from portal.notices.fields import BadField
from portal.notices.kinds import Kind
from portal.notices.letters import Writer
from portal.notices.senders import Sender, SendLater, SendNever
from portal.records import database, outbox
from portal.records.outbox import Delivery, Notice

LEASE = timedelta(minutes=10)
"""Longer than one letter can take: a server answers each step within twenty seconds or not."""


@dataclass(frozen=True)
class Round:
    """How many notices went out, are to be tried again, and were given up."""

    sent: int = 0
    later: int = 0
    given_up: int = 0


def send_notices(house: House, sender: Sender, writer: Writer, most: int = 200) -> Round:
    """Send what is due, oldest first, at most `most` of them.

    Raises nothing for a letter that cannot be sent: that is an outcome. What the sender did not
    foresee is raised; the notice in hand is tried again when its lease is over.
    """
    count = {Delivery.SENT: 0, Delivery.WAITING: 0, Delivery.FAILED: 0}
    for _ in range(most):
        notice = _lease(house)
        if notice is None:
            break
        count[_send(house, sender, writer, notice)] += 1
    return Round(count[Delivery.SENT], count[Delivery.WAITING], count[Delivery.FAILED])


def _lease(house: House) -> Notice | None:
    """Take the oldest notice that is due, so that nobody else takes it before the lease ends."""
    now = house.clock.now()
    with database.reading(house.engine) as db:
        if not outbox.any_due(db, now):
            return None
    with tending(house) as db:
        due = outbox.due(db, now, 1)
        if not due:
            return None
        outbox.settle(db, due[0].id, Delivery.WAITING, due[0].tries, now + LEASE)
        return due[0]


def _send(house: House, sender: Sender, writer: Writer, notice: Notice) -> Delivery:
    before = patience.Waiting(notice.tries, notice.next_at)
    after: patience.Waiting | patience.GivenUp | None = None
    try:
        letter = writer.letter(
            Kind(notice.letter),
            notice.address,
            notice.fields,
            letter_id=notice.id,
            made_at=notice.made_at,
        )
        sender.send(letter)
    except SendLater as trouble:
        after = patience.after_trouble(before, trouble.reason, house.clock.now())
    except SendNever as refusal:
        after = patience.after_refusal(before, refusal.reason)
    except (BadField, ValueError) as defect:
        after = patience.after_refusal(before, type(defect).__name__)
    now = house.clock.now()
    if after is None:
        outcome, tries, next_at = Delivery.SENT, notice.tries + 1, now
    elif isinstance(after, patience.Waiting):
        outcome, tries, next_at = Delivery.WAITING, after.tries, after.next_at
    else:
        outcome, tries, next_at = Delivery.FAILED, after.tries, now
    with tending(house) as db:
        outbox.settle(db, notice.id, outcome, tries, next_at)
    return outcome
