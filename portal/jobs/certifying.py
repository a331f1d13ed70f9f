"""Agencies are asked, once it is due, who of their people is still here: each hour, each area."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.agencies.ask_after_people import ask_after_people
from portal.journeys.house import House


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        asked = sum(in_every_area(house, ask_after_people))
        return f"{asked} asked" if asked else ""

    return Job("certifying", timedelta(hours=1), work)
