"""When each timer last ran, and whether it failed: what the operator's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table

from portal.records.schema import Utc, every, metadata, put

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("ended_at", Utc, nullable=False),
    Column("trouble", String(80), nullable=False),
)


@dataclass(frozen=True)
class JobRun:
    """`trouble` is the kind of error, never its words; empty when the run went well."""

    name: str
    ended_at: datetime
    trouble: str


def save(db: Connection, run: JobRun) -> None:
    put(db, job_runs, run)


def newest(db: Connection) -> list[JobRun]:
    return every(db, job_runs, JobRun, order=[job_runs.c.name])
