"""`portal jobs`: the timers in a process of their own, or each job once."""

from __future__ import annotations

import logging
import signal
import threading
from pathlib import Path

import click

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto.serverkeys import BadServerKeys
from portal.settings import BadSettings


@click.command("jobs")
@data_option
@click.option("--once", is_flag=True, help="Run each job once, and end with 1 if one failed.")
def command(data: Path, once: bool) -> None:
    """Send notices, close access that is over, sweep. `portal serve` does all this itself."""
    from portal.jobs.timers import Timers, jobs_of, run
    from portal.wiring import wire

    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        wired = wire(settings)
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    jobs = jobs_of(wired.house, wired.sender, wired.writer)
    if once:
        failed = sum(not run(wired.house, job) for job in jobs)
        if failed:
            raise click.exceptions.Exit(1)
        return
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    timers = Timers(wired.house, jobs)
    timers.start()
    ended.wait()
    timers.stop()
