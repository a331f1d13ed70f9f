"""A counter of failures is kept as long as it counts: a quiet day or two buys nobody more tries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.identity import throttle
from portal.identity.known_device import LIFETIME
from portal.identity.throttle import CONSECUTIVE_LIMIT
from portal.identity.throttle_keys import Kind
from portal.journeys.deed import tending
from portal.journeys.running.sweep import sweep
from portal.journeys.signing_in.counters import peek
from portal.records import factors
from portal.records.database import reading
from tests.world import World


def failed(world: World, *keys: str, times: int = CONSECUTIVE_LIMIT) -> None:
    now = world.clock.now()
    with tending(world.house) as db:
        for key in keys:
            factors.save_bucket(db, factors.ThrottleRow(key, times, now, now, None))


def left(world: World, key: str) -> int:
    with reading(world.house.engine) as db:
        row = factors.bucket(db, key)
    return 0 if row is None else row.failures


def after(world: World, *quiet: timedelta, key: str) -> list[int]:
    """What each sweep leaves of a counter of a hundred, each so long after its last failure."""
    failed(world, key)
    begun, found = world.clock.now(), []
    for each in quiet:
        world.clock.set(begun + each)
        sweep(world.house)
        found.append(left(world, key))
    return found


@pytest.mark.parametrize(
    ("kind", "kept"),
    [(Kind.ACCOUNT, timedelta(days=365)),
     (Kind.CODES, timedelta(days=365)), (Kind.DEVICE, timedelta(days=180)),
     (Kind.SOURCE, timedelta(hours=24)), (Kind.ADDRESS, timedelta(hours=1)),
     (Kind.SITE, timedelta(hours=1)),
     (Kind.EVERYONE, timedelta(minutes=10))],
)  # fmt: skip
def test_it_stays_its_whole_time_and_goes_after_it(
    world: World, kind: Kind, kept: timedelta
) -> None:
    assert after(
        world, kept / 100, kept / 3, kept - timedelta(seconds=1), kept, key=f"{kind.value}:x"
    ) == [CONSECUTIVE_LIMIT] * 3 + [0]


def test_a_hundred_failures_still_ask_for_a_proof_after_three_days_and_a_hundred(
    world: World,
) -> None:
    failed(world, "account:x")
    for days in (3, 97):
        world.clock.advance(timedelta(days=days))
        sweep(world.house)
        with reading(world.house.engine) as db:
            assert throttle.needs_proof([peek(db, "account:x")], world.clock.now())


def test_each_kind_goes_by_its_own_time(world: World) -> None:
    failed(world, "account:x", "device:x", "source:x")
    world.clock.advance(timedelta(days=180))
    assert sweep(world.house).counters == 2
    assert [left(world, f"{kind}:x") for kind in ("account", "device", "source")] == [
        CONSECUTIVE_LIMIT, 0, 0,
    ]  # fmt: skip


def test_one_that_failed_again_meanwhile_begins_its_time_anew(world: World) -> None:
    failed(world, "account:x")
    world.clock.advance(timedelta(days=364))
    failed(world, "account:x", times=CONSECUTIVE_LIMIT + 1)
    world.clock.advance(timedelta(days=364))
    sweep(world.house)
    assert left(world, "account:x") == CONSECUTIVE_LIMIT + 1


def test_whoever_invents_addresses_fills_no_disk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of too many, those with the fewest failures go, the oldest first; who is being guessed at
    without a pause stays counted, and nothing of another kind goes."""
    monkeypatch.setattr(throttle, "MOST_ACCOUNTS", 5)
    failed(world, "account:guessed-at")
    failed(world, "account:some", times=3)
    failed(world, "device:x", "accountant:x", times=1)
    for made in range(6):
        world.clock.advance(timedelta(seconds=5))
        failed(world, f"account:invented-{made}", times=1)
    assert sweep(world.house).counters == 3
    assert [left(world, f"account:invented-{made}") for made in range(6)] == [0, 0, 0, 1, 1, 1]
    kept = [left(world, f"{name}") for name in ("account:guessed-at", "account:some", "device:x")]
    assert kept == [CONSECUTIVE_LIMIT, 3, 1]
    assert left(world, "accountant:x") == 1
    assert sweep(world.house).counters == 0


def test_a_browser_is_forgotten_when_it_counts_no_more(world: World) -> None:
    ruth, seen = world.person("ruth"), world.clock.now()
    with tending(world.house) as db:
        factors.save_device(db, factors.Device(b"t" * 32, ruth.area_id, ruth.account_id, seen))
    kept = []
    for at in (LIFETIME - timedelta(seconds=1), LIFETIME):
        world.clock.set(seen + at)
        sweep(world.house)
        with reading(world.house.engine) as db:
            kept.append(factors.device_by(db, b"t" * 32) is not None)
    assert kept == [True, False]


def test_no_more_accounts_can_be_begun_in_five_days_than_are_kept() -> None:
    """All unknown browsers together have one try in five seconds, once a hundred have failed."""
    assert timedelta(days=5) / timedelta(seconds=5) + 100 < throttle.MOST_ACCOUNTS
