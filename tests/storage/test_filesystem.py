"""The folder: modes, links, spoiled files, full disks, and being killed at the worst moment."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.storage.filesystem import FilesystemStore
from portal.storage.store import Missing, Spoiled, StorageUnavailable
from tests.storage.sealing import sealed

NOBODY = 65534
PAPER = sealed(b"x" * 200_000)


def place(root: Path) -> Path:
    return root / PAPER.sha256[:2] / PAPER.sha256


def files(root: Path) -> list[Path]:
    return [each for each in root.rglob("*") if each.is_file()]


def test_only_its_owner_can_look(root: Path) -> None:
    before = os.umask(0)
    try:
        FilesystemStore(root).put(PAPER.sha256, PAPER)
    finally:
        os.umask(before)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE(place(root).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(place(root).stat().st_mode) == 0o600
    assert files(root) == [place(root)]


def test_what_was_put_is_there_for_the_next_process(root: Path, folder: FilesystemStore) -> None:
    folder.put(PAPER.sha256, PAPER)
    assert FilesystemStore(root).get(PAPER.sha256) == PAPER.body


@pytest.mark.parametrize("damage", ["cut", "longer", "flipped", "empty"])
def test_a_spoiled_file_is_named_and_a_put_mends_it(
    root: Path, folder: FilesystemStore, damage: str
) -> None:
    folder.put(PAPER.sha256, PAPER)
    body = {
        "cut": PAPER.body[:-1],
        "longer": PAPER.body + b"\x00",
        "flipped": bytes([PAPER.body[0] ^ 1]) + PAPER.body[1:],
        "empty": b"",
    }[damage]
    place(root).write_bytes(body)
    with pytest.raises(Spoiled):
        folder.get(PAPER.sha256)
    folder.put(PAPER.sha256, PAPER)
    assert folder.get(PAPER.sha256) == PAPER.body


def test_links_and_devices_are_not_followed(
    root: Path, folder: FilesystemStore, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(PAPER.body)
    place(root).parent.mkdir()
    plants: list[Callable[[], None]] = [
        lambda: place(root).symlink_to(outside),
        lambda: os.mkfifo(place(root)),
        lambda: place(root).symlink_to("/dev/zero"),
    ]
    for plant in plants:
        plant()
        with pytest.raises(Spoiled):
            folder.get(PAPER.sha256)
        folder.put(PAPER.sha256, PAPER)
        assert not place(root).is_symlink()
        assert folder.get(PAPER.sha256) == PAPER.body
        folder.delete(PAPER.sha256)
    assert outside.read_bytes() == PAPER.body


def test_a_folder_that_is_a_link_leads_nowhere(
    root: Path, folder: FilesystemStore, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / PAPER.sha256).write_bytes(PAPER.body)
    place(root).parent.symlink_to(outside)
    for work in (
        lambda: folder.put(PAPER.sha256, PAPER),
        lambda: folder.get(PAPER.sha256),
        lambda: folder.delete(PAPER.sha256),
        lambda: list(folder.names()),
    ):
        with pytest.raises(StorageUnavailable):
            work()
    assert (outside / PAPER.sha256).read_bytes() == PAPER.body


def test_a_folder_in_the_place_of_a_paper_is_no_paper(root: Path, folder: FilesystemStore) -> None:
    place(root).mkdir(parents=True)
    with pytest.raises(Spoiled):
        folder.get(PAPER.sha256)
    with pytest.raises(StorageUnavailable):
        folder.put(PAPER.sha256, PAPER)
    with pytest.raises(StorageUnavailable):
        folder.delete(PAPER.sha256)


def test_strange_files_are_not_named(root: Path, folder: FilesystemStore) -> None:
    folder.put(PAPER.sha256, PAPER)
    (root / "README").write_text("left here")
    (root / "zz").mkdir()
    (root / "zz" / ("a" * 64)).write_text("left here")
    (place(root).parent / "notes.txt").write_text("left here")
    assert list(folder.names()) == [PAPER.sha256]


DIES = """
import os, sys
from pathlib import Path
from portal.storage.filesystem import FilesystemStore
from tests.storage.sealing import sealed

class Killed(FilesystemStore):
    def _publish(self, folder, temporary, name):
        os.kill(os.getpid(), 9)

paper = sealed(b"x" * 200_000)
Killed(Path(sys.argv[1])).put(paper.sha256, paper)
"""


def test_a_put_killed_before_the_rename_leaves_only_what_a_sweep_removes(
    root: Path, folder: FilesystemStore
) -> None:
    folder.put(PAPER.sha256, PAPER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    died = subprocess.run([sys.executable, "-c", DIES, str(root)], env=environment, check=False)
    assert died.returncode == -9
    assert list(folder.names()) == [PAPER.sha256]
    left = [each for each in files(root) if each != place(root)]
    assert len(left) == 1
    assert stat.S_IMODE(left[0].stat().st_mode) == 0o600
    written = datetime.fromtimestamp(left[0].stat().st_mtime, UTC)
    assert folder.sweep(written - timedelta(hours=1)) == 0
    assert folder.sweep(written + timedelta(hours=1)) == 1
    assert folder.sweep(written + timedelta(hours=1)) == 0
    assert files(root) == [place(root)]
    assert folder.get(PAPER.sha256) == PAPER.body


@pytest.fixture
def small_files() -> Iterator[None]:
    """This process may write no file beyond 64 KiB, as if the disk were full there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_write_that_stops_half_way_leaves_nothing(root: Path, folder: FilesystemStore) -> None:
    with pytest.raises(StorageUnavailable, match="cannot be written"):
        folder.put(PAPER.sha256, PAPER)
    assert files(root) == []
    with pytest.raises(Missing):
        folder.get(PAPER.sha256)
    small = sealed(b"small")
    folder.put(small.sha256, small)
    assert folder.get(small.sha256) == small.body


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder that we may read and not write, whoever we are."""
    top = Path(tempfile.mkdtemp())
    root = top / "papers"
    FilesystemStore(root).put(PAPER.sha256, PAPER)
    for each in (top, root, place(root).parent):
        each.chmod(0o555)
    place(root).chmod(0o444)
    # Root may write anywhere; so it is somebody else for the length of this test.
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    yield root
    os.seteuid(was)
    for each in (top, root, place(root).parent):
        each.chmod(0o755)
    shutil.rmtree(top)


def test_a_folder_that_may_not_be_written_is_still_read(forbidden: Path) -> None:
    store, other = FilesystemStore(forbidden), sealed(b"another")
    assert store.get(PAPER.sha256) == PAPER.body
    for work in (
        lambda: store.put(other.sha256, other),
        lambda: store.delete(PAPER.sha256),
        lambda: FilesystemStore(forbidden / "deeper"),
    ):
        with pytest.raises(StorageUnavailable, match="Permission denied"):
            work()
    store.put(PAPER.sha256, PAPER)
    assert list(store.names()) == [PAPER.sha256]


def test_a_store_that_went_away_is_not_an_empty_one(root: Path, folder: FilesystemStore) -> None:
    folder.put(PAPER.sha256, PAPER)
    root.rename(root.with_name("elsewhere"))
    for work in (
        lambda: folder.get(PAPER.sha256),
        lambda: folder.put(PAPER.sha256, PAPER),
        lambda: folder.delete(PAPER.sha256),
        lambda: list(folder.names()),
        lambda: folder.sweep(datetime(2026, 5, 1, tzinfo=UTC)),
    ):
        with pytest.raises(StorageUnavailable):
            work()


def test_a_file_where_the_folder_should_be_is_refused(root: Path) -> None:
    root.write_text("not a folder")
    with pytest.raises(StorageUnavailable, match="cannot be made"):
        FilesystemStore(root)
