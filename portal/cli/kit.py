"""`portal kit`: the recovery kit tried, made anew, and used when no co-ordinator is left.

Each takes as many custodians as the kit asks for, at this terminal, and leaves a line in the
record. `READ-ME.txt` in the kit says how the plain age program does without the portal.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

import click

from portal.cli import kit_folder, unfinished
from portal.cli.ceremony import Ceremony, open_kit
from portal.cli.first_person import Given, comes_here
from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto.kit import Opened
from portal.crypto.serverkeys import BadServerKeys
from portal.crypto.unit import UnitKey
from portal.domain.people import Area
from portal.identity import passphrase
from portal.identity.passphrase import WeakPassphrase
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import FirstCoordinator
from portal.journeys.keys.bring_unit_back import give_unit_by_kit, host_agency, invite_by_kit
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.renew_kit import renew_kit
from portal.journeys.running.drill_kit import (
    WrongKit,
    area_of_kit,
    drill_kit,
    first_area,
    unit_of_kit,
)
from portal.journeys.running.init_area import KitNotReadBack
from portal.journeys.unacceptable import Unacceptable
from portal.records.database import reading
from portal.settings import BadSettings
from portal.wiring import wire

T = TypeVar("T")

kit_option = click.option(
    "--kit",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The kit's files, as custodians hold them (default: those in the data folder).",
)
area_option = click.option(
    "--area", "area_name", help="An area that was opened after the first one, by its name."
)
sheets_option = click.option(
    "--custodian-sheets",
    "sheets",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Read the custodians' sheets from this folder, instead of asking.",
)


@click.group("kit")
def group() -> None:
    """Try the recovery kit, make it anew, or use it when no co-ordinator is left."""


@group.command("drill")
@data_option
@area_option
@kit_option
@sheets_option
@click.option(
    "--backup-keys",
    type=click.File("rb"),
    help="Sealed keys of a backup, to be tried with it as well.",
)
def drill_command(
    data: Path,
    area_name: str | None,
    kit: Path | None,
    sheets: Path | None,
    backup_keys: IO[bytes] | None,
) -> None:
    """See whether the kit opens. Nothing is changed but the record. Once a year."""
    house, place = _house(data), kit_folder.place_of(data, area_name)
    opened = open_kit(kit or kit_folder.settled(house, place), sheets)
    sealed = None if backup_keys is None else backup_keys.read()
    area = _told(lambda: drill_kit(house, opened, sealed))
    click.echo(f"The recovery kit of {area.name} opens. It stands in the record.")
    if _unit(house, area, opened) != opened.unit:
        click.echo("The unit's key was changed since the kit was made. It was sealed to the kit as")
        click.echo("well, and opens; it lies in the database and in the kit's folder of backups.")
    if sealed is not None:
        click.echo("It opens the sealed keys of that backup too.")


@group.command("renew")
@data_option
@area_option
@kit_option
@sheets_option
@click.option("--custodians", type=click.IntRange(2, 7), default=3, prompt="Custodians")
@click.option("--needed", type=click.IntRange(2, 7), default=2, prompt="How many are needed")
@click.option("--new-sheets", type=click.Path(path_type=Path, file_okay=False))
@click.option("--read-back", type=click.Path(path_type=Path, file_okay=False, exists=False))
def renew_command(
    data: Path,
    area_name: str | None,
    kit: Path | None,
    sheets: Path | None,
    custodians: int,
    needed: int,
    new_sheets: Path | None,
    read_back: Path | None,
) -> None:
    """Make a new kit with the custodians of the old one, for others or for lost sheets.

    The old kit still opens papers until the unit's key is changed; new backups are the new kit's.
    """
    os.umask(0o077)
    if needed > custodians:
        raise click.ClickException("More custodians are needed than there are.")
    unfinished.refuse_files(new_sheets)
    house, place = _house(data), kit_folder.place_of(data, area_name)
    opened = open_kit(kit or kit_folder.settled(house, place), sheets)
    area = _told(lambda: area_of_kit(house, opened))
    _require_own_place(house, data, place, area)
    ceremony = Ceremony(kit_folder.begin(place), area.name, needed, new_sheets, read_back)

    try:
        unit = _told(lambda: _unit(house, area, opened))
        _told(
            lambda: renew_kit(house, area.id, unit, needed, custodians, ceremony.hand_out, opened)
        )
    except BaseException:
        kit_folder.forget(place)
        raise
    kit_folder.settled(house, place)
    click.echo(f"\nThe new kit of {area.name} counts. Destroy the old sheets, and make a")
    click.echo("backup now: the sealed keys of earlier backups open with the old kit only.")


@group.command("bring-back")
@data_option
@area_option
@kit_option
@sheets_option
@click.option("--name", prompt="Name of the new co-ordinator")
@click.option("--email", prompt="Their e-mail address")
@click.option("--job", prompt="Their job", default="Co-ordinator")
@click.option("--own-phone", prompt="Their telephone number")
@click.option("--agency", prompt="Their agency", default="Probation Service")
@click.option("--passphrase-file", type=click.File("r", encoding="utf-8"))
@click.option("--secret-file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--codes-file", type=click.Path(path_type=Path, dir_okay=False))
def bring_back_command(
    data: Path,
    area_name: str | None,
    kit: Path | None,
    sheets: Path | None,
    name: str,
    email: str,
    job: str,
    own_phone: str,
    agency: str,
    passphrase_file: IO[str] | None,
    secret_file: Path | None,
    codes_file: Path | None,
) -> None:
    """No co-ordinator is left: the custodians give the unit a new one, who joins here."""
    os.umask(0o077)
    unfinished.refuse_files(None, secret_file, codes_file)
    house, place = _house(data), kit_folder.place_of(data, area_name)
    opened = open_kit(kit or kit_folder.settled(house, place), sheets)
    area = _told(lambda: area_of_kit(house, opened))
    host = host_agency(house, area.id, agency)
    if host is None:
        raise click.ClickException(f"There is no agency called {agency} in {area.name}.")
    typed_clear = "" if passphrase_file is None else passphrase_file.readline().rstrip("\r\n")
    if typed_clear:
        try:
            passphrase.check(typed_clear, [name, email, agency, area.name, job])
        except WeakPassphrase as weak:
            raise click.ClickException(weak.words) from None
    new = FirstCoordinator(name, email, job, own_phone, host)
    linked = _told(lambda: invite_by_kit(house, area.id, opened, new))
    given = Given(typed_clear, secret_file, codes_file)
    comes_here(house, linked, given, partial(_give, house, opened))
    click.echo(f"\n{name} can sign in, read what the unit reads, and confirm others' keys.")
    click.echo("The unit was told by letter. If the sheets were shown to anybody, renew the kit.")


def _require_own_place(house: House, data: Path, place: Path, area: Area) -> None:
    """The kit of one area must not take the place of another's."""
    first = first_area(house)
    own = None if first is not None and first.id == area.id else area.name
    if kit_folder.place_of(data, own) != place:
        asked = "without --area" if own is None else f'with --area "{own}"'
        raise click.ClickException(f"This is the kit of {area.name}: renew it {asked}.")


def _give(house: House, opened: Opened, who: Who) -> None:
    _told(lambda: give_unit_by_kit(house, who, opened))


def _unit(house: House, area: Area, opened: Opened) -> UnitKey:
    with reading(house.engine) as db:
        return unit_of_kit(house, db, area.id, opened)


def _house(data: Path) -> House:
    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    try:
        return wire(settings).house
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None


def _told(work: Callable[[], T]) -> T:
    """What a journey refuses, as words on the terminal."""
    try:
        return work()
    except WrongKit as wrong:
        raise click.ClickException(str(wrong)) from None
    except KitNotReadBack:
        raise click.ClickException(
            "The new kit was not read back, so the old one goes on."
        ) from None
    except KeyAlarm:
        raise click.ClickException(
            "The unit's key in the database is not the one that the record names. Do nothing more."
        ) from None
    except Unacceptable as bad:
        raise click.ClickException(bad.words) from None
