"""Any value that a table may hold, drawn from the fields of its dataclass and its columns."""

from __future__ import annotations

import typing
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from types import NoneType
from typing import Any, TypeVar

from hypothesis import strategies as st
from sqlalchemy import JSON, BigInteger, Date, Integer, LargeBinary, String, Table

from portal.chance import new_id
from portal.records.schema import Closed, ClosedSet, Utc

V = TypeVar("V")

TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
MOMENTS = st.integers(0, 250_000_000_000_000_000).map(
    lambda microseconds: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
WHOLE = st.integers(-(2**31), 2**31 - 1)


def any_value(kind: type[V], table: Table) -> st.SearchStrategy[V]:
    """Values of a frozen dataclass that has a field for each column of its table."""
    hints = typing.get_type_hints(kind)
    drawn = {f.name: _column(table.c[f.name], hints[f.name]) for f in fields(kind)}  # type: ignore[arg-type]
    assert set(drawn) == set(table.c.keys()), table.name
    return st.builds(kind, **drawn)


def _column(column: Any, hint: Any) -> st.SearchStrategy[Any]:
    strategy = _filled(column.type, hint)
    may_be_none = NoneType in typing.get_args(hint)
    assert bool(column.nullable) is may_be_none, column
    return st.none() | strategy if may_be_none else strategy


def _filled(kind: Any, hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(kind, Closed):
        return st.sampled_from(list(kind.kind))
    if isinstance(kind, ClosedSet):
        return st.frozensets(st.sampled_from(list(kind.kind)), min_size=1)
    if isinstance(kind, Utc):
        return MOMENTS
    if isinstance(kind, JSON):
        held: type = typing.get_args(hint)[1]
        return st.dictionaries(st.text(TEXT, max_size=9), WHOLE if held is int else st.text(TEXT))
    if isinstance(kind, Date):
        return st.dates(date(1, 1, 1), date(9999, 12, 31))
    if isinstance(kind, LargeBinary):
        return st.binary(max_size=80)
    if isinstance(kind, BigInteger):
        return st.integers(-(2**63), 2**63 - 1)
    if isinstance(kind, Integer):
        return WHOLE
    if isinstance(kind, String):
        return st.text(TEXT, max_size=kind.length)
    assert issubclass(kind.python_type, bool), kind
    return st.booleans()


NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def plain(kind: type[V], table: Table) -> V:
    """One plain value, with every field filled and an identifier of its own."""
    return kind(**{column.name: _plain(column.type) for column in table.c})


def _plain(kind: Any) -> Any:
    if isinstance(kind, Closed):
        return next(iter(kind.kind))
    if isinstance(kind, ClosedSet):
        return frozenset(list(kind.kind)[:2])
    if isinstance(kind, Utc):
        return NOW
    for of, value in (
        (JSON, {}),
        (Date, NOW.date()),
        (Integer, 1),
        (LargeBinary, new_id().encode()),
    ):
        if isinstance(kind, of):
            return value
    return new_id()[:20] if isinstance(kind, String) else False
