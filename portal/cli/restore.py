"""`portal restore`: a whole installation on a bare machine, from a backup and the recovery kit.

Everything is checked before anything is there: it is put together in a folder beside the one that
was asked for, and renamed as the last step. Broken off at any moment, it can be begun again. Rows
for another database are put there just before that.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from portal.cli import installation
from portal.cli.ceremony import open_kit
from portal.cli.unpack import BadBackup, unpack
from portal.clock import Clock
from portal.crypto.kit import Opened
from portal.crypto.serverkeys import BadServerKeys
from portal.domain import backups
from portal.domain.backups import Contents
from portal.settings import BadSettings, Settings

if TYPE_CHECKING:
    from portal.journeys.running.put_back import PutBack

ELSEWHERE = ("PORTAL_DATABASE", "PORTAL_PAPERS", "PORTAL_KEYS", "PORTAL_DATA")


@click.command("restore")
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder of one backup.",
)
@click.option(
    "--keys",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The sealed keys that were kept apart.",
)
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder that becomes the installation. It must be empty, or not there.",
)
@click.option(
    "--kit",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The files of the recovery kit, as custodians hold them (default: those in the backup).",
)
@click.option(
    "--custodian-sheets",
    "sheets",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Read the custodians' sheets from this folder, instead of asking.",
)
@click.option(
    "--witnessed",
    multiple=True,
    type=click.File("r", encoding="utf-8"),
    help="A checkpoint of the record that was held elsewhere: it shows what is missing.",
)
@click.option(
    "--record",
    multiple=True,
    type=click.File("r", encoding="utf-8"),
    help="A later export of the record: its lines are put back, so what they ended stays ended.",
)
@click.option(
    "--accept-missing", is_flag=True, help="Go on though lines of the record are known to be lost."
)
@click.option("--database", help="Put the rows into this empty database instead of a file.")
def command(
    source: Path,
    keys: Path,
    data: Path,
    kit: Path | None,
    sheets: Path | None,
    witnessed: Sequence[IO[str]],
    record: Sequence[IO[str]],
    accept_missing: bool,
    database: str | None,
) -> None:
    """Put a backup back on a bare machine. It takes the custodians of the recovery kit."""
    os.umask(0o077)
    data = data.resolve()
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise click.ClickException(f"{data} is not empty. A backup is put back into a new folder.")
    opened = open_kit(kit or source / backups.KIT, sheets)
    known = Known(
        [file.read() for file in witnessed],
        [file.read().splitlines() for file in record],
        accept_missing=accept_missing,
    )
    try:
        contents, told = bring_back(source, keys, opened, data, known, database)
    except (BadBackup, BadSettings, BadServerKeys, OSError, ValueError) as bad:
        raise click.ClickException(f"Nothing was put back. {bad}") from None
    for each in told:
        click.echo(
            f"{each.area}: {each.lines} lines of the record, {each.replayed} later ones put back, "
            f"{each.missing} known to be missing."
        )
        if each.anew:
            click.echo(
                f"{each.anew} people have had another key since, which is lost: they begin anew. "
                "Send each of them a new link, on the page of the unit's people. Where no "
                "co-ordinator is left: portal kit bring-back."
            )
    click.echo(
        f"\nThe backup is put back. Everybody signs in anew:\n\n    portal serve --data {data}"
    )
    click.echo(
        "\nCodes on paper that were used since the backup count as unused again, second "
        "factors taken away since count again, and passphrases changed since are the old ones. Let "
        "people look at their factors and make new codes, and make a new backup now."
    )
    if contents.missing:
        click.echo(f"{len(contents.missing)} papers were missing in the backup already.")


@dataclass(frozen=True)
class Known:
    """What is known of the record beside the backup: checkpoints that were held elsewhere, and the
    lines of later exports."""

    witnessed: Sequence[str] = ()
    records: Sequence[Sequence[str]] = ()
    accept_missing: bool = False


def bring_back(
    source: Path,
    keys: Path,
    opened: Opened,
    data: Path,
    known: Known,
    database: str | None = None,
    clock: Clock | None = None,
) -> tuple[Contents, Sequence[PutBack]]:
    """Lay the backup out beside `data`, make it fit to be used, and rename it to `data`.

    Raises BadBackup, BadSettings, BadServerKeys, OSError or ValueError; then `data` is as it was.
    """
    part = data.parent / f".{data.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        contents = unpack(source, keys, opened.backups, part)
        settings = _settings(part, database)
        _require_schema(settings, contents)
        told = _made_fit(settings, contents, opened, known, clock)
        if database is not None:
            _move_rows(part, database)
        part.rename(data)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return contents, told


def _settings(part: Path, database: str | None) -> Settings:
    """Those of the backup, with database, papers and keys in the new folder. The settings kept
    there name the database to which the rows move in the end."""
    env = {
        name: value
        for name, value in installation.environment(part).items()
        if name not in ELSEWHERE
    }
    moved = {} if database is None else {"PORTAL_DATABASE": database}
    lines = "".join(f"{name}={value}\n" for name, value in sorted((env | moved).items()))
    (part / backups.SETTINGS).write_text(lines, "utf-8")
    return installation.settings_from({**env, "PORTAL_DATA": str(part)})


def _require_schema(settings: Settings, contents: Contents) -> None:
    from portal import migrating
    from portal.records.database import open_engine

    engine = open_engine(settings.database)
    try:
        if migrating.revision(engine) != contents.schema:
            raise BadBackup(
                "It has another schema than its list says, or than this program's. Use the version "
                "of the portal that made it, then portal migrate."
            )
    finally:
        engine.dispose()


def _move_rows(part: Path, database: str) -> None:
    """What was made fit goes into the empty database, in one transaction: all of it, or nothing."""
    from sqlalchemy.exc import SQLAlchemyError

    from portal import migrating
    from portal.journeys.running import snapshots
    from portal.records.database import open_engine, reading

    source, target = open_engine(f"sqlite:///{part / backups.DATABASE}"), open_engine(database)
    try:
        migrating.upgrade(target)
        with reading(source) as rows:
            snapshots.fill(rows, target)
    except ValueError as there:
        raise BadBackup(
            f"That database cannot take it: {there}. Name an empty one. Where an earlier "
            "restore was killed at its very last step its rows are there: empty it first."
        ) from None
    except SQLAlchemyError as error:
        raise BadBackup(f"The database refused the rows: {error}") from None
    finally:
        source.dispose()
        target.dispose()
    for file in part.glob(f"{backups.DATABASE}*"):
        file.unlink()


def _made_fit(
    settings: Settings, contents: Contents, opened: Opened, known: Known, clock: Clock | None
) -> Sequence[PutBack]:
    from portal.journeys.keys.directory import KeyAlarm
    from portal.journeys.running.put_back import LinesMissing, NotWhole, put_back
    from portal.journeys.running.replay import NotThisRecord
    from portal.records.database import shorten_log
    from portal.wiring import wire

    house = wire(settings, clock).house
    try:
        told = put_back(
            house,
            contents,
            opened,
            witnessed=known.witnessed,
            records=_by_area(known.records, contents),
            accept_missing=known.accept_missing,
        )
        shorten_log(house.engine)
    except LinesMissing as missing:
        raise BadBackup(
            f"{missing} Look for a later backup, hand in a later export of the record (--record), "
            "or go on without them (--accept-missing)."
        ) from None
    except NotThisRecord as other:
        raise BadBackup(f"The exported record does not fit: {other}.") from None
    except KeyAlarm:
        raise BadBackup("The unit's key is not the one that its record names.") from None
    except NotWhole as flaw:
        raise BadBackup(f"The record in it is not whole. {flaw}") from None
    finally:
        house.engine.dispose()
    return told


def _by_area(exports: Iterable[Sequence[str]], contents: Contents) -> Mapping[str, Sequence[str]]:
    """The lines of each export, by the area whose ledger its first checkpoint names."""
    found: dict[str, Sequence[str]] = {}
    for lines in exports:
        try:
            origin = str(json.loads(lines[0])["note"]).split("\n")[0]
        except (ValueError, LookupError, TypeError):
            raise BadBackup("The exported record cannot be read.") from None
        areas = [held.area_id for held in contents.ledgers if held.vkey.startswith(f"{origin}+")]
        if not areas:
            raise BadBackup("The exported record is of another installation.")
        found[areas[0]] = lines
    return found
