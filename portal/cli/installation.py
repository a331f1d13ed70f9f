"""Where an installation is: what `--data` and the environment say, for every command.

`portal init` leaves `portal.env` in the data folder: lines NAME=VALUE, nothing secret. The
environment outweighs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import click
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from portal.crypto.serverkeys import BadServerKeys
from portal.settings import BadSettings, Settings, from_environment

NAME = "portal.env"

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """`--data DIR`, or PORTAL_DATA."""
    return click.option(
        "--data",
        envvar="PORTAL_DATA",
        required=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="The folder of the installation (PORTAL_DATA).",
    )(command)


def environment(data: Path) -> dict[str, str]:
    """What stands in the folder's `portal.env`, then what the environment says."""
    found: dict[str, str] = {}
    file = data / NAME
    if file.is_file():
        for line in file.read_text("utf-8").splitlines():
            name, equals, value = line.partition("=")
            if equals and name.startswith("PORTAL_"):
                found[name] = value
    found |= {name: value for name, value in os.environ.items() if name.startswith("PORTAL_")}
    return {**found, "PORTAL_DATA": str(data.resolve())}


def settings_of(data: Path, *, address_matters: bool = True) -> Settings:
    """The settings of the installation in `data`.

    Where the address does not matter, as for a command that only reads, none need be set. Raises
    ClickException with what to do.
    """
    env = environment(data)
    if not address_matters and "PORTAL_BASE_URL" not in env:
        env |= {"PORTAL_BASE_URL": "http://localhost", "PORTAL_MODE": "development"}
    return settings_from(env)


def settings_from(env: Mapping[str, str]) -> Settings:
    """The settings that these say. Raises ClickException with what to do."""
    try:
        return from_environment(env)
    except (BadSettings, ValueError) as bad:
        raise click.ClickException(str(bad)) from None


def engine_of(settings: Settings) -> Engine:
    """The engine of a database that is there; nothing is created. Raises ClickException."""
    from portal.records.database import open_engine

    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(unquote(url.database or "")).is_file():
        raise click.ClickException(
            f"There is no database at {url.database}. Open an area with: portal init"
        )
    return open_engine(settings.database)


def require_current(engine: Engine, data: Path) -> None:
    """Raises ClickException unless the database has the schema this program was written for."""
    from portal import migrating

    if not migrating.is_current(engine):
        raise click.ClickException(
            "The database is not at this program's schema. Bring it there with: "
            f"portal migrate --data {data}"
        )


def explained(trouble: Exception) -> click.ClickException:
    """The trouble of wiring, as a command tells it."""
    if isinstance(trouble, BadServerKeys):
        return click.ClickException(f"The server's keys: {trouble}")
    return click.ClickException(str(trouble))
