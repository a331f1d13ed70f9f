"""`portal migrate`: bring the database to this program's schema."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import data_option, settings_of


@click.command("migrate")
@data_option
def command(data: Path) -> None:
    """Bring the database to this program's schema. Stop the portal and make a backup first."""
    from portal import migrating
    from portal.records.database import open_engine

    settings = settings_of(data, address_matters=False)
    engine = open_engine(settings.database)
    try:
        migrating.upgrade(engine)
    finally:
        engine.dispose()
    click.echo("The database is at this program's schema.")
