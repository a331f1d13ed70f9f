"""Taking keys off PDF dictionaries."""

from __future__ import annotations

from collections.abc import Collection

from pikepdf import Object


def drop(thing: Object, *names: str) -> None:
    """Remove these keys where they are there."""
    for name in names:
        if name in thing:
            del thing[name]


def keep(thing: Object, names: Collection[str]) -> None:
    """Remove every key but these."""
    drop(thing, *(set(thing.keys()) - set(names)))
