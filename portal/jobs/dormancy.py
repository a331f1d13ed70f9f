"""Owners of accounts that nobody uses, and their agencies, are told every hour, area by area."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.journeys.dormancy.tell_dormant import tell_dormant
from portal.journeys.house import House


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        told = sum(in_every_area(house, tell_dormant))
        return f"{told} told" if told else ""

    return Job("dormancy", timedelta(hours=1), work)
