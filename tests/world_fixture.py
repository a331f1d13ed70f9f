"""The `world` fixture: a populated house of its own for each test."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, made, make_template, use_made, world_from


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A populated database file; the workers of one run share it."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder, told = place / "world", place / "world.made"
    with (place / "world.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if told.exists():
            use_made(pickle.loads(told.read_bytes()))
            return folder / "portal.db"
        folder.mkdir()
        file = make_template(folder)
        told.write_bytes(pickle.dumps(made()))
        return file


@pytest.fixture
def world(world_template: Path, tmp_path: Path) -> Iterator[World]:
    """A house with its people, on SQLite in a folder of its own, at 9am on 4 May 2026 (UTC)."""
    made_here = world_from(world_template, tmp_path)
    yield made_here
    made_here.house.engine.dispose()
