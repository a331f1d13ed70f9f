"""`portal demo`: a demonstration on this machine, with people, meetings and papers in it."""

from __future__ import annotations

import json
import os
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


@click.command("demo")
@click.option(
    "--data",
    envvar="PORTAL_DEMO_DATA",
    default="var/demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for everything the demonstration keeps.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on one line.")
@click.option("--fresh", is_flag=True, help="Begin anew, and forget an earlier demonstration.")
def command(data: Path, port: int, as_json: bool, fresh: bool) -> None:
    """Serve a demonstration. Everybody and everything in it is invented."""
    from portal.cli.server import Server
    from portal.demo.start import NotADemonstration, clear, ready, settings_for

    os.umask(0o077)
    _require_free(port)
    data = data.resolve()
    try:
        settings = settings_for(data, port)
    except NotADemonstration as error:
        raise click.ClickException(str(error)) from None
    if fresh:
        clear(data)
    _apart(lambda: ready(settings, data, lambda words: click.echo(f"  {words} ...", err=True)))
    told = ready(settings, data, lambda _words: None)
    click.echo(json.dumps(told) if as_json else _in_words(told, data))
    Server(settings, f"127.0.0.1:{port}", 1, 32).run()


def _apart(work: Callable[[], object]) -> None:
    """Do it in a process of its own, and wait for it.

    The scenes print papers, and the typesetter's threads do not survive the fork by which the
    server makes its workers: a worker made after them would wait for them for ever.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    _, how = os.waitpid(child, 0)
    if how != 0:
        raise click.ClickException("The demonstration could not be set up.")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is in use on this machine. Choose another: --port {port + 1}"
            ) from None


def _in_words(told: dict[str, Any], data: Path) -> str:
    from portal.notices.folder_sender import FolderSender
    from portal.settings import in_folder

    lines = ["", f"The MAPPA portal is at {told['base_url']}", "", "Sign in as any of these:", ""]
    for person in told["personas"]:
        first = person["name"].split()[0].lower()
        lines += [
            f"  {person['name']}, {person['role']}, {person['agency']}",
            f"      {person['email']}",
            f"      passphrase: {person['passphrase']}",
            f"      code:       make otp PERSON={first}",
        ]
    settings = in_folder(data, told["base_url"])
    folder = settings.mail_folder
    if folder is not None:
        entries = list(FolderSender(folder, settings.mail_from).entries())
        lines += ["", f"Mails are written to {folder} ({len(entries)} so far). The newest:"]
        lines += [f"  {entry.to}: {entry.subject}\n      {entry.link}" for entry in entries[-5:]]
    return "\n".join([*lines, "", "Stop with Ctrl+C. Begin anew with: portal demo --fresh", ""])
