"""What every store promises, over every store there is."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.domain.sealed import Sealed
from portal.storage.store import BadName, Missing, StorageError, Store
from tests.storage.sealing import sealed

PAPER = sealed()
BAD_NAMES = [
    "", "a", "..", "../" + "a" * 61, "/" + "a" * 63, "a" * 63, "a" * 65, "A" * 64, "g" * 64,
    "a" * 64 + "\n", "a" * 32 + "/" + "a" * 31, "a" * 63 + "\x00", "٠" * 64, "." * 64,
    "a" * 64 + "/..", "~" + "a" * 63, " " + "a" * 63, "ａ" * 64,
]  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 300_000])
def test_what_was_put_is_got(store: Store, size: int) -> None:
    paper = sealed(b"x" * size)
    store.put(paper.sha256, paper)
    assert store.get(paper.sha256) == paper.body
    assert list(store.names()) == [paper.sha256]


def test_it_tells_how_much_it_keeps(store: Store) -> None:
    assert store.measure() == (0, 0)
    kept = [sealed(b"x" * size) for size in (0, 70_000)]
    for paper in kept:
        store.put(paper.sha256, paper)
        store.put(paper.sha256, paper)
    assert store.measure() == (2, sum(len(paper.body) for paper in kept))
    store.delete(kept[0].sha256)
    assert store.measure() == (1, len(kept[1].body))


def test_putting_again_changes_nothing(store: Store) -> None:
    paper = sealed()
    for _ in range(3):
        store.put(paper.sha256, paper)
    assert store.get(paper.sha256) == paper.body
    assert list(store.names()) == [paper.sha256]


def test_papers_keep_apart(store: Store) -> None:
    papers = [sealed(f"paper {number}".encode()) for number in range(40)]
    for paper in papers:
        store.put(paper.sha256, paper)
    assert set(store.names()) == {paper.sha256 for paper in papers}
    store.delete(papers[0].sha256)
    assert set(store.names()) == {paper.sha256 for paper in papers[1:]}
    assert all(store.get(paper.sha256) == paper.body for paper in papers[1:])


def test_nothing_is_got_that_was_not_put(store: Store) -> None:
    paper = sealed()
    with pytest.raises(Missing):
        store.get(paper.sha256)
    other = sealed()
    store.put(other.sha256, other)
    with pytest.raises(Missing):
        store.get(paper.sha256)
    assert list(store.names()) == [other.sha256]


def test_what_was_deleted_is_gone_and_may_be_deleted_again(store: Store) -> None:
    paper = sealed()
    store.put(paper.sha256, paper)
    store.delete(paper.sha256)
    store.delete(paper.sha256)
    assert list(store.names()) == []
    with pytest.raises(Missing):
        store.get(paper.sha256)
    store.put(paper.sha256, paper)
    assert store.get(paper.sha256) == paper.body


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_no_digest_is_refused_everywhere(store: Store, name: str) -> None:
    with pytest.raises(BadName):
        store.put(name, sealed())
    with pytest.raises(BadName):
        store.get(name)
    with pytest.raises(BadName):
        store.delete(name)
    assert list(store.names()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.text(max_size=80))
def test_no_made_up_name_reaches_the_store(store: Store, name: str) -> None:
    with pytest.raises(StorageError):
        store.get(name)
    with pytest.raises(BadName):
        store.put(name, PAPER)


def test_bytes_under_the_name_of_others_are_refused(store: Store) -> None:
    with pytest.raises(BadName):
        store.put(sealed(b"another").sha256, PAPER)
    assert list(store.names()) == []


class Pretender:
    """Looks sealed and is not."""

    def __init__(self) -> None:
        self.body, self.sha256, self.clear_size = PAPER.body, PAPER.sha256, PAPER.clear_size


@pytest.mark.parametrize(
    "clear",
    [b"clear", PAPER.body, "text", None, Pretender(), Sealed],
    ids=["clear", "body", "text", "nothing", "pretender", "type"],
)
def test_only_sealed_bytes_are_kept(store: Store, clear: Any) -> None:
    with pytest.raises(TypeError):
        store.put(PAPER.sha256, clear)
    assert list(store.names()) == []


def test_many_may_put_and_delete_at_once(store: Store) -> None:
    papers = [sealed(bytes([number]) * 100_000) for number in range(4)]
    failures: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for turn in range(6):
                paper = papers[(first + turn) % 4]
                store.put(paper.sha256, paper)
                with contextlib.suppress(Missing):
                    assert store.get(paper.sha256) == paper.body
                if first == 0:
                    store.delete(paper.sha256)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert set(store.names()) <= {paper.sha256 for paper in papers}
