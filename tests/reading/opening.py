"""Short words for tests that open papers."""

from __future__ import annotations

from datetime import datetime

from portal.domain.grants import Grant
from portal.journeys.opening.open_paper import OpenedPaper, open_paper
from tests.staging import Stage


def opened(stage: Stage, name: str = "ruth", grant: Grant | None = None) -> OpenedPaper:
    found = grant or stage.grant(name)
    return open_paper(stage.house, stage.world.who(name), found.id)


def window(stage: Stage, name: str = "ruth") -> tuple[datetime, datetime]:
    grant = stage.grant(name)
    assert grant.opens_at is not None
    assert grant.closes_at is not None
    return grant.opens_at, grant.closes_at
