"""A backup of the whole installation, while people work: an operator's command.

One state of the database, every sealed paper that it names, the settings, the ledgers' newest
checkpoints; and, in a file of its own to be kept apart, the server's keys sealed to the recovery
kit. Nothing in it is in the clear that is not in the clear in the database. A backup is there
whole or not at all, and leaves a line in each area's ledger.

A paper may be removed between the snapshot and its copying, because its time was over: then the
snapshot is taken again, so that no row of a backup names a paper that it lacks.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto.backups import seal_keys, seal_of
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import CASE, UNIT_NOW
from portal.domain import backups
from portal.domain.backups import Contents, LedgerHeld
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import Area, system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.running import snapshots
from portal.journeys.running.drill_kit import counts, first_area
from portal.journeys.running.snapshots import Migrate
from portal.ledger import book
from portal.records import areas, candidates, database, keys, papers, restrictions
from portal.storage.store import Missing, Spoiled

TRIES = 5
KEYS = "-keys.age"
UNFINISHED = ".part"


class NoKit(Exception):
    """The key to which the server's keys would be sealed is not that of a kit that was read back
    (or there is none): nothing was backed up."""


@dataclass(frozen=True)
class Kept:
    """What a backup is made of beside the database and the papers. `besides`:
    the kits of areas that were opened later, by the names of their folders, with their public keys;
    the server's keys are sealed to none of these."""

    keys: Path
    settings: bytes
    kit_folder: Path
    kit_key: bytes
    schema: str
    besides: Mapping[str, tuple[Path, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """Where it is, and what it holds. `keys` is the file to be kept apart."""

    folder: Path
    keys: Path
    contents: Contents


def back_up(house: House, kept: Kept, to: Path, keys_to: Path, migrate: Migrate) -> Made:
    """Make a backup in a new folder of `to`, and its sealed keys in `keys_to`.

    Raises NoKit, BadServerKeys, StorageUnavailable or OSError; then nothing is left that looks like
    a backup.
    """
    kit = fingerprint(kept.kit_key, b"")
    # Whoever swaps the file in the data folder must not be given the server's keys.
    first = first_area(house)
    if first is None or not counts(house, kit, first.id):
        raise NoKit
    name = f"portal-{house.clock.now():%Y%m%dT%H%M%SZ}-{new_id()[:6]}"
    for folder in (to, keys_to):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_unfinished(folder)
    part = to / f".{name}{UNFINISHED}"
    part.mkdir(mode=0o700)
    sealed = seal_keys(kept.keys, kept.kit_key)
    payloads, missing, held = _snapshot_and_papers(house, part, migrate)
    contents = Contents(
        made_at=house.clock.now(),
        schema=kept.schema,
        database=sha256(part / backups.DATABASE),
        settings=hashlib.sha256(kept.settings).hexdigest(),
        payloads=payloads,
        missing=missing,
        ledgers=held,
        kit=kit,
        keys=hashlib.sha256(sealed).hexdigest(),
    )
    body = contents.body()
    _write(part / backups.SETTINGS, kept.settings)
    _write(part / backups.CONTENTS, body)
    _write(part / backups.SEAL, seal_of(house.server_keys.ledger_seed, body).encode())
    _copy_kit(part, kept.kit_folder, kept.kit_key, part / backups.KIT)
    for name_of_area, (folder, key) in sorted(kept.besides.items()):
        _copy_kit(part, folder, key, part / backups.AREAS / name_of_area / backups.KIT)
    keys_part, keys_file = keys_to / f".{name}{KEYS}{UNFINISHED}", keys_to / f"{name}{KEYS}"
    _write(keys_part, sealed)
    # The keys first: a backup without them would look whole and open nothing.
    keys_part.rename(keys_file)
    part.rename(to / name)
    for folder in (keys_to, to):
        sync(folder)
    _note(house, contents)
    return Made(to / name, keys_file, contents)


def forget_unfinished(folder: Path) -> None:
    """Remove what a backup that was broken off left behind."""
    for path in folder.glob(f".portal-*{UNFINISHED}"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Of a file that may be large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """See a file or a folder onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_kit(part: Path, kit: Path, key: bytes, to: Path) -> None:
    """The kit's files, the unit's newest key where it was changed since the kit was made, and the
    keys of restricted cases."""
    shutil.copytree(kit, to, copy_function=shutil.copyfile)
    for earlier in (to / UNIT_NOW, *to.glob(CASE.format("*"))):
        earlier.unlink(missing_ok=True)
    if for_kit := _unit_since(part / backups.DATABASE, key):
        _write(to / UNIT_NOW, for_kit)
    for number, sealed in enumerate(_cases_for(part / backups.DATABASE, key), 1):
        _write(to / CASE.format(number), sealed)


def _unit_since(database: Path, kit_key: bytes) -> bytes:
    """The unit's key as it was sealed to this kit, where it was changed after the kit was made."""
    with snapshots.looked_into(database) as db:
        rows = [keys.unit_key_of(db, area.id) for area in areas.all_areas(db)]
    return next((row.for_kit for row in rows if row is not None and row.kit == kit_key), b"")


def _cases_for(database: Path, kit_key: bytes) -> list[bytes]:
    """The keys of restricted cases, as they were sealed to this kit."""
    kit = fingerprint(kit_key, b"")
    with snapshots.looked_into(database) as db:
        return [
            row.for_kit
            for area in areas.all_areas(db)
            for row in restrictions.keys_of_area(db, area.id).values()
            if row.kit == kit
        ]


def _snapshot_and_papers(
    house: House, part: Path, migrate: Migrate
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[LedgerHeld, ...]]:
    target = part / backups.DATABASE
    for _ in range(TRIES):
        target.unlink(missing_ok=True)
        snapshots.take(house.engine, target, migrate)
        target.chmod(0o600)
        with snapshots.looked_into(target) as db:
            named = payloads_named(db)
            held = tuple(_held(house, db, area) for area in areas.all_areas(db))
        missing = _copy_papers(house, named, part / backups.PAPERS)
        with database.reading(house.engine) as db:
            gone = missing - payloads_named(db)
        if not gone:
            break
    sync(target)
    for name in {path.name for path in (part / backups.PAPERS).rglob("*")} - named:
        # Copied for an earlier snapshot, and named by nothing since.
        (part / backups.PAPERS / name[:2] / name).unlink(missing_ok=True)
    return tuple(sorted(named - missing)), tuple(sorted(missing)), held


def payloads_named(db: Connection) -> set[str]:
    """Every sealed paper that some row names."""
    return papers.payload_names(db) | candidates.payload_names(db)


def _copy_papers(house: House, named: Iterable[str], to: Path) -> set[str]:
    """Copy those that are not there yet; returns those that the store has not, or has damaged."""
    missing: set[str] = set()
    to.mkdir(mode=0o700, exist_ok=True)
    for name in sorted(named):
        if (to / name[:2] / name).exists():
            continue
        try:
            body = house.store.get(name)
        except (Missing, Spoiled):
            missing.add(name)
            continue
        (to / name[:2]).mkdir(mode=0o700, exist_ok=True)
        _write(to / name[:2] / name, body)
    return missing


def _held(house: House, db: Connection, area: Area) -> LedgerHeld:
    return LedgerHeld(
        area.id,
        house.signer(area.id).vkey,
        book.head(db, area.id).size,
        book.newest_checkpoint(db, area.id),
    )


def _note(house: House, contents: Contents) -> None:
    digest = hashlib.sha256(contents.body()).hexdigest()
    for held in contents.ledgers:
        area_id = AreaId(held.area_id)
        with unjudged(house, system(area_id), Deed.BACKUP_MADE) as deed:
            deed.note(
                line(
                    Deed.BACKUP_MADE,
                    backup=digest,
                    lines=held.lines,
                    files=len(contents.payloads),
                )
            )


def _write(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(handle)
