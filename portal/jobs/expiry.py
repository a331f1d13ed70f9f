"""Access and joining words that have run out are closed within a minute, area by area."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.house import House
from portal.journeys.keys.end_words import end_words_over


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        closed = sum(in_every_area(house, expire_access))
        in_every_area(house, end_words_over)
        return f"{closed} closed" if closed else ""

    return Job("expiry", timedelta(minutes=1), work)
