"""The scene of the table, made once a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.policy_table.scene import Scene, make
from tests.staging import Template, stage_from
from tests.staging_fixture import staged
from tests.world_fixture import world_template

__all__ = ["staged", "world_template"]


@pytest.fixture(scope="session")
def scene(staged: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = make(stage_from(staged, tmp_path_factory.mktemp("table")))
    yield made
    made.close()
