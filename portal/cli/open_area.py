"""`portal open-area`: one more area in an installation that has one.

It has its own unit, its own key, recovery kit, ledger and people, and nothing of any other area is
seen in it. Whoever has an account here already becomes its first co-ordinator with that account.
The server's keys stay those of the installation: backups of them open with the kit of the area
that the installation began with.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import click

from portal.cli import kit_folder, unfinished
from portal.cli.ceremony import Ceremony
from portal.cli.first_person import Given, enrol
from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.cli.opening import area_options, checked_texts, first_line, judge_new, open_area
from portal.crypto.serverkeys import BadServerKeys
from portal.journeys.joining.bootstrap_coordinator import FirstCoordinator
from portal.records import areas, database, people
from portal.settings import BadSettings
from portal.wiring import Wiring, wire


@click.command("open-area")
@data_option
@area_options
def command(
    data: Path,
    custodians: int,
    needed: int,
    custodian_sheets: Path | None,
    read_back: Path | None,
    passphrase_file: IO[str] | None,
    secret_file: Path | None,
    codes_file: Path | None,
    **texts: str,
) -> None:
    """Open one more area in this installation, while people of the others work."""
    os.umask(0o077)
    if needed > custodians:
        raise click.ClickException("More custodians are needed than there are.")
    area, first = checked_texts(texts)
    passphrase_clear = first_line(passphrase_file)
    engine = engine_of(settings_of(data, address_matters=False))
    require_current(engine, data)
    engine.dispose()
    settings = settings_of(data)
    try:
        wired = wire(settings)
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    _require_new(wired, area.name)
    with database.reading(wired.house.engine) as db:
        # Of whoever has an account it is the one they have: rules for a new one say nothing of it.
        if people.by_email(db, first.email) is None:
            judge_new(passphrase_clear, area, first)
    unfinished.refuse_files(custodian_sheets, secret_file, codes_file)
    place = kit_folder.place_of(data, area.name)
    ceremony = Ceremony(place, area.name, needed, custodian_sheets, read_back)
    opened, host, unit = open_area(wired, area, needed, custodians, ceremony)
    enrol(
        wired.house,
        opened,
        host,
        unit,
        FirstCoordinator(first.name, first.email, first.job, first.phone, host.id),
        Given(passphrase_clear, secret_file, codes_file),
    )
    wired.house.engine.dispose()
    click.echo(f"\n{area.name} is open. Its recovery kit is tried and renewed with:\n")
    click.echo(f'    portal kit drill --data {data} --area "{area.name}"')


def _require_new(wired: Wiring, name: str) -> None:
    """Raises ClickException unless there is an installation, and no area of this name in it."""
    with database.reading(wired.house.engine) as db:
        known = areas.all_areas(db)
        for area in known:
            if kit_folder.slug(area.name) != kit_folder.slug(name):
                continue
            if people.of_area(db, area.id):
                raise click.ClickException(f"There is an area called {area.name} here already.")
            raise click.ClickException(
                f"{area.name} was begun here and not finished: its key is in its recovery kit. Its "
                f'custodians finish it with: portal kit bring-back --area "{area.name}"'
            )
    if not known:
        raise click.ClickException("There is no area here yet. Open the first with: portal init")
