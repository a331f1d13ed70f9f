"""What was sent, and nobody can read any more, is disposed of within the hour, area by area."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.giving.dispose import dispose
from portal.journeys.house import House


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        done = sum(in_every_area(house, dispose))
        return f"{done} disposed of" if done else ""

    return Job("disposal", timedelta(hours=1), work)
