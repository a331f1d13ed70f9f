"""One installation that has lived for weeks; everything it left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.at_rest.image import Image, take
from tests.at_rest.life import Life, live


@pytest.fixture(scope="session")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    made = live(tmp_path_factory.mktemp("life"))
    yield made
    made.wiring.house.engine.dispose()


@pytest.fixture(scope="session")
def image(life: Life) -> Image:
    """Taken with the database open, so that its write-ahead log and shared memory are there."""
    return take(life.folder, life.backups, life.folder.parent / "temporary", life.log)
