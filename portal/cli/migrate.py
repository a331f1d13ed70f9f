"""`portal migrate`: bring the database to this program's schema."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import data_option, settings_of


@click.command("migrate")
@data_option
@click.option(
    "--role",
    help="PostgreSQL only: the role the portal will connect as; it may read and append to the "
    "ledger, never change it. Run this command as the owner of the database.",
)
def command(data: Path, role: str | None) -> None:
    """Bring the database to this program's schema. Stop the portal and make a backup first."""
    from portal import migrating
    from portal.records.database import open_engine

    settings = settings_of(data, address_matters=False)
    engine = open_engine(settings.database)
    try:
        migrating.upgrade(engine)
        if role is not None:
            migrating.let_use(engine, role)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()
    click.echo("The database is at this program's schema.")
