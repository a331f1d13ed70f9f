"""The twin in memory also notices what was spoiled."""

from __future__ import annotations

import pytest

from portal.storage.memory import MemoryStore
from portal.storage.store import Spoiled
from tests.storage.sealing import sealed


def test_spoiled_bytes_are_not_given_out() -> None:
    store, paper = MemoryStore(), sealed()
    store.put(paper.sha256, paper)
    store._kept[paper.sha256] = paper.body[:-1]
    with pytest.raises(Spoiled):
        store.get(paper.sha256)
