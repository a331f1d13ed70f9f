"""`portal keys`: the server's own keys. None of them opens a document."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import data_option, explained, settings_of
from portal.crypto import serverkeys
from portal.crypto.serverkeys import BadServerKeys


@click.group("keys")
def group() -> None:
    """Make and look after the server's own keys."""


@group.command("create")
@data_option
@click.option("--development", is_flag=True, help="Refused in production.")
def create_command(data: Path, development: bool) -> None:
    """Make the server's keys. Nothing is ever overwritten."""
    settings = settings_of(data, address_matters=False)
    try:
        serverkeys.create(settings.keys, development=development)
    except BadServerKeys as bad:
        raise explained(bad) from None
    click.echo(f"The keys are in {settings.keys}. Keep a copy where only you can reach it:")
    click.echo("without the pepper nobody can sign in.")


@group.command("check")
@data_option
def check_command(data: Path) -> None:
    """Tell whether the keys are there, whole, closed to others and fit for production."""
    settings = settings_of(data, address_matters=False)
    try:
        found = serverkeys.load(settings.keys, settings.production)
    except BadServerKeys as bad:
        raise explained(bad) from None
    kind = "for development" if found.development else "fit for production"
    click.echo(f"The keys in {settings.keys} are whole and {kind}.")
    click.echo(f"The pepper is at version {found.pepper_version}.")


@group.command("add-pepper")
@data_option
def add_pepper_command(data: Path) -> None:
    """Add the next pepper: each person moves to it at their next sign-in. Restart afterwards."""
    settings = settings_of(data, address_matters=False)
    try:
        found = serverkeys.add_pepper(settings.keys)
    except BadServerKeys as bad:
        raise explained(bad) from None
    click.echo(f"The pepper is at version {found.pepper_version}. Restart the portal.")
