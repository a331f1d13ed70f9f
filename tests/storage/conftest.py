"""Stores to test, and really sealed bytes to put in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.storage.filesystem import FilesystemStore
from portal.storage.memory import MemoryStore
from portal.storage.store import Store


@pytest.fixture(params=["filesystem", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Every kind of store, empty."""
    if request.param == "filesystem":
        yield FilesystemStore(tmp_path / "papers")
    else:
        yield MemoryStore()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the folder of papers will be."""
    return tmp_path / "papers"


@pytest.fixture
def folder(root: Path) -> FilesystemStore:
    """An empty store in ``root``."""
    return FilesystemStore(root)
