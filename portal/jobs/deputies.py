"""What a deputy for a time was given is taken back every five minutes; the role ends by itself."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.house import House
from portal.journeys.roles.end_deputy import end_terms


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        ended = sum(in_every_area(house, end_terms))
        return f"{ended} ended" if ended else ""

    return Job("deputies", timedelta(minutes=5), work)
