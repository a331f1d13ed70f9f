"""`portal init`: open an area. Keys, database, recovery kit, and the first co-ordinator.

Everything can be answered on the terminal or given by options. Nothing is opened before the
recovery kit was read back; what was begun and not finished holds nothing and can be thrown away.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import click

from portal.cli import installation, unfinished
from portal.cli.ceremony import Ceremony
from portal.cli.first_person import Given, enrol
from portal.cli.opening import area_options, checked_texts, first_line, judge_new, open_area
from portal.crypto import serverkeys
from portal.journeys.joining.bootstrap_coordinator import FirstCoordinator
from portal.records import areas, database, keys
from portal.settings import Settings
from portal.wiring import Wiring, wire

_KEPT = ("DATABASE", "PAPERS", "KEYS", "MAIL", "MAIL_FROM", "MAIL_USER", "MAIL_PASSWORD_FILE",
         "TRUSTED_PROXIES", "PAPERS_AT_ONCE", "CLAMD")  # fmt: skip


@click.command("init")
@installation.data_option
@click.option("--trial", is_flag=True, help="A trial on this machine: http on localhost will do.")
@click.option("--base-url", prompt="Address of the portal", help="https://portal.example.org")
@area_options
@click.option(
    "--begin-again",
    is_flag=True,
    help="Throw away what an earlier try left that was broken off, and begin anew.",
)
def command(
    data: Path,
    trial: bool,
    base_url: str,
    custodians: int,
    needed: int,
    custodian_sheets: Path | None,
    read_back: Path | None,
    passphrase_file: IO[str] | None,
    secret_file: Path | None,
    codes_file: Path | None,
    begin_again: bool,
    **texts: str,
) -> None:
    """Open an area in the folder of a new installation."""
    os.umask(0o077)
    if needed > custodians:
        raise click.ClickException("More custodians are needed than there are.")
    if (data / "demo.json").exists():
        raise click.ClickException(f"{data} holds a demonstration. Choose another folder.")
    area, first = checked_texts(texts)
    passphrase_clear = first_line(passphrase_file)
    judge_new(passphrase_clear, area, first)
    unfinished.settle(data, again=begin_again)
    settings = _prepare(data, base_url, trial=trial)
    wired = _wire(settings)
    _refuse_an_area(wired)
    unfinished.refuse_files(custodian_sheets, secret_file, codes_file)
    unfinished.begun(data)
    ceremony = Ceremony(data, area.name, needed, custodian_sheets, read_back)
    try:
        opened, host, unit = open_area(wired, area, needed, custodians, ceremony)
    except BaseException:
        unfinished.done(data)
        raise
    enrol(
        wired.house,
        opened,
        host,
        unit,
        FirstCoordinator(first.name, first.email, first.job, first.phone, host.id),
        Given(passphrase_clear, secret_file, codes_file),
    )
    wired.house.engine.dispose()
    unfinished.done(data)
    click.echo(f"\nThe area is open. Start the portal with:\n\n    portal serve --data {data}\n")
    click.echo(f"Without {settings.keys} nobody can sign in, and without a backup its loss is the")
    click.echo("loss of everything. Make one every night, while people work:\n")
    click.echo(f"    portal backup --data {data} --to DIR --keys-to ANOTHER-DIR\n")
    if settings.mail == "folder":
        click.echo(f"Mails are written to {settings.mail_folder}. Set PORTAL_MAIL to send them.")


def _prepare(data: Path, base_url: str, *, trial: bool) -> Settings:
    """Folder, settings file, keys and database; each may be there from an earlier try."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    env = installation.environment(data)
    kept = {f"PORTAL_{name}": env[f"PORTAL_{name}"] for name in _KEPT if f"PORTAL_{name}" in env}
    kept |= {
        "PORTAL_BASE_URL": base_url.strip().rstrip("/"),
        "PORTAL_MODE": "development" if trial else "production",
    }
    settings = installation.settings_from({**kept, "PORTAL_DATA": str(data.resolve())})
    # The ledger keeps the name it begins under, whatever the address becomes.
    kept["PORTAL_ORIGIN"] = settings.ledger_origin
    file = data / installation.NAME
    file.write_text("".join(f"{name}={value}\n" for name, value in sorted(kept.items())), "utf-8")
    try:
        if not settings.keys.exists() or not any(settings.keys.iterdir()):
            unfinished.begun(data)
            serverkeys.create(settings.keys)
            unfinished.done(data)
        serverkeys.load(settings.keys, settings.production)
    except serverkeys.BadServerKeys as bad:
        raise installation.explained(bad) from None
    return settings


def _wire(settings: Settings) -> Wiring:
    from portal import migrating

    wired = wire(settings)
    migrating.upgrade(wired.house.engine)
    return wired


def _refuse_an_area(wired: Wiring) -> None:
    with database.reading(wired.house.engine) as db:
        for area in areas.all_areas(db):
            if keys.confirmations_of_area(db, area.id):
                raise click.ClickException(f"There is an area here already: {area.name}.")
            raise click.ClickException(
                f"{area.name} was begun here and not finished. It holds nothing yet: empty the "
                "database (and the folder), and begin again."
            )
