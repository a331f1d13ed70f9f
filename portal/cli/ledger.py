"""`portal ledger`: prove the record of who did what, take it out, and check a receipt offline.

Exit codes: 0 whole, or proven; 1 not; 2 wrong use. These commands only read and leave no line:
whoever runs them holds the database itself.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from sqlalchemy import Connection

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto import serverkeys
from portal.crypto.serverkeys import BadServerKeys, KeyKind
from portal.domain.people import Area
from portal.ledger import book, receipt, verify
from portal.ledger.checkpoint import LedgerSigner
from portal.ledger.errors import LedgerError
from portal.ledger.note import read_vkey
from portal.ledger.witness import Witness
from portal.records import areas, database
from portal.settings import BadSettings, Settings

area_option = click.option("--area", metavar="AREA", help="The area, by name or identifier.")


@click.group("ledger")
def group() -> None:
    """Prove, export and check the record of who did what."""


@group.command("verify")
@data_option
@area_option
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY",
    help="A verifier key that was held elsewhere; where there are several, the newest first.",
)
@click.option(
    "--witnessed",
    multiple=True,
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="A checkpoint that was held elsewhere.",
)
def verify_command(
    data: Path, area: str | None, keys: Sequence[str], witnessed: Sequence[IO[str]]
) -> None:
    """Compute the record again from its first line, and name the first that does not fit.

    Without --key the key in the installation's keys folder is used. A cut tail or a whole database
    put back to yesterday shows against what this server saw last (the folder checkpoints); where
    that was put back too, only against a checkpoint held elsewhere (--witnessed).
    """
    settings = settings_of(data, address_matters=False)
    shown = [file.read() for file in witnessed]
    seen = Witness(settings.checkpoints)
    whole = True
    with _reading(settings) as db:
        for found in _areas(db, area):
            held = [*shown, *filter(None, [None if keys else seen.held(found.id)])]
            known = keys or _own_keys(settings, found)
            try:
                audit = verify.audit(db, found.id, *known, witnessed=held)
            except LedgerError as error:
                raise click.ClickException(str(error)) from None
            whole = _tell(db, found, audit, known[0]) and whole
    if not whole:
        raise click.exceptions.Exit(1)


@group.command("accept")
@data_option
@click.option("--yes", is_flag=True, help="Do not ask: what is lost was looked at already.")
def accept_command(data: Path, yes: bool) -> None:
    """Go on with a record that lost lines. It leaves a line in the record.

    A database that was put back by hand ends earlier than this server saw it end, and nothing
    opens. Put the newest backup back with portal restore instead, where there is one.
    """
    from portal.journeys.running.accept_record import accept_record, records_behind
    from portal.wiring import wire

    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    try:
        house = wire(settings).house
        found = records_behind(house)
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None
    except LedgerError as error:
        raise click.ClickException(f"What this server saw last cannot be read: {error}") from None
    if not found:
        click.echo("The record goes on from what this server saw last. There is nothing to accept.")
    for each in found:
        click.echo(
            f"{each.area.name}: this server saw {each.seen.size} lines. The record has "
            f"{each.lines} now, and they are not all the same. What was taken back in the lines "
            "that are missing is open again."
        )
        if not yes:
            click.confirm("Go on without them?", abort=True)
        accept_record(house, each)
        click.echo("Accepted, in the record. Tell the unit: they must look at what they had ended.")


@group.command("export")
@data_option
@area_option
@click.argument("out", type=click.File("wb"), default="-")
def export_command(data: Path, area: str | None, out: IO[bytes]) -> None:
    """Write the record as JSON lines: each line's exact text, and every signed checkpoint."""
    with _reading(settings_of(data, address_matters=False)) as db:
        found = _one(db, area)
        for each in verify.export(db, found.id):
            out.write(each)


@group.command("receipt")
@data_option
@area_option
@click.argument("position", type=click.IntRange(0))
def receipt_command(data: Path, area: str | None, position: int) -> None:
    """Write the receipt of the line at POSITION (from 0): proof that it stands in the record."""
    with _reading(settings_of(data, address_matters=False)) as db:
        try:
            click.echo(book.receipt(db, _one(db, area).id, position), nl=False)
        except LedgerError as error:
            raise click.ClickException(str(error)) from None


@group.command("check")
@click.argument("receipt_file", metavar="RECEIPT", type=click.File("r", encoding="utf-8"))
@click.argument("leaf_file", metavar="LEAF", type=click.File("rb"))
@click.option("--key", required=True, metavar="VKEY", help="The ledger's verifier key.")
def check_command(receipt_file: IO[str], leaf_file: IO[bytes], key: str) -> None:
    """Check, with no portal and no database, that RECEIPT proves LEAF: the line's exact text."""
    leaf = leaf_file.read().removesuffix(b"\n").removesuffix(b"\r")
    try:
        known = read_vkey(key)
        position, head = receipt.check(receipt_file.read(), leaf, [known], known.name)
    except LedgerError as error:
        raise click.ClickException(f"Not proven: {error}") from None
    click.echo(f"Proven: line {position} of {head.origin}, under a checkpoint of {head.size} lines")


def _tell(db: Connection, area: Area, audit: verify.Audit, key: str) -> bool:
    """Print what the audit of one area found; returns whether its ledger is whole."""
    click.echo(f"Area        {area.name} ({area.id})")
    click.echo(f"Key         {key}")
    click.echo(f"Lines       {audit.size}")
    click.echo(f"Root        {base64.b64encode(audit.root).decode('ascii')}")
    click.echo(f"Checkpoints {audit.checkpoints_checked}")
    if audit.first_bad is not None:
        click.echo(f"NOT WHOLE. The first bad line is {audit.first_bad}: {audit.what}")
        return False
    click.echo("Newest checkpoint:")
    click.echo("".join(f"  {each}\n" for each in book.newest_checkpoint(db, area.id).splitlines()))
    if key != area.ledger_vkey:
        click.echo("NOT WHOLE. The area's row names another key than the one used here.")
        return False
    click.echo("The ledger is whole.")
    return True


def _own_keys(settings: Settings, area: Area) -> list[str]:
    """The verifier keys of this installation's own signing keys, the newest first, under the name
    the area has."""
    try:
        origin = read_vkey(area.ledger_vkey).name
        seeds = serverkeys.load(settings.keys, production=False).ever(KeyKind.LEDGER)
        return [LedgerSigner(origin, seed).vkey for seed in seeds]
    except BadServerKeys as bad:
        raise explained(bad) from None
    except LedgerError:
        raise click.ClickException(
            "NOT WHOLE. The area's row does not hold a verifier key: give one with --key"
        ) from None


@contextmanager
def _reading(settings: Settings) -> Iterator[Connection]:
    engine = engine_of(settings)
    try:
        with database.reading(engine) as db:
            yield db
    except BrokenPipeError:
        sys.exit(1)
    finally:
        engine.dispose()


def _areas(db: Connection, wanted: str | None) -> list[Area]:
    found = [area for area in areas.all_areas(db) if wanted in (None, area.id, area.name)]
    if not found:
        raise click.ClickException("There is no such area here.")
    return found


def _one(db: Connection, wanted: str | None) -> Area:
    found = _areas(db, wanted)
    if len(found) > 1:
        raise click.UsageError("There are several areas: name one with --area.")
    return found[0]
