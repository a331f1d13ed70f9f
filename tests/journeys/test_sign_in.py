"""Signing in, below the doors, on both databases: one success a code, peppers that move on."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL

from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Over, Recalled, over_by, recall
from portal.journeys.signing_in.second_factor import CodeRefused, spend
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.sign_out import abandon, sign_out
from portal.journeys.signing_in.throttling import Source
from portal.journeys.signing_in.whole_session import SignedIn
from portal.records import keys, outbox
from portal.records.database import reading
from portal.records.keys import UnlockKind
from tests.world import World, cast, world_on

HERE = Source("192.0.2.7")


@pytest.fixture
def postgres_world(postgres_url: URL, tmp_path: Path) -> Iterator[World]:
    made = world_on(postgres_url, tmp_path)
    yield made
    made.house.engine.dispose()


def half_of(world: World, name: str = "ruth", source: Source = HERE) -> Recalled:
    secret = give_passphrase(world.house, cast()[name].email, cast()[name].passphrase, source)
    found = recall(world.house, secret)
    assert isinstance(found, Recalled)
    return found


def parallel(world: World) -> list[str]:
    """Eight tries with one code at once; what became of each."""
    half, code = half_of(world), world.code("ruth")
    start, ends = threading.Barrier(8), []

    def press() -> None:
        start.wait()
        try:
            ends.append(spend(world.house, half.actor(), code))
        except CodeRefused:
            ends.append("refused")

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


ONE_OF_EIGHT = ["code_app"] + ["refused"] * 7


def test_one_success_a_code_on_sqlite(world: World) -> None:
    assert parallel(world) == ONE_OF_EIGHT


@pytest.mark.real("PostgreSQL")
def test_one_success_a_code_on_postgresql(postgres_world: World) -> None:
    assert parallel(postgres_world) == ONE_OF_EIGHT


@pytest.mark.real("PostgreSQL")
def test_the_whole_way_in_and_out_on_postgresql(postgres_world: World) -> None:
    world = postgres_world
    done = give_code(world.house, half_of(world), world.code("ruth"), HERE, shared=False)
    found = recall(world.house, done.secret)
    assert isinstance(found, Recalled)
    sign_out(world.house, found.who())
    assert isinstance(recall(world.house, done.secret), Over)


def test_one_half_becomes_one_session_however_many_codes_there_are(world: World) -> None:
    half = half_of(world)
    first = give_code(world.house, half, world.code("ruth"), HERE, shared=False)
    with pytest.raises(NotRight):
        give_code(world.house, half, world.code("ruth"), HERE, shared=False)
    assert isinstance(recall(world.house, first.secret), Recalled)


def test_a_half_that_was_dropped_is_no_more(world: World) -> None:
    half = half_of(world)
    abandon(world.house, half)
    with pytest.raises(NotRight):
        give_code(world.house, half, world.code("ruth"), HERE, shared=False)


def test_each_person_moves_to_the_newest_pepper_at_their_next_sign_in(world: World) -> None:
    newer = replace(
        world.house.server_keys,
        peppers={**world.house.server_keys.peppers, 2: secrets.token_bytes(32)},
    )
    world.house = replace(world.house, key_source=lambda: newer)
    half_of(world)
    with reading(world.house.engine) as db:
        unlocks = keys.unlocks_of(db, cast()["ruth"].person_id)
    assert unlocks[UnlockKind.PASSPHRASE].pepper_version == 2
    # The old pepper is needed no more by her, and the recovery code still opens her keyring.
    world.house = replace(
        world.house, key_source=lambda: replace(newer, peppers={2: newer.peppers[2]})
    )
    half_of(world)
    from portal.crypto.recovery_code import parse_recovery_code
    from portal.journeys.signing_in.unlocking import try_recovery_code

    with reading(world.house.engine) as db:
        raw = parse_recovery_code(cast()["ruth"].recovery_code)
        assert try_recovery_code(db, world.person("ruth"), raw) is not None


def test_lowered_argon2_parameters_open_nothing(world: World) -> None:
    with world.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE unlocks SET memory_kib = 8, iterations = 1")
    with pytest.raises(NotRight):
        half_of(world)


def test_the_owner_is_told_of_a_flood_and_outsiders_write_no_line(world: World) -> None:
    from portal.ledger import book

    with reading(world.house.engine) as db:
        before = book.head(db, world.area.id).size
    for last in range(30):
        with pytest.raises(NotRight):
            give_passphrase(
                world.house, cast()["ruth"].email, "wrong wrong wrong", Source(f"192.0.2.{last}")
            )
    with reading(world.house.engine) as db:
        told = [note for note in outbox.due(db, world.clock.now(), 300)
                if note.letter == "attempts_seen"]  # fmt: skip
        assert book.head(db, world.area.id).size == before
    assert [note.address for note in told] == [cast()["ruth"].email]


def test_a_known_browser_is_not_slowed_by_the_flood(world: World) -> None:
    done: SignedIn = give_code(world.house, half_of(world), world.code("ruth"), HERE, shared=False)
    for last in range(30):
        with pytest.raises(NotRight):
            give_passphrase(
                world.house, cast()["ruth"].email, "wrong wrong wrong", Source(f"192.0.2.{last}")
            )
    half_of(world, source=Source("192.0.2.1", done.device))


def test_somebody_s_device_does_not_help_with_another_account(world: World) -> None:
    done = give_code(world.house, half_of(world), world.code("ruth"), HERE, shared=False)
    joe = Source("192.0.2.9", done.device)
    for _ in range(6):
        with pytest.raises(NotRight):
            give_passphrase(world.house, cast()["joe"].email, "wrong wrong wrong", joe)
    with pytest.raises(NotRight, match="Too many"):
        half_of(world, "joe", joe)


def test_signing_in_gives_back_what_it_was_charged(world: World) -> None:
    for _ in range(3):
        give_code(world.house, half_of(world), world.code("ruth"), HERE, shared=False)
    with world.house.engine.begin() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM throttle").scalar_one() == 0


def test_a_row_without_its_cookie_is_nothing(world: World) -> None:
    secret = world.begin("ruth")
    row = world.session_id(secret)
    assert recall(world.house, row) is None
    assert over_by(world.house, row) is None


def test_a_session_moved_to_another_person_opens_nothing(world: World) -> None:
    secret = world.begin("ruth")
    with world.house.engine.begin() as db:
        db.exec_driver_sql(
            "UPDATE sessions SET person_id = ? WHERE id = ?",
            (cast()["helen"].person_id, world.session_id(secret)),
        )
    assert recall(world.house, secret) is None
