"""The `portal` command imports a subcommand only when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from portal.cli import SUBCOMMANDS, LazyGroup

HEAVY = ("flask", "sqlalchemy", "alembic", "typst", "pikepdf")


def test_an_unknown_subcommand_is_told_so() -> None:
    answer = CliRunner().invoke(LazyGroup(targets={}), ["nothing"])
    assert answer.exit_code == 2
    assert "No such command" in answer.output


def test_a_target_that_is_no_command_is_refused() -> None:
    group = LazyGroup(targets={"path": "os:sep"})
    with pytest.raises(TypeError, match="os:sep"):
        group.get_command(click.Context(group), "path")


def test_a_broken_subcommand_does_not_break_another() -> None:
    group = LazyGroup(targets={"broken": "portal.nowhere:command"})

    @group.command()
    def whole() -> None:
        click.echo("done")

    assert CliRunner().invoke(group, ["whole"]).output == "done\n"


def test_every_target_is_in_the_room_of_commands() -> None:
    for name, target in SUBCOMMANDS.items():
        assert target.startswith(f"portal.cli.{name.replace('-', '_')}:")


def test_sealed_starts_without_the_web_and_the_database() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys, click, portal.cli as cli;"
                "cli.main.get_command(click.Context(cli.main), 'sealed');"
                f"print([name for name in {HEAVY!r} if name in sys.modules])"
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout == "[]\n"
