"""Notices leave the outbox every few seconds."""

from __future__ import annotations

from datetime import timedelta

from portal.jobs.job import Job
from portal.journeys.house import House
from portal.journeys.running.send_notices import send_notices
from portal.notices.letters import Writer
from portal.notices.senders import Sender


def job(house: House, sender: Sender, writer: Writer) -> Job:
    """The job, for these parts."""

    def work() -> str:
        done = send_notices(house, sender, writer)
        if done.sent + done.later + done.given_up == 0:
            return ""
        return f"{done.sent} sent, {done.later} to be tried again, {done.given_up} given up"

    return Job("notices", timedelta(seconds=5), work)
