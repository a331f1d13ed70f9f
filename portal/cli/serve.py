"""`portal serve`: the portal behind gunicorn, with its timers.

It refuses to start, and says what to do, when the keys are missing, open to others or made for
development; when the database is not at this program's schema; and in production without https.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

import click

from portal.cli.installation import data_option, engine_of, explained, require_current, settings_of
from portal.cli.renewal import AFTER_SECONDS
from portal.crypto import serverkeys
from portal.crypto.serverkeys import BadServerKeys


@click.command("serve")
@data_option
@click.option(
    "--bind",
    envvar="PORTAL_BIND",
    default="127.0.0.1:8000",
    show_default=True,
    help="Address and port, or unix:/path (PORTAL_BIND).",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The same, on 127.0.0.1.")
@click.option("--workers", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option("--threads", type=click.IntRange(4, 256), default=64, show_default=True)
@click.option(
    "--renew-after",
    type=click.FloatRange(1, 86400),
    default=AFTER_SECONDS,
    show_default=True,
    help="Seconds without a visitor after which a worker that was used is replaced, so that "
    "nothing of what it handled stays in memory.",
)
def command(
    data: Path, bind: str, port: int | None, workers: int, threads: int, renew_after: float
) -> None:
    """Serve the portal. Put a proxy with TLS before it, unless it is a trial on this machine."""
    from portal.cli.server import Server

    os.umask(0o077)
    # A dump of this process would hold what it was handling, in the clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    settings = settings_of(data)
    try:
        serverkeys.load(settings.keys, settings.production)
    except BadServerKeys as bad:
        raise explained(bad) from None
    engine = engine_of(settings)
    try:
        require_current(engine, data)
    finally:
        # Connections must not be shared with the workers that are forked from this process.
        engine.dispose()
    where = f"127.0.0.1:{port}" if port else bind
    click.echo(f"{settings.base_url} is served on {where}", err=True)
    Server(settings, where, workers, threads, renew_after).run()
