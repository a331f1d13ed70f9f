"""The process that dies: reads its job, and counts its writes."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from sqlalchemy import event

from tests import world
from tests.crash.dying import Job, stage_in
from tests.staging import Stage

CHANGES = ("BEGIN IMMEDIATE", "INSERT", "UPDATE", "DELETE", "COMMIT", "ROLLBACK")


def watch(stage: Stage, at_write: Callable[[int], None]) -> None:
    """Call `at_write` with a count from 0 just before each write."""
    count, busy = -1, False

    def write() -> None:
        nonlocal count, busy
        if not busy:
            busy, count = True, count + 1
            at_write(count)
            busy = False

    def statement(text: str) -> None:
        if text.lstrip().upper().startswith(CHANGES):
            write()

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        made = name == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if made or name in ("os.rename", "os.remove"):
            place = str(arguments[0]).rsplit("/", 1)[-1]
            if place.endswith(".part") or len(place) == 64:
                write()

    stage.house.engine.dispose()
    event.listen(
        stage.house.engine, "connect", lambda raw, _record: raw.set_trace_callback(statement)
    )
    sys.addaudithook(audited)


def main() -> None:
    job: Job = pickle.load(sys.stdin.buffer)
    # The people of the parent's world, with their keys.
    world.cast = lambda: job.secrets  # type: ignore[assignment]
    world.server_keys = lambda: job.keys  # type: ignore[assignment]

    def at_write(count: int) -> None:
        if job.into is not None:
            shutil.copytree(job.folder, job.into / f"{count:04}")
        if count == job.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    stage = stage_in(job.template, job.folder)
    watch(stage, at_write)
    getattr(import_module(job.act[0]), job.act[1])(stage)


if __name__ == "__main__":
    main()
