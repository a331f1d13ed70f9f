"""An operator replaces one of the server's own keys, while people work. None opens a document.

The new version is in use from the moment its file is there; what the former made still counts until
it is retired. Every area's record says that it happened. Broken off at any point, the same command
goes on where it stopped.

- The pepper: each person moves to it at their next sign-in. Retired when nobody is left.
- The session key: sessions that began before go on until they end. Retired when they have.
- The field key: every field is sealed anew, a slice at a time, and the former one retired.
- The ledger's signing key: the new one and the former sign the line that says so, one beside the
  other, so each vouches for the next; then the former is retired. From then on it signs nothing
  that is believed, and the audit refuses what it signs later.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from portal.crypto import serverkeys
from portal.crypto.fields import open_any, seal_field
from portal.crypto.serverkeys import KeyKind
from portal.domain.deeds import Deed, line
from portal.domain.people import Area, system
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House
from portal.ledger import leaf, search
from portal.records import areas, database, joining_words, keys, sealed_fields, sessions
from portal.records.sealed_fields import SealedColumn

SLICE = 50
SETTLE_SECONDS = 3.0
"""How long a request may take that read the keys before there was a new one, and has yet to commit
what it sealed under the former."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Rotated:
    """The version in use from now on; `went_on` where an earlier run had been broken off; for the
    ledger, the verifier key of each area, to be held elsewhere."""

    version: int
    went_on: bool
    vkeys: dict[str, str]


class StillNeeded(Exception):
    """The former version cannot be retired yet: so many would lose something by it."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def rotate_server_key(
    house: House, folder: Path, kind: KeyKind, told: Progress, settle: float = SETTLE_SECONDS
) -> Rotated:
    """Replace the key of this kind. `told` hears how many fields of how many are done.

    Raises BadServerKeys or OSError; then run it again.
    """
    present = house.server_keys.of(kind)
    went_on = len(present) > 1 and not _all_told(house, kind, max(present))
    went_on |= len(present) > 1 and kind in (KeyKind.FIELD, KeyKind.LEDGER)
    if not went_on:
        present = serverkeys.add(folder, kind).of(kind)
    version = max(present)
    vkeys = _leave_lines(house, kind, version)
    if kind is KeyKind.FIELD:
        _seal_anew(house, told)
        time.sleep(settle)
        _seal_anew(house, lambda _done, _all: None)
    if kind in (KeyKind.FIELD, KeyKind.LEDGER):
        serverkeys.retire(folder, kind)
    return Rotated(version, went_on, vkeys)


def retire_server_key(house: House, folder: Path, kind: KeyKind, *, anyway: bool = False) -> int:
    """Retire the former versions of the pepper or the session key; returns how many there were.

    Raises StillNeeded while passphrases or sessions hang on them; `anyway` ends such sessions, but
    never shuts out whoever has not signed in since.
    """
    former = len(house.server_keys.of(kind)) - 1
    with database.reading(house.engine) as db:
        needed = _under_former(house, db, kind)
    if needed and not (anyway and kind is KeyKind.SESSION):
        raise StillNeeded(needed)
    serverkeys.retire(folder, kind)
    return former


def _leave_lines(house: House, kind: KeyKind, version: int) -> dict[str, str]:
    found = {}
    for area in _areas(house):
        vkey = house.signer(area.id).vkey if kind is KeyKind.LEDGER else ""
        if _told_at(house, area, kind, version) is None:
            with unjudged(house, system(area.id), Deed.SERVER_KEY_CHANGED) as deed:
                deed.note(
                    line(
                        Deed.SERVER_KEY_CHANGED,
                        server_key=kind.value,
                        key_version=version,
                        vkey=vkey,
                    )
                )
                if vkey:
                    areas.sign_by(deed.db, area.id, vkey)
        if vkey:
            found[area.name] = vkey
    return found


def _all_told(house: House, kind: KeyKind, version: int) -> bool:
    return all(_told_at(house, area, kind, version) for area in _areas(house))


def _told_at(house: House, area: Area, kind: KeyKind, version: int) -> datetime | None:
    """When the area's record was told of this version; None when it was not yet."""
    said = {"server_key": kind.value, "key_version": version}
    with database.reading(house.engine) as db:
        for entry in search.of_deeds(
            db,
            area.id,
            [Deed.SERVER_KEY_CHANGED.value],
            lambda each: said.items() <= leaf.decode(each).items(),
        ):
            return entry.recorded_at
    return None


def _seal_anew(house: House, told: Progress) -> None:
    """Every field that a former key sealed, under the newest one. What somebody changes meanwhile
    is left: it is sealed under the newest already."""
    with database.reading(house.engine) as db:
        work = [
            (column, rows[start : start + SLICE])
            for column in sealed_fields.COLUMNS
            for rows in [sealed_fields.keys_of(db, column)]
            for start in range(0, len(rows), SLICE)
        ]
    every, done = sum(len(rows) for _, rows in work), 0
    for column, rows in work:
        with tending(house) as db:
            for row, place, sealed in sealed_fields.fields_at(db, column, rows):
                if sealed:
                    _seal_one(house, db, column, row, place, sealed)
        done += len(rows)
        told(done, every)


def _seal_one(
    house: House,
    db: Connection,
    column: SealedColumn,
    row: tuple[object, ...],
    place: str,
    sealed: bytes,
) -> None:
    newest, *former = house.server_keys.in_use(KeyKind.FIELD)
    table = column.table.name
    clear, index = open_any([newest, *former], sealed, table, column.column, place)
    if index:
        now = seal_field(newest, clear, table, column.column, place)
        sealed_fields.swap(db, column, row, sealed, now)


def _under_former(house: House, db: Connection, kind: KeyKind) -> int:
    """How many passphrases and joining words, or sessions, hang on a former version."""
    newest = max(house.server_keys.of(kind))
    if kind is KeyKind.PEPPER:
        return keys.passphrases_under(db, newest) + joining_words.living_under(db, newest)
    told = [_told_at(house, area, kind, newest) for area in _areas(house)]
    now = house.clock.now()
    return sessions.begun_before(db, max((at or now for at in told), default=now), now)


def _areas(house: House) -> list[Area]:
    with database.reading(house.engine) as db:
        return areas.all_areas(db)
