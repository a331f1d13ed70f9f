"""Two agencies, each with a real provider, and the world's people at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.records import areas, people
from portal.records.database import open_engine, reading
from tests.real.oidc import RealProvider, running
from tests.sign_on.making import At
from tests.sign_on.served import served
from tests.world import AGENCIES, BASE_URL, World
from tests.world_fixture import world, world_template

__all__ = ["served", "world", "world_template"]


@pytest.fixture(scope="session")
def providers(world_template: Path) -> Iterator[dict[str, RealProvider]]:
    """A provider of social care (Ruth's) and one of the police (Carys's)."""
    engine = open_engine(f"sqlite:///{world_template}")
    with reading(engine) as db:
        (area,) = areas.all_areas(db)
        ids = {agency.name: agency.id for agency in people.agencies_of(db, area.id).values()}
    engine.dispose()
    back = {
        name: f"{BASE_URL}/sign-in/agency/{ids[AGENCIES[name][0]]}/back"
        for name in ("social_care", "police")
    }
    with running(back["social_care"]) as one, running(back["police"]) as other:
        yield {"social_care": one, "police": other}


@pytest.fixture
def at(world: World, providers: dict[str, RealProvider]) -> At:
    """Both are honest, have the world's time, and nothing is recorded of them yet."""
    for provider in providers.values():
        provider.at(world.clock.now())
        provider.tamper()
    return At(world, providers)


@pytest.fixture
def ruth_tied(at: At) -> At:
    """Social care's provider is open, and Ruth's account is tied to `ruth-there` at it."""
    at.set_up("social_care")
    at.tie("ruth", "social_care", "ruth-there")
    return at
