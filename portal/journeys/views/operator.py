"""The state of the installation, for its operator: counts, never a title, name or reference."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from portal.documents import state as able
from portal.domain.deeds import Deed
from portal.domain.facts import InArea
from portal.journeys.deed import ClockDoubted, believe_clock, looking
from portal.journeys.house import House, Who
from portal.ledger import book
from portal.ledger.errors import RecordBehind
from portal.policy.actions import Action
from portal.records import database, job_runs, orphans, outbox
from portal.records.job_runs import JobRun
from portal.records.outbox import Delivery
from portal.storage.store import StorageError

BACKUP_DUE = timedelta(days=2)
"""After this the page says that a backup is overdue: they are to be made every night."""

COMPONENTS = ("mappa-portal", "flask", "sqlalchemy", "cryptography", "pikepdf", "typst", "gunicorn")


@dataclass(frozen=True)
class KeyFile:
    """One file of the keys folder: its name, its mode in octal, since when it has been there."""

    name: str
    mode: str
    since: datetime
    closed: bool


@dataclass(frozen=True)
class State:
    """Sizes are bytes. Each `_trouble` is empty when all is well.

    `backup_at` is when the last backup was made that the record knows of; None before the first.
    """

    now: datetime
    clock_trouble: str
    record_trouble: str
    database: str
    database_bytes: int
    store_count: int
    store_bytes: int
    store_trouble: str
    orphans: int
    keys: tuple[KeyFile, ...]
    pepper: int
    development_keys: bool
    waiting: int
    failed: int
    ledger_lines: int
    checkpoint: str
    backup_at: datetime | None
    backup_stale: bool
    jobs: tuple[JobRun, ...]
    components: tuple[tuple[str, str], ...]
    conversion: able.State
    recognition: able.State
    cut_off: able.State
    scanner: able.State


def operator_state(house: House, who: Who, keys_folder: Path) -> State:
    """What the operator sees, of their own area where it is of an area. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.OPERATOR_STATE_READ, InArea(area_id))
        trouble = ""
        try:
            believe_clock(house, look.db, area_id)
        except ClockDoubted as doubt:
            trouble = str(doubt)
        behind = ""
        try:
            house.witness.require(look.db, area_id, house.signer(area_id))
        except RecordBehind as found:
            behind = str(found)
        counts = outbox.counts(look.db, area_id)
        head = book.head(look.db, area_id)
        checkpoint = book.newest_checkpoint(look.db, area_id)
        size = database.size_of(look.db)
        made = book.newest_of(look.db, area_id, Deed.BACKUP_MADE.value)
        backup_at = None if made is None else made.recorded_at
        unnamed = len(orphans.seen(look.db))
        runs = tuple(job_runs.newest(look.db))
        dialect = look.db.dialect
        told = f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}".strip()
    kept, weight, store_trouble = _store(house)
    return State(
        now=look.now,
        clock_trouble=trouble,
        record_trouble=behind,
        database=told,
        database_bytes=size,
        store_count=kept,
        store_bytes=weight,
        store_trouble=store_trouble,
        orphans=unnamed,
        keys=_keys(keys_folder),
        pepper=house.server_keys.pepper_version,
        development_keys=house.server_keys.development,
        waiting=counts[Delivery.WAITING],
        failed=counts[Delivery.FAILED],
        ledger_lines=head.size,
        checkpoint=checkpoint,
        backup_at=backup_at,
        backup_stale=backup_at is None or look.now - backup_at > BACKUP_DUE,
        jobs=runs,
        components=tuple((name, _version(name)) for name in COMPONENTS if _version(name)),
        conversion=able.conversion(),
        recognition=able.recognition(),
        cut_off=able.cut_off(),
        scanner=house.scanner.state(),
    )


def _store(house: House) -> tuple[int, int, str]:
    try:
        kept, weight = house.store.measure()
    except StorageError as error:
        return 0, 0, str(error)
    return kept, weight, ""


def _keys(folder: Path) -> tuple[KeyFile, ...]:
    try:
        found = [folder, *sorted(path for path in folder.iterdir() if path.name != "README.md")]
        return tuple(_key(path, folder) for path in found)
    except OSError:
        return ()


def _key(path: Path, folder: Path) -> KeyFile:
    status = path.lstat()
    mode = stat.S_IMODE(status.st_mode)
    since = datetime.fromtimestamp(status.st_mtime, UTC)
    name = "the folder" if path == folder else path.name
    return KeyFile(name, f"{mode:04o}", since, not mode & 0o077)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
