from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.networks import network_of
from portal.identity.throttle import (
    CONSECUTIVE_LIMIT,
    LONGEST_WAIT,
    after_failure,
    after_success,
    after_try,
    forgotten_since,
    is_alarming,
    needs_proof,
    wait,
)
from portal.identity.throttle_keys import Bucket, cleared_keys, keys_for

PEPPER = b"p" * 32
NOW = datetime(2026, 5, 28, 9, 0, tzinfo=UTC)
RUTH = "ruth@kentmere.example"
SECOND = timedelta(seconds=1)


class Door:
    """A door that keeps its buckets in a dictionary and charges before it compares."""

    def __init__(self) -> None:
        self.rows: dict[str, Bucket] = {}
        self.now = NOW
        self.alarms: list[str] = []

    def load(self, keys: list[str]) -> list[Bucket]:
        return [self.rows.get(key, Bucket(key)) for key in keys]

    def wait(self, email: str, address: str, device: str | None = None) -> timedelta | None:
        return wait(self.load(keys_for(PEPPER, email, address, device)), self.now)

    def needs_proof(self, email: str, address: str, device: str | None = None) -> bool:
        return needs_proof(self.load(keys_for(PEPPER, email, address, device)), self.now)

    def attempt(
        self, email: str, address: str, device: str | None = None, *, right: bool = False
    ) -> bool:
        """Say whether the attempt was compared at all."""
        keys = keys_for(PEPPER, email, address, device)
        if wait(self.load(keys), self.now) is not None:
            return False
        for charged in after_try(self.load(keys), self.now):
            self.rows[charged.key] = charged
            if is_alarming(charged):
                self.alarms.append(charged.kind.value)
        if right:
            for bucket in self.load(keys + cleared_keys(PEPPER, email, address, device)):
                self.rows[bucket.key] = after_success(bucket, self.now)
        return True


def place(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


def test_five_failures_are_free_then_thirty_seconds_doubling_to_an_hour() -> None:
    for device in ("cookie", None):
        bucket = Bucket(keys_for(PEPPER, RUTH, "192.0.2.1", device)[0])
        waits = []
        for _ in range(16):
            bucket = after_failure(bucket, NOW)
            waited = wait([bucket], NOW)
            waits.append(waited // SECOND if waited else 0)
        assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]


def test_a_wait_ends_exactly_when_it_was_said_to() -> None:
    door = Door()
    for _ in range(6):
        assert door.attempt(RUTH, "192.0.2.1")
    assert door.wait(RUTH, "192.0.2.1") == timedelta(seconds=30)
    door.now += timedelta(seconds=30) - timedelta(microseconds=1)
    assert not door.attempt(RUTH, "192.0.2.1", right=True)
    door.now += timedelta(microseconds=1)
    assert door.attempt(RUTH, "192.0.2.1", right=True)
    assert door.wait(RUTH, "192.0.2.1") is None


def test_hammering_does_not_lengthen_the_wait() -> None:
    door = Door()
    for _ in range(500):
        door.attempt(RUTH, "192.0.2.1")
    assert door.wait(RUTH, "192.0.2.1") == timedelta(seconds=30)


def test_parallel_attempts_count_each_other() -> None:
    # Each charges before it compares, so of a thousand at once only six are compared.
    door = Door()
    assert sum(door.attempt(RUTH, "192.0.2.1") for _ in range(1000)) == 6


def test_a_flood_from_everywhere_cannot_make_a_known_browser_wait() -> None:
    door = Door()
    for number in range(5000):
        door.attempt(RUTH, place(number))
        door.now += timedelta(seconds=1)
    assert door.needs_proof(RUTH, "203.0.113.9")
    assert door.wait(RUTH, "203.0.113.9", "cookie") is None
    assert door.attempt(RUTH, "203.0.113.9", "cookie", right=True)


def test_a_known_browser_at_the_attackers_own_address_is_free_too() -> None:
    door = Door()
    for _ in range(200):
        door.attempt(RUTH, "192.0.2.1")
        door.now += timedelta(seconds=20)
    assert door.attempt(RUTH, "192.0.2.1", "cookie", right=True)


def test_the_owners_success_frees_the_account_for_other_browsers() -> None:
    door = Door()
    for number in range(400):
        door.attempt(RUTH, place(number))
        door.now += timedelta(minutes=2)
    assert door.wait(RUTH, "203.0.113.9") == LONGEST_WAIT
    assert door.attempt(RUTH, "203.0.113.9", "cookie", right=True)
    door.now += timedelta(minutes=10)
    assert door.attempt(RUTH, "203.0.113.10", right=True)


def test_unknown_browsers_get_a_hundred_in_a_row_and_no_more() -> None:
    door = Door()
    compared = 0
    for number in range(1000):
        compared += door.attempt(RUTH, place(number))
        door.now += timedelta(minutes=5)
    assert compared == CONSECUTIVE_LIMIT
    door.now += timedelta(days=30)
    assert not door.attempt(RUTH, place(7), right=True), "time alone does not give it back"


def test_an_unknown_browser_waits_a_minute_at_most_before_the_limit() -> None:
    door = Door()
    for number in range(CONSECUTIVE_LIMIT - 1):
        assert door.attempt(RUTH, place(number))
        door.now += timedelta(minutes=1)
        assert door.wait(RUTH, "203.0.113.9") is None


def test_a_stolen_cookie_gives_a_hundred_in_a_row_and_no_more() -> None:
    door = Door()
    compared = 0
    for _ in range(500):
        compared += door.attempt(RUTH, "192.0.2.1", "cookie")
        door.now += timedelta(hours=2)
    assert compared == CONSECUTIVE_LIMIT
    assert door.needs_proof(RUTH, "192.0.2.1", "cookie")
    assert not door.needs_proof(RUTH, "192.0.2.1")


def test_a_cookie_of_one_account_is_no_exemption_for_another() -> None:
    door = Door()
    for _ in range(20):
        door.attempt("own@kentmere.example", "192.0.2.1", "cookie")
    assert door.wait(RUTH, "192.0.2.1", "cookie") is None
    assert keys_for(PEPPER, RUTH, "192.0.2.1", "cookie") != keys_for(
        PEPPER, "own@kentmere.example", "192.0.2.1", "cookie"
    )


def test_one_address_gets_fifty_an_hour_over_all_accounts() -> None:
    door = Door()
    compared = sum(door.attempt(f"p{n}@example.org", "192.0.2.1") for n in range(400))
    assert compared == 50
    assert door.wait("new@example.org", "192.0.2.1") == timedelta(hours=1)
    assert door.wait("new@example.org", "192.0.2.2") is None
    door.now += timedelta(hours=1)
    assert door.attempt("new@example.org", "192.0.2.1")


def test_signing_in_to_an_account_of_ones_own_buys_no_guesses() -> None:
    door = Door()
    compared = 0
    for number in range(400):
        compared += door.attempt(f"p{number}@example.org", "192.0.2.1")
        door.attempt("own@example.org", "192.0.2.1", right=True)
    assert compared == 50


def test_many_who_succeed_behind_one_address_are_not_held_up() -> None:
    door = Door()
    for number in range(300):
        assert door.attempt(f"p{number}@example.org", "192.0.2.1", right=True)
        door.now += SECOND


def test_a_success_gives_back_one_of_the_windows_and_never_more_than_there_is() -> None:
    keys = keys_for(PEPPER, RUTH, "192.0.2.1", None)
    once = [after_failure(Bucket(key), NOW) for key in keys]
    twice = [after_failure(bucket, NOW) for bucket in once]
    left = {bucket.kind.value: after_success(bucket, NOW).failures for bucket in twice}
    assert left == {"source": 0, "account": 0, "address": 1, "everyone": 1}
    assert not any(after_success(bucket, NOW).failures for bucket in once)
    assert not any(after_success(Bucket(key), NOW).failures for key in keys)


def test_stuffing_from_five_hundred_addresses_is_braked_with_an_alarm() -> None:
    door = Door()
    compared = 0
    for number in range(500):
        compared += door.attempt(f"p{number}@example.org", place(number))
        door.now += timedelta(milliseconds=100)
    assert 100 <= compared <= 145, "a hundred, then one a second"
    assert door.alarms == ["everyone"]
    assert door.wait(RUTH, "203.0.113.9", "cookie") is None
    door.now += timedelta(seconds=5)
    assert door.attempt(RUTH, "203.0.113.9", right=True)


def test_the_owner_is_told_when_waits_begin_and_at_the_limit() -> None:
    door = Door()
    for number in range(300):
        door.attempt(RUTH, place(number))
        door.now += timedelta(minutes=11)
    assert door.alarms == ["account", "account"]


@pytest.mark.parametrize(
    ("quiet", "device", "forgotten"),
    [(timedelta(hours=24), None, True), (timedelta(hours=23, minutes=59), None, False),
     (timedelta(days=179), "cookie", False), (timedelta(days=180), "cookie", True)],
)  # fmt: skip
def test_counters_are_forgotten_after_their_quiet_time(
    quiet: timedelta, device: str | None, forgotten: bool
) -> None:
    bucket = Bucket(keys_for(PEPPER, RUTH, "192.0.2.1", device)[0])
    for _ in range(9):
        bucket = after_failure(bucket, NOW)
    assert bucket.last_at is not None
    assert (bucket.last_at <= forgotten_since(bucket.kind, NOW + quiet)) is forgotten
    assert after_failure(bucket, NOW + quiet).failures == (1 if forgotten else 10)


def test_an_empty_bucket_waits_for_nothing() -> None:
    empty = [Bucket(key) for key in keys_for(PEPPER, RUTH, "192.0.2.1", None)]
    assert wait(empty, NOW) is None
    assert wait([], NOW) is None


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=400)])
def test_time_that_runs_backwards_neither_frees_nor_locks(back: timedelta) -> None:
    bucket = Bucket(keys_for(PEPPER, RUTH, "192.0.2.1", "cookie")[0])
    for _ in range(9):
        bucket = after_failure(bucket, NOW)
    waited = wait([bucket], NOW - back)
    assert waited is not None
    assert waited <= LONGEST_WAIT
    assert after_failure(bucket, NOW - back).failures == 10
    assert after_failure(bucket, NOW - back).last_at == NOW


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unreadable"),
        ("192.0.2.1, 10.0.0.1", "unreadable"),
        ("192.0.2.01", "unreadable"),
        ("3221225985", "unreadable"),
        ("192.0.2.1\x00", "unreadable"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_moving_within_an_ipv6_network_buys_nothing() -> None:
    door = Door()
    compared = sum(
        door.attempt(f"p{n}@example.org", f"2001:db8:1:2:{n:x}::{n:x}") for n in range(400)
    )
    assert compared == 50


def test_keys_hold_nobodys_address_and_need_the_pepper() -> None:
    keys = keys_for(PEPPER, RUTH, "192.0.2.1", None)
    assert [key.partition(":")[0] for key in keys] == ["source", "account", "address", "everyone"]
    assert not any("ruth" in key or "192" in key.partition(":")[0] for key in keys)
    assert not set(keys) & set(keys_for(b"q" * 32, RUTH, "192.0.2.1", None))
    assert not set(keys) & set(keys_for(PEPPER, RUTH, "192.0.2.1", None, purpose="recovery"))
    for weak in (b"", b"p" * 31):
        with pytest.raises(ValueError, match="pepper"):
            keys_for(weak, RUTH, "192.0.2.1", None)


def test_parts_of_a_key_cannot_run_into_each_other() -> None:
    assert keys_for(PEPPER, "a@b.orgc", "192.0.2.1", "d") != keys_for(
        PEPPER, "a@b.org", "192.0.2.1", "cd"
    )
    assert keys_for(PEPPER, "a\ud800", "192.0.2.1", None)


def test_a_key_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="other"):
        after_failure(Bucket("other:00"), NOW)


@given(
    st.lists(st.tuples(st.integers(0, 7200), st.booleans()), max_size=150),
    st.sampled_from(["cookie", None]),
)
def test_no_wait_is_longer_than_an_hour_or_shorter_than_nothing(
    steps: list[tuple[int, bool]], device: str | None
) -> None:
    buckets = [Bucket(key) for key in keys_for(PEPPER, RUTH, "192.0.2.1", device)]
    now = NOW
    for seconds, right in steps:
        now += timedelta(seconds=seconds)
        change = after_success if right else after_failure
        buckets = [change(bucket, now) for bucket in buckets]
        waited = wait(buckets, now)
        assert waited is None or timedelta(0) < waited <= LONGEST_WAIT
