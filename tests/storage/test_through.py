"""What is made of a paper while it is being proven is given only once it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.storage.filesystem import FilesystemStore
from portal.storage.memory import MemoryStore
from portal.storage.store import BadName, Missing, Spoiled, Store, proven_beside
from tests.storage.sealing import sealed


class Stumbled(Exception):
    pass


def stumbles(_body: bytes) -> bytes:
    raise Stumbled


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_000])
def test_what_was_made_is_given(store: Store, size: int) -> None:
    paper = sealed(b"x" * size)
    store.put(paper.sha256, paper)
    assert store.through(paper.sha256, len) == len(paper.body)
    assert store.through(paper.sha256, bytes) == paper.body


def test_what_was_not_put_is_not_worked_on(store: Store) -> None:
    with pytest.raises(Missing):
        store.through("0" * 64, stumbles)
    with pytest.raises(BadName):
        store.through("../" + "0" * 61, stumbles)


def test_what_the_work_says_of_good_bytes_is_heard(store: Store) -> None:
    paper = sealed()
    store.put(paper.sha256, paper)
    with pytest.raises(Stumbled):
        store.through(paper.sha256, stumbles)


@pytest.mark.parametrize("work", [bytes, stumbles])
@pytest.mark.parametrize("place", [0, 70_000, -1])
def test_spoiled_bytes_give_nothing_whatever_was_made_of_them(
    folder: FilesystemStore, root: Path, work: type[bytes], place: int
) -> None:
    paper = sealed(b"x" * 100_000)
    folder.put(paper.sha256, paper)
    body = bytearray(paper.body)
    body[place] ^= 1
    (root / paper.sha256[:2] / paper.sha256).write_bytes(body)
    with pytest.raises(Spoiled):
        folder.through(paper.sha256, work)


def test_a_link_in_the_place_of_a_paper_is_not_worked_on(
    folder: FilesystemStore, root: Path
) -> None:
    paper = sealed()
    folder.put(paper.sha256, paper)
    place = root / paper.sha256[:2] / paper.sha256
    place.rename(root / "elsewhere")
    place.symlink_to(root / "elsewhere")
    with pytest.raises(Spoiled):
        folder.through(paper.sha256, stumbles)


def test_bytes_that_changed_in_memory_give_nothing() -> None:
    paper, store = sealed(), MemoryStore()
    store.put(paper.sha256, paper)
    store._kept[paper.sha256] = paper.body + b"x"
    with pytest.raises(Spoiled):
        store.through(paper.sha256, bytes)
    with pytest.raises(Spoiled):
        proven_beside(paper.sha256, None, stumbles)
