"""Setting the demonstration up in a folder, once, and saying who is in it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal import migrating
from portal.clock import FixedClock, SystemClock
from portal.crypto import serverkeys
from portal.demo.cast import AGENCIES, SOUTH, SOUTHERNER
from portal.demo.company import Company, assemble
from portal.demo.neighbour import move_in
from portal.demo.scenes import WEEKS_BEFORE, play
from portal.domain.people import Role
from portal.jobs import outbox
from portal.records.database import open_engine
from portal.settings import Settings, in_folder
from portal.wiring import wire

TOLD = "demo.json"
ROLE_WORDS = {
    Role.COORDINATOR: "co-ordinator",
    Role.DEPUTY: "deputy co-ordinator",
    Role.ADMINISTRATOR: "administrator",
    Role.CHAIR: "chair",
    Role.ATTENDEE: "attendee",
    Role.CONTACT: "agency contact",
    Role.SPOC: "single point of contact",
    Role.LAY_ADVISER: "lay adviser",
    Role.AUDITOR: "auditor",
    Role.OPERATOR: "operator",
}


class NotADemonstration(Exception):
    """The folder holds something else, or this is a production machine. Nothing was touched."""


def settings_for(data: Path, port: int) -> Settings:
    """The demonstration's settings: this machine only, one folder. Raises NotADemonstration."""
    if os.environ.get("PORTAL_MODE") == "production":
        raise NotADemonstration("PORTAL_MODE is production: the demonstration does not run here.")
    settings = in_folder(data, f"http://localhost:{port}")
    if data.exists() and any(data.iterdir()) and not (data / TOLD).is_file():
        raise NotADemonstration(
            f"{data} is not empty and holds no demonstration. Name another folder with --data."
        )
    if (data / TOLD).is_file():
        # The ledger keeps the name it began with, whatever port it is looked at through now.
        told = json.loads((data / TOLD).read_text("utf-8"))
        settings = replace(settings, origin=told.get("origin", urlsplit(told["base_url"]).netloc))
    return settings


def set_up(
    settings: Settings,
    data: Path,
    tell: Callable[[str], None],
    today: datetime | None = None,
) -> dict[str, Any]:
    """Play all the scenes into an empty folder; returns (and writes down) who is in it.

    `today` is when the scenes end; without it, now.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    serverkeys.create(settings.keys, development=True)
    engine = open_engine(settings.database)
    migrating.upgrade(engine)
    engine.dispose()
    today = today or SystemClock().now()
    clock = FixedClock(today - WEEKS_BEFORE)
    wired = wire(settings, clock)
    company = assemble(wired.house, clock, tell)
    move_in(company, today, tell)
    play(company, clock, today, tell)
    clock.set(max(today, clock.now()))
    while outbox.job(wired.house, wired.sender, wired.writer).work():
        pass
    wired.house.engine.dispose()
    told = {
        "base_url": settings.base_url,
        "origin": settings.ledger_origin,
        "personas": _personas(company),
    }
    _write(data / TOLD, told)
    return told


def ready(settings: Settings, data: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """The demonstration of this folder: the one that is there, or a new one."""
    file = data / TOLD
    if not file.is_file():
        return set_up(settings, data, tell)
    told = dict(json.loads(file.read_text("utf-8")))
    if told.get("base_url") != settings.base_url:
        told["base_url"] = settings.base_url
        _write(file, told)
    return told


def clear(data: Path) -> None:
    """Remove an earlier demonstration, and nothing that is not one."""
    if (data / TOLD).is_file():
        shutil.rmtree(data)


def _personas(company: Company) -> list[dict[str, str]]:
    agencies = {agency.key: agency.name for agency in AGENCIES}
    agencies[SOUTHERNER.agency] = SOUTH.host_agency
    return [
        {
            "email": member.persona.email,
            "name": member.persona.name,
            "role": ", ".join(ROLE_WORDS[role] for role in Role if role in member.persona.roles),
            "agency": agencies[member.persona.agency],
            "passphrase": member.passphrase,
            "totp_secret": member.totp_secret,
            "identity": member.identity,
            "recovery_code": member.recovery_code,
        }
        for member in company.members.values()
    ]


def _write(file: Path, told: dict[str, Any]) -> None:
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(told), "utf-8")
    part.replace(file)
