"""A database put back by hand: no original is removed by a limit that was lengthened since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.journeys.reports.limit_originals import limit_originals
from portal.journeys.reports.remove_originals import remove_originals
from portal.journeys.running.accept_record import accept_record, records_behind
from portal.ledger.errors import RecordBehind
from tests.agency.conftest import Asking
from tests.documents.making import plain
from tests.putting_back import put_back_after

pytestmark = pytest.mark.real("SQLite and folder")


def test_it_stays_until_an_operator_accepts_the_record(asking: Asking, tmp_path: Path) -> None:
    world = asking.world
    asking.submit(asking.examine(plain() + b"% as it came\n"))
    limit_originals(world.house, world.who("helen"), 3)
    helen = world.who("helen")
    put_back_after(world.house, tmp_path, lambda: limit_originals(world.house, helen, 60))
    asking.skip(timedelta(days=4))
    whole = asking.kept()
    with pytest.raises(RecordBehind):
        remove_originals(world.house, world.area.id)
    assert asking.kept() == whole
    assert asking.lines("original.removed") == []
    (behind,) = records_behind(world.house)
    accept_record(world.house, behind)
    assert remove_originals(world.house, world.area.id) == 1
