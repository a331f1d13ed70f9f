"""What the tests of backups share: an installation with papers in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backup.installation import Installation, installed
from tests.staging import Template
from tests.staging_fixture import staged
from tests.world_fixture import world_template

__all__ = ["staged", "world_template"]


@pytest.fixture
def at(staged: Template, tmp_path: Path) -> Iterator[Installation]:
    made = installed(staged, tmp_path / "here")
    yield made
    made.stage.house.engine.dispose()
