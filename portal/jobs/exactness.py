"""The nightly check that whoever is granted has a wrap, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.areas import in_every_area
from portal.jobs.job import Job, WentWrong
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.house import House


def job(house: House) -> Job:
    """The job, for this house. It fails loudly, on the operator's page and in the log."""

    def work() -> str:
        wrong = [version for found in in_every_area(house, check_exactness) for version in found]
        if wrong:
            raise WentWrong(f"grants and wraps disagree for {len(wrong)}: {' '.join(wrong[:20])}")
        return "every grant has its wrap, and every wrap its grant"

    return Job("exactness", timedelta(hours=24), work)
