"""`portal backup`: everything an installation is, to another place, while people work."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from portal.cli.ceremony import backup_key
from portal.cli.installation import (
    NAME,
    data_option,
    engine_of,
    explained,
    require_current,
    settings_of,
)
from portal.crypto.serverkeys import BadServerKeys
from portal.domain.backups import KIT as FOLDER
from portal.journeys.house import House
from portal.settings import BadSettings


@click.command("backup")
@data_option
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder in which this backup becomes a folder of its own.",
)
@click.option(
    "--keys-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the sealed server keys go: another place than the rest (default: TO/keys).",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    help="Afterwards remove all but the newest KEEP: what was deleted lives on in old ones.",
)
def command(data: Path, to: Path, keys_to: Path | None, keep: int | None) -> None:
    """Back everything up while people work: database, sealed papers, settings, checkpoints.

    The server's keys go into a file of their own, which only the recovery kit's custodians open
    together. Keep it apart from the rest. Losing keys/ without such a file loses everything.
    """
    from portal import migrating
    from portal.cli.kit_folder import places_of_others, settled
    from portal.journeys.running.back_up import KEYS, Kept, NoKit, back_up
    from portal.storage.store import StorageError
    from portal.wiring import wire

    os.umask(0o077)
    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    schema = migrating.revision(engine)
    engine.dispose()
    file = data / NAME
    to, apart = to.resolve(), (keys_to or to / "keys").resolve()
    _require_elsewhere(data.resolve(), to, apart)
    try:
        house = wire(settings).house
        folder = settled(house, data)
        kept = Kept(
            settings.keys,
            file.read_bytes() if file.is_file() else b"",
            folder,
            backup_key(folder),
            schema,
            {place.name: _kit(house, place) for place in places_of_others(data)},
        )
        made = back_up(house, kept, to, apart, migrating.upgrade)
        house.engine.dispose()
    except NoKit:
        raise click.ClickException(
            f"The key in {data / FOLDER} is not that of a recovery kit that was read back. Put the "
            "right folder there (every custodian has a copy), or make a new kit."
        ) from None
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    except (StorageError, OSError) as trouble:
        raise click.ClickException(f"No backup was made: {trouble}") from None
    if keep is not None:
        _remove_older(to, apart, KEYS, keep)
    contents = made.contents
    click.echo(f"{made.folder}: {contents.lines} lines of the record, and")
    click.echo(f"{len(contents.payloads)} sealed papers. Its sealed keys, to be kept apart:")
    click.echo(f"{made.keys}")
    click.echo("Put it back with: portal restore, and the custodians of the recovery kit.")
    if contents.missing:
        click.echo(
            f"{len(contents.missing)} papers are missing or damaged in the store itself, and so "
            "here. An earlier backup may have them.",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _kit(house: House, place: Path) -> tuple[Path, bytes]:
    from portal.cli.kit_folder import settled

    folder = settled(house, place)
    return folder, backup_key(folder)


def _require_elsewhere(data: Path, *places: Path) -> None:
    for place in places:
        if place == data or data in place.parents:
            raise click.ClickException(f"{place} lies in what is backed up. Choose another folder.")


def _remove_older(to: Path, keys_to: Path, keys: str, keep: int) -> None:
    """The names begin with the time, so their order is that of the backups."""
    for folder in sorted(to.glob("portal-*"))[:-keep]:
        (keys_to / f"{folder.name}{keys}").unlink(missing_ok=True)
        shutil.rmtree(folder)
