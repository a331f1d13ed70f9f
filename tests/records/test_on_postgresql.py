"""The main journeys on a real PostgreSQL, under a role that may only add to the ledger."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal import migrating
from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.journeys.changed import Changed
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.take_back import take_back
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.running.sweep import sweep
from portal.journeys.signing_in.second_factor import CodeRefused, spend
from portal.ledger.tables import ledger_metadata
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records.database import open_engine, writing
from tests.real.postgres import Cluster
from tests.records.conftest import copied
from tests.staging import REASON, Places, Stage, stage_on
from tests.world import World

pytestmark = [pytest.mark.real("PostgreSQL"), pytest.mark.timeout(300)]

T = TypeVar("T")


@dataclass(frozen=True)
class Staged:
    """The name of a database in which a meeting was staged, who uses it, and what is sealed."""

    database: str
    role: str
    places: Places
    sealed: Mapping[str, bytes]


@pytest.fixture(scope="session")
def staged_postgres(
    postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Staged]:
    """Everything from the opening of the area on, done by a role that does not own the tables."""
    name = f"staged_{secrets.token_hex(8)}"
    database, role = sql.Identifier(name), sql.Identifier(f"{name}_app")
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    owner = open_engine(postgres_cluster.url(name).render_as_string(False))
    migrating.upgrade(owner)
    migrating.let_use(owner, f"{name}_app")
    owner.dispose()
    folder = tmp_path_factory.mktemp("staged_on_postgresql")
    url = postgres_cluster.url(name, f"{name}_app").render_as_string(False)
    made = stage_on(url, folder)
    made.house.engine.dispose()
    places = Places(made.case_id, made.slot_id, made.papers)
    yield Staged(name, f"{name}_app", places, dict(made.world.store._kept))
    with postgres_cluster.connect(name) as admin:
        admin.execute(sql.SQL("DROP OWNED BY {}").format(role))
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
        admin.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.fixture
def stage(postgres_cluster: Cluster, staged_postgres: Staged, tmp_path: Path) -> Iterator[Stage]:
    """A copy of its own of the staged meeting."""
    with copied(postgres_cluster, staged_postgres.database) as owner:
        url = owner.url.set(username=staged_postgres.role)
        world = World(open_engine(url.render_as_string(False)), tmp_path)
        world.store._kept.update(staged_postgres.sealed)
        yield Stage(world, staged_postgres.places)
        world.house.engine.dispose()


def at_once(*acts: Callable[[], T]) -> list[T | Exception]:
    gate = threading.Barrier(len(acts))
    told: list[T | Exception] = [RuntimeError("never ran")] * len(acts)

    def run(place: int) -> None:
        gate.wait(60)
        try:
            told[place] = acts[place]()
        except Exception as error:
            told[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    return told


def test_from_the_first_invitation_to_the_last_opening(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["A"]})
    sent = stage.send()
    assert stage.states()["una"] is GrantState.WAITING
    with pytest.raises(Refused) as first:
        stage.opens("carys")
    assert first.value.why is Why.STATEMENT_FIRST
    stage.accept("carys", "ruth")
    assert stage.opens("carys").startswith(b"%PDF")
    taken = take_back(stage.house, stage.world.who("helen"), sent.sending.id, REASON)
    assert len(taken.opened) == 1
    for name in ("carys", "ruth"):
        with pytest.raises(Refused) as after:
            stage.opens(name)
        assert after.value.why is Why.TAKEN_BACK
    stage.minutes_ready(ruth=Presence.APOLOGIES)
    stage.send_minutes()
    assert stage.opens("carys").startswith(b"%PDF")
    assert stage.id("ruth") not in {stage.grant(name).person_id for name in ("carys", "alan")}
    stage.whole()


def test_what_is_over_is_closed_and_swept(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(hours=3))
    stage.send()
    stage.world.clock.advance(timedelta(hours=4))
    assert expire_access(stage.house, stage.world.area.id) > 0
    sweep(stage.house)
    assert set(stage.states().values()) == {GrantState.EXPIRED}
    stage.whole()


def test_a_sending_pressed_four_times_happens_once(stage: Stage) -> None:
    stage.arrange()
    digest = stage.digest()
    helen, code = stage.world.who("helen"), stage.world.code("helen")
    told = at_once(
        *[lambda: send_pack(stage.house, helen, stage.slot_id, digest, code, REASON)] * 4
    )
    lost = [each for each in told if isinstance(each, Exception)]
    assert len(lost) == 3
    assert all(isinstance(each, CodeRefused | Changed) for each in lost), lost
    assert len(stage.lines("pack.sent")) == 1
    stage.whole()


def test_one_code_typed_in_many_windows_passes_once(stage: Stage) -> None:
    helen, code = stage.world.who("helen"), stage.world.code("helen")
    told = at_once(*[lambda: spend(stage.house, helen.actor, code)] * 8)
    assert [each for each in told if not isinstance(each, Exception)] == ["code_app"]
    assert all(isinstance(each, str | CodeRefused) for each in told), told


def test_wrong_codes_at_once_are_all_counted(stage: Stage) -> None:
    helen = stage.world.who("helen")
    told = at_once(*[lambda: spend(stage.house, helen.actor, "000000")] * 8)
    waits = [each for each in told if isinstance(each, CodeRefused) and "Too many" in each.words]
    assert len(told) - len(waits) == 6, "five are free, the sixth makes the next one wait"
    with pytest.raises(CodeRefused, match="Too many"):
        spend(stage.house, helen.actor, stage.world.code("helen"))


def test_taking_back_and_opening_at_once_leave_one_story(stage: Stage) -> None:
    stage.arrange()
    sent = stage.send()
    stage.accept("carys")
    helen = stage.world.who("helen")
    told = at_once(
        lambda: bool(stage.opens("carys")),
        lambda: bool(take_back(stage.house, helen, sent.sending.id, REASON)),
        lambda: bool(stage.opens("carys")),
    )
    assert told[1] is True
    assert all(each is True or isinstance(each, Exception) for each in told)
    opened = len(stage.lines("paper.opened"))
    assert opened == sum(each is True for each in (told[0], told[2])) or opened <= 2
    assert GrantState.GRANTED not in stage.states().values()
    stage.whole()


def test_the_role_cannot_change_the_ledger(stage: Stage) -> None:
    changes = [
        *(f"DELETE FROM {table}" for table in ledger_metadata.tables),
        *(f"TRUNCATE {table}" for table in ledger_metadata.tables),
        "UPDATE ledger_entries SET deed = deed",
        "UPDATE ledger_nodes SET hash = hash",
        "UPDATE ledger_checkpoints SET note = note",
        "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
        "DROP TABLE ledger_entries",
        "DROP TABLE people",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE TABLE own (n integer)",
    ]
    for change in changes:
        with writing(stage.house.engine) as db, pytest.raises(DBAPIError, match=r"denied|owner"):
            db.execute(text(change))
    stage.whole()
