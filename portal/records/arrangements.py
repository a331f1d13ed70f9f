"""How a pack is arranged before it is sent: its papers in order, whom each is for, its times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Table

from portal.domain.ids import AreaId, PersonId, SlotId, VersionId
from portal.domain.packs import Others
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    every,
    first,
    id_column,
    metadata,
    remove,
)

pack_items = Table(
    "pack_items",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("version_id", primary_key=True),
    Column("tab", Integer, nullable=False),
    Column("others", Closed(Others)),
)


chosen_for = Table(
    "chosen_for",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("version_id", primary_key=True),
    id_column("person_id", primary_key=True),
)


pack_times = Table(
    "pack_times",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    Column("opens_at", Utc, nullable=False),
    Column("closes_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class PackItem:
    area_id: AreaId
    slot_id: SlotId
    version_id: VersionId
    tab: int
    others: Others | None = None
    """For a restricted annex: what those see who do not get it. None for a paper of the pack."""


@dataclass(frozen=True)
class ChosenFor:
    """One paper that one person is to have. Where there is no such row they do not get it."""

    area_id: AreaId
    slot_id: SlotId
    version_id: VersionId
    person_id: PersonId


@dataclass(frozen=True)
class PackTimes:
    area_id: AreaId
    slot_id: SlotId
    opens_at: datetime
    closes_at: datetime


def arrange(
    db: Connection,
    area_id: AreaId,
    slot_id: SlotId,
    order: Iterable[VersionId],
    given: Mapping[PersonId, frozenset[VersionId]],
    annexes: Mapping[VersionId, Others],
) -> None:
    """Replaces the pack's papers, in order (tabs from 1), and who each is given to. Those in
    `annexes` stand apart."""
    remove(db, pack_items, pack_items.c.area_id == area_id, pack_items.c.slot_id == slot_id)
    remove(db, chosen_for, chosen_for.c.area_id == area_id, chosen_for.c.slot_id == slot_id)
    for tab, version_id in enumerate(order, 1):
        add(db, pack_items, PackItem(area_id, slot_id, version_id, tab, annexes.get(version_id)))
    for person_id, versions in given.items():
        for version_id in sorted(versions):
            add(db, chosen_for, ChosenFor(area_id, slot_id, version_id, person_id))


def items_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[PackItem]:
    return every(
        db,
        pack_items,
        PackItem,
        pack_items.c.area_id == area_id,
        pack_items.c.slot_id == slot_id,
        order=[pack_items.c.tab],
    )


def given_in(
    db: Connection, area_id: AreaId, slot_id: SlotId
) -> dict[PersonId, frozenset[VersionId]]:
    """The papers chosen for each person; whoever is not named was given none (rule 36)."""
    given: dict[PersonId, set[VersionId]] = {}
    for entry in every(
        db, chosen_for, ChosenFor, chosen_for.c.area_id == area_id, chosen_for.c.slot_id == slot_id
    ):
        given.setdefault(entry.person_id, set()).add(entry.version_id)
    return {person: frozenset(versions) for person, versions in given.items()}


def save_times(db: Connection, times: PackTimes) -> None:
    remove(db, pack_times, pack_times.c.slot_id == times.slot_id)
    add(db, pack_times, times)


def times_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> PackTimes | None:
    return first(
        db,
        pack_times,
        PackTimes,
        pack_times.c.area_id == area_id,
        pack_times.c.slot_id == slot_id,
    )
