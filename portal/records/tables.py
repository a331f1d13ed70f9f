"""Every table, in one MetaData: importing this imports all that define one."""

from __future__ import annotations

from portal.records import (
    areas,
    candidates,
    cases,
    disclosures,
    factors,
    keys,
    meetings,
    minutes,
    outbox,
    papers,
    people,
    security_log,
    sendings,
    sessions,
    texts,
)
from portal.records.schema import metadata

__all__ = [
    "areas",
    "candidates",
    "cases",
    "disclosures",
    "factors",
    "keys",
    "meetings",
    "metadata",
    "minutes",
    "outbox",
    "papers",
    "people",
    "security_log",
    "sendings",
    "sessions",
    "texts",
]
