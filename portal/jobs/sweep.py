"""What is over is swept every ten minutes."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.job import Job
from portal.journeys.house import House
from portal.journeys.running.sweep import Swept, sweep

NOTHING = Swept(0, 0, 0, 0, 0, 0, 0, True)


def job(house: House) -> Job:
    """The job, for this house."""

    def work() -> str:
        swept = sweep(house)
        if swept == NOTHING:
            return ""
        return (
            f"{swept.sessions} sessions ended, {swept.drafts} drafts, {swept.candidates} files "
            f"not handed in, {swept.orphans} payloads and {swept.parts} parts removed"
        )

    return Job("sweep", timedelta(minutes=10), work)
