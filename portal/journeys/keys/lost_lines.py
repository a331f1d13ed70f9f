"""Lines that came back from a record behind an older backup, without the rows that they tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portal.domain.deeds import Deed
from portal.ledger import leaf
from portal.ledger.book import Entry

Told = dict[str, leaf.Value]
Proven = Callable[[int], Told | None]
"""The line at a position, when a signed checkpoint covers it."""


def lost_lines(entries: Iterable[Entry], proven: Proven) -> tuple[range, ...] | None:
    """Their positions, a range for each time that a backup was put back: from its last line to the
    one that says so, which is among `entries`. None where such a line is not proven."""
    found = []
    for entry in entries:
        if entry.deed != Deed.BACKUP_RESTORED.value:
            continue
        told = proven(entry.position)
        held = None if told is None else told["lines"]
        if not isinstance(held, int):
            return None
        found.append(range(held, entry.position))
    return tuple(found)
