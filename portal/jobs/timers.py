"""Timers: a thread that runs each job at its interval, started by `portal serve` and the demo.

A job that fails is logged by the kind of its error, noted for the operator's page, and tried again
at its next time; it keeps no other job waiting. Intervals are counted on the steady clock.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from time import monotonic

from portal.jobs import (
    certifying,
    deputies,
    disposal,
    dormancy,
    exactness,
    expiry,
    originals,
    outbox,
    sweep,
)
from portal.jobs.job import Job, WentWrong
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.notices.letters import Writer
from portal.notices.senders import Sender
from portal.records import job_runs

log = logging.getLogger("portal.jobs")

TICK_SECONDS = 1.0
NOTE_SECONDS = 60.0
"""How often a job with nothing to do is noted, so that one can see it is alive."""


def jobs_of(house: House, sender: Sender, writer: Writer) -> list[Job]:
    """Every job there is, for these parts."""
    return [
        outbox.job(house, sender, writer),
        expiry.job(house),
        sweep.job(house),
        originals.job(house),
        disposal.job(house),
        exactness.job(house),
        dormancy.job(house),
        certifying.job(house),
        deputies.job(house),
    ]


def run(house: House, job: Job, *, note_quiet: bool = True) -> bool:
    """Run one job now and note how it went. Returns whether it went well; raises nothing.

    Without `note_quiet` a run that found nothing to do is not noted.
    """
    trouble = did = ""
    try:
        did = job.work()
        if did:
            log.info("%s: %s", job.name, did)
    except WentWrong as found:
        trouble = "WentWrong"
        log.critical("%s: %s", job.name, found)
    except Exception as error:
        # Only the kind: an error's words may repeat what it was handling.
        trouble = type(error).__name__
        log.error("%s failed: %s", job.name, trouble)
    if not (trouble or did or note_quiet):
        return True
    try:
        with tending(house) as db:
            job_runs.save(db, job_runs.JobRun(job.name, house.clock.now(), trouble[:80]))
    except Exception as error:
        log.error("%s could not be noted: %s", job.name, type(error).__name__)
        return False
    return not trouble


class Timers:
    """The thread. `start` begins with every job due; `stop` waits for the one that is running."""

    def __init__(self, house: House, jobs: Sequence[Job]) -> None:
        self._house = house
        self._jobs = list(jobs)
        self._due = {job.name: monotonic() for job in jobs}
        self._noted = {job.name: monotonic() - NOTE_SECONDS for job in jobs}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="timers", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience: float = 30.0) -> None:
        """Ask the thread to end and wait for it, `patience` seconds at most."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def run_due(self) -> list[str]:
        """Run what is due; returns the names of what ran."""
        ran: list[str] = []
        for job in self._jobs:
            if self._stop.is_set():
                break
            if self._due[job.name] <= monotonic():
                quiet_is_due = self._noted[job.name] + NOTE_SECONDS <= monotonic()
                run(self._house, job, note_quiet=quiet_is_due)
                if quiet_is_due:
                    self._noted[job.name] = monotonic()
                self._due[job.name] = monotonic() + job.every.total_seconds()
                ran.append(job.name)
        return ran

    def _loop(self) -> None:
        while not self._stop.is_set():
            self.run_due()
            self._stop.wait(TICK_SECONDS)
