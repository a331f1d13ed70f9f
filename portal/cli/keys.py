"""`portal keys`: the server's own keys. None of them opens a document."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.crypto import serverkeys
from portal.crypto.serverkeys import BadServerKeys, KeyKind
from portal.settings import BadSettings, Settings

if TYPE_CHECKING:
    from portal.journeys.house import House


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


kind_argument = click.argument("kind", type=click.Choice([kind.value for kind in KeyKind]))


@group.command("rotate")
@data_option
@kind_argument
def rotate_command(data: Path, kind: str) -> None:
    """Replace the pepper, the session key, the field key or the ledger's signing key.

    People go on working, and nothing is restarted: a server on this machine uses the new key at
    once. Where several machines share a database, copy the new file to each before the former one
    is retired. Broken off, it goes on when it is run again.
    """
    from portal.journeys.running.rotate_server_key import rotate_server_key

    settings, house = _house(data)
    shown = click.progressbar(length=1000, label="Sealing anew", file=sys.stderr)
    with shown if kind == KeyKind.FIELD else nullcontext() as bar:

        def told(done: int, every: int) -> None:
            if bar is not None and every:
                bar.update(1000 * done // every - bar.pos)

        try:
            done = rotate_server_key(house, settings.keys, KeyKind(kind), told)
        except BadServerKeys as bad:
            raise explained(bad) from None
    begun = "An earlier run was finished. " if done.went_on else ""
    click.echo(f"{begun}The {kind} key is at version {done.version}, in the record of every area.")
    click.echo(_AFTERWARDS[KeyKind(kind)])
    for area, vkey in done.vkeys.items():
        click.echo(f"  {area}: {vkey}")
    click.echo(
        f"Keep a copy of {settings.keys} apart: a backup made before does not hold this key."
    )


@group.command("retire")
@data_option
@click.argument("kind", type=click.Choice(["pepper", "session"]))
@click.option("--end-sessions", is_flag=True, help="Sign out whoever signed in before.")
def retire_command(data: Path, kind: str, end_sessions: bool) -> None:
    """Retire the former pepper or session key, once nobody needs it any more."""
    from portal.journeys.running.rotate_server_key import StillNeeded, retire_server_key

    settings, house = _house(data)
    try:
        gone = retire_server_key(house, settings.keys, KeyKind(kind), anyway=end_sessions)
    except StillNeeded as needed:
        raise click.ClickException(f"{needed.count} {_NEEDS[kind]}") from None
    except BadServerKeys as bad:
        raise explained(bad) from None
    click.echo(f"Retired: {gone}." if gone else "There is no former one.")


def _house(data: Path) -> tuple[Settings, House]:
    from portal.wiring import wire

    settings = settings_of(data)
    engine = engine_of(settings)
    require_current(engine, data)
    engine.dispose()
    try:
        return settings, wire(settings).house
    except (BadServerKeys, BadSettings) as bad:
        raise explained(bad) from None


_AFTERWARDS = {
    KeyKind.PEPPER: "Each person moves to it when they sign in. Then `portal keys retire pepper`.",
    KeyKind.SESSION: "Whoever is signed in stays, for 12 hours. Then `portal keys retire session`.",
    KeyKind.FIELD: "Every field is sealed under it, and the former one opens nothing any more.",
    KeyKind.LEDGER: "It signs the record from now on. Whoever holds the verifier key needs these:",
}
_NEEDS = {
    "pepper": "passphrases or joining words were not used since. Their owners could not sign in.",
    "session": "sessions began before and have not ended. Wait, or give --end-sessions.",
}
