"""Every table, in one MetaData: importing this imports all that define one."""

from __future__ import annotations

from portal.records import (
    areas,
    arrangements,
    candidates,
    cases,
    disclosures,
    extracts,
    factors,
    job_runs,
    keys,
    meetings,
    minutes,
    originals,
    orphans,
    outbox,
    papers,
    people,
    readings,
    security_log,
    sendings,
    sessions,
    texts,
)
from portal.records.schema import metadata

__all__ = [
    "areas",
    "arrangements",
    "candidates",
    "cases",
    "disclosures",
    "extracts",
    "factors",
    "job_runs",
    "keys",
    "meetings",
    "metadata",
    "minutes",
    "originals",
    "orphans",
    "outbox",
    "papers",
    "people",
    "readings",
    "security_log",
    "sendings",
    "sessions",
    "texts",
]
