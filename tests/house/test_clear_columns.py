"""No text column stands in the clear unless docs/clear-columns.md says so, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import JSON, String

from portal.ledger.tables import ledger_metadata
from portal.records.schema import Closed, ClosedSet
from portal.records.tables import metadata

PAGE = Path(__file__).resolve().parents[2] / "docs" / "clear-columns.md"


def test_the_page_lists_exactly_the_clear_text_columns() -> None:
    tables = [*metadata.sorted_tables, *ledger_metadata.sorted_tables]
    found = {
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not isinstance(column.type, Closed | ClosedSet)
        and column.name != "id"
        and not column.name.endswith("_id")
    }
    listed = re.findall(r"`([a-z_]+\.[a-z0-9_]+)`", PAGE.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(found)
