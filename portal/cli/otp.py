"""`portal otp`: the current code of one of the demonstration's people.

It reads what the demonstration wrote about its invented people. A real person's secret is sealed,
and no command shows it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

NAME = "demo.json"


@click.command("otp")
@click.option(
    "--data",
    envvar="PORTAL_DATA",
    default="var/demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the demonstration.",
)
@click.argument("person")
def command(data: Path, person: str) -> None:
    """Print the current code of PERSON: a name, or the beginning of a name or address."""
    import pyotp

    from portal.clock import SystemClock
    from portal.identity.totp import STEP_SECONDS

    found = _find(_personas(data / NAME), person)
    now = SystemClock().now()
    left = STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS
    click.echo(pyotp.TOTP(found["totp_secret"]).at(now))
    click.echo(f"{found['name']}, for another {left} seconds", err=True)


def _personas(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        raise click.ClickException(
            f"There is no demonstration here ({file}). Start one with: portal demo"
        )
    try:
        return list(json.loads(file.read_text("utf-8"))["personas"])
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(f"{file} is not what the demonstration wrote.") from None


def _find(personas: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    key = wanted.casefold()
    exact = [p for p in personas if key in (p["email"].casefold(), p["name"].casefold())]
    words = [
        p
        for p in personas
        if any(
            word.startswith(key)
            for word in (*p["name"].casefold().split(), p["email"].casefold().partition("@")[0])
        )
    ]
    found = exact or words
    if len(found) != 1:
        names = ", ".join(p["name"] for p in (found or personas))
        what = "Several people are called that" if found else "There is nobody called that"
        raise click.ClickException(f"{what}. Choose from: {names}")
    return found[0]
