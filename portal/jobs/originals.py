"""Originals of reports whose time is over are removed every hour, area by area."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.house import House
from portal.journeys.reports.remove_originals import remove_originals


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        removed = sum(in_every_area(house, remove_originals))
        return f"{removed} removed" if removed else ""

    return Job("originals", timedelta(hours=1), work)
