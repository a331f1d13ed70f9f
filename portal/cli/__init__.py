"""The `portal` command.

Each subcommand lives in a module of its own, which is imported only when it is asked for:
`portal sealed` opens a file without waiting for the web or the database to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

SUBCOMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "backup": "portal.cli.backup:command",
        "clock": "portal.cli.clock:group",
        "demo": "portal.cli.demo:command",
        "init": "portal.cli.init:command",
        "jobs": "portal.cli.jobs:command",
        "keys": "portal.cli.keys:group",
        "kit": "portal.cli.kit:group",
        "ledger": "portal.cli.ledger:group",
        "migrate": "portal.cli.migrate:command",
        "open-area": "portal.cli.open_area:command",
        "otp": "portal.cli.otp:command",
        "restore": "portal.cli.restore:command",
        "sealed": "portal.cli.sealed:group",
        "serve": "portal.cli.serve:command",
        "trace": "portal.cli.trace:command",
    }
)
"""Where each subcommand is: its name on the command line -> `module:attribute`."""


class LazyGroup(click.Group):
    """A group whose subcommands are imported when one of them is called, or help is asked for."""

    def __init__(
        self, *, targets: Mapping[str, str], name: str | None = None, help: str | None = None
    ) -> None:
        super().__init__(name=name, help=help)
        self._targets = targets

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the alphabet."""
        return sorted({*super().list_commands(ctx), *self._targets})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None if there is none.

        Raises ImportError or AttributeError if the table names what is not there, TypeError if
        what is there is not a command.
        """
        target = self._targets.get(cmd_name)
        if target is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = target.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{target} is not a command")
        return command


main = LazyGroup(
    name="portal",
    targets=SUBCOMMANDS,
    help="MAPPA meeting papers, sent to the people invited and opened by nobody else.",
)
