"""How often one signed-in person was refused lately, and from when on nothing more is written.

Each refusal takes the ledger's lock and leaves a line. Somebody who guesses addresses would fill
the ledger and hold up everybody's deeds, so after the windowful of the throttle's policy (60 in ten
minutes) their refusals are answered "too many tries" and leave nothing.

Only refusals are counted and only refusals are answered so: whoever is past the limit still reads
and does whatever they may. One thing is stopped beforehand: somebody who goes on and has as many
*deeds* refused again, each under the writer's lock, does no further deed until the window ends,
except taking access away. It is they alone who can bring themselves there: another site's forms
come without their session.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from portal.domain.people import Actor
from portal.identity import throttle, throttle_keys
from portal.identity.throttle_keys import Bucket
from portal.journeys.signing_in.counters import load, peek, save
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why


class TooManyRefusals(Refused):
    """One refusal too many: it was not written down, and says nothing but to wait."""

    def __init__(self, action: Action) -> None:
        super().__init__(action, Why.TOO_MANY)


def so_far(db: Connection, pepper: bytes, actor: Actor) -> Bucket:
    """The counter as it stands; nothing is held."""
    return peek(db, _key(pepper, actor))


def is_full(bucket: Bucket, now: datetime) -> bool:
    """Whether a refusal is no longer written down."""
    return throttle.wait([bucket], now) is not None


def stops_deeds(bucket: Bucket, now: datetime) -> bool:
    """Whether a deed is not even begun."""
    return is_full(bucket, now) and bucket.failures >= 2 * throttle.REFUSALS


def count(db: Connection, pepper: bytes, actor: Actor, now: datetime) -> tuple[Bucket, Bucket]:
    """One refusal more, its counter held until the end: as it stood before, and as it stands."""
    (before,) = load(db, [_key(pepper, actor)])
    after = throttle.after_failure(before, now)
    save(db, after, now)
    return before, after


def _key(pepper: bytes, actor: Actor) -> str:
    return throttle_keys.refusals_key(pepper, actor.area_id, actor.person_id)
