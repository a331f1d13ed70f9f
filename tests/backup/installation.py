"""An installation in a folder, with a meeting, papers and people in it, and a kit that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from portal import migrating
from portal.cli.ceremony import Ceremony
from portal.cli.restore import Known, bring_back
from portal.clock import FixedClock
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.kit import Kit, Opened, read_back
from portal.journeys.keys.renew_kit import renew_kit
from portal.journeys.running.back_up import Kept, Made, back_up
from portal.journeys.running.put_back import PutBack
from portal.records.database import reading
from portal.settings import in_folder
from portal.storage.filesystem import FilesystemStore
from portal.wiring import wire
from tests.cast import write_keys
from tests.crash.dying import prepare, stage_in
from tests.staging import Stage, Template
from tests.world import BASE_URL, START

LATER = START + timedelta(hours=3)


@dataclass(frozen=True)
class Installation:
    """Its folder, what its custodians recover together, and the meeting in it."""

    folder: Path
    kit: Opened
    stage: Stage

    def back_up(self, to: Path) -> Made:
        kept = Kept(
            self.folder / "keys",
            f"PORTAL_BASE_URL={BASE_URL}\nPORTAL_MODE=development\n".encode(),
            self.folder / "recovery-kit",
            self.kit.backups.recipient().raw,
            migrating.revision(self.stage.house.engine),
        )
        return back_up(self.stage.house, kept, to, to / "keys", migrating.upgrade)


def installed(template: Template, folder: Path) -> Installation:
    """The staged meeting, its store in files, its keys in the folder, its kit known."""
    prepare(template, folder)
    write_keys(folder / "keys")
    stage = stage_in(template, folder)
    helen = stage.world.who("helen")
    with reading(stage.house.engine) as db:
        unit = helen.unit(db)
    ceremony = Ceremony(folder, "Northmere", 2, None, None)

    def hand_out(kit: Kit) -> Sequence[str]:
        ceremony.keep_files(kit)
        return kit.identities[1:]

    kit = renew_kit(stage.house, helen.actor.area_id, unit, 2, 3, hand_out)
    sheets = [HybridIdentity(text) for text in kit.identities[:2]]
    return Installation(folder, read_back([file.body for file in kit.files], sheets), stage)


def put_back(
    at: Installation, made: Made, data: Path, known: Known | None = None
) -> tuple[Stage, Sequence[PutBack]]:
    """The backup on a bare machine, three hours later, with the same people."""
    clock = FixedClock(LATER)
    _, told = bring_back(made.folder, made.keys, at.kit, data, known or Known(), None, clock)
    return stage_of(at, data, clock), told


def on_database(at: Installation, data: Path, stage: Stage) -> Installation:
    """The installation in a folder that was put back, as `stage` found it."""
    return Installation(data, at.kit, stage)


def stage_of(at: Installation, data: Path, clock: FixedClock, database: str | None = None) -> Stage:
    """The meeting as it lies in a folder that was put back."""
    settings = in_folder(data, BASE_URL)
    house = wire(replace(settings, database=database or settings.database), clock).house
    stage = Stage(at.stage.world.__class__(house.engine, data), at.stage.places)
    stage.world.clock = clock
    store = FilesystemStore(data / "papers")
    stage.house = stage.world.house = replace(house, store=store)
    return stage
