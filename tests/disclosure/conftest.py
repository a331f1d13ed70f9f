"""What the tests of disclosures share: the `scene`, a sent pack in a house of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.domain.disclosures import Disclosure
from tests.disclosure.scene import Scene, Staged, leave, stage
from tests.world import world_from
from tests.world_fixture import world, world_template

__all__ = ["asked", "played", "scene", "world", "world_template"]


@pytest.fixture(scope="session")
def played(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """Played once a process."""
    return leave(stage(world_from(world_template, tmp_path_factory.mktemp("played"))))


@pytest.fixture
def scene(played: Staged, tmp_path: Path) -> Iterator[Scene]:
    """A pack was sent to Carys, who accepted the statement; nobody has asked for anything."""
    made = played.again(tmp_path)
    yield made
    made.world.house.engine.dispose()


@pytest.fixture
def asked(scene: Scene) -> Disclosure:
    """Carys has asked to pass the MAPPA F on to Joe."""
    return scene.ask()
