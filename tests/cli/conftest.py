"""What the tests of commands share: the `world`, the `stage`, and one installation for reading."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.installed import Installed, init, places
from tests.staging_fixture import stage, staged
from tests.world_fixture import world, world_template

__all__ = ["stage", "staged", "world", "world_template"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An area that `portal init` opened, once a process; not to be changed."""
    at = places(tmp_path_factory.mktemp("made"))
    result = init(at)
    assert result.exit_code == 0, result.output
    return at


@pytest.fixture
def installed(made: Installed, tmp_path: Path) -> Installed:
    """A copy of it, to be done anything to."""
    at = places(tmp_path)
    shutil.copytree(made.data, at.data)
    for name in ("secret", "codes"):
        shutil.copyfile(getattr(made, name), getattr(at, name))
    return at
