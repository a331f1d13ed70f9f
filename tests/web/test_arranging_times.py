"""From when a pack can be read, as the page proposes it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.domain.clocks import london
from portal.journeys.views.pack import arrange_page
from tests.staging import Stage
from tests.web.sending_pages import base, get

pytestmark = pytest.mark.real("SQLite and folder")


def opens_at(stage: Stage) -> datetime:
    return arrange_page(stage.house, stage.world.who("helen"), stage.slot_id).opens_at


def test_what_nobody_arranged_is_proposed_from_now(stage: Stage) -> None:
    stage.world.clock.advance(timedelta(days=3, hours=2, seconds=31))
    now = stage.world.clock.now()
    assert opens_at(stage) == now.replace(second=0, microsecond=0)
    body = get(stage.world.client("helen"), f"{base(stage)}/pack")
    assert f'value="{london(now):%H:%M}"' in body


def test_what_was_kept_stays_as_it_was_kept(stage: Stage) -> None:
    stage.arrange()
    kept = opens_at(stage)
    stage.world.clock.advance(timedelta(days=3))
    assert opens_at(stage) == kept < stage.world.clock.now()
