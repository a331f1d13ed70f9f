"""Minutes, addenda and annexes name the readers whose account is closed, as a pack does."""

from __future__ import annotations

from portal.domain.minutes import Presence
from tests.journeys.test_addenda import packed
from tests.journeys.test_closed_accounts_shown import unused
from tests.journeys.test_corrected_annex import annexed
from tests.journeys.test_corrected_in_pack import correct
from tests.staging import Stage

CLOSED = "not used for a long time"


def page(stage: Stage, path: str) -> str:
    answer = stage.world.client("helen").get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def names(stage: Stage, path: str, *closed: str, not_named: str) -> None:
    """The page leads to opening these accounts again, and names nobody who gets nothing."""
    assert CLOSED not in page(stage, path)
    unused(stage.world, *closed, not_named)
    body = page(stage, path)
    assert CLOSED in body
    for name in closed:
        assert f"/unit/people/{stage.id(name)}/wake" in body
    assert f"/unit/people/{stage.id(not_named)}/wake" not in body


def test_of_minutes(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.APOLOGIES, mark=Presence.ABSENT, newcomer=Presence.ABSENT)
    path = f"/unit/slots/{stage.slot_id}/minutes/send"
    names(stage, path, "ruth", "carys", not_named="joe")


def test_of_an_addendum(stage: Stage) -> None:
    packed(stage)
    base = f"/unit/slots/{stage.slot_id}/addenda/{stage.papers['update']}"
    path = f"{base}/send?after=2&to={stage.id('mark')}&to={stage.id('ruth')}"
    names(stage, path, "mark", not_named="joe")


def test_of_a_corrected_annex(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    names(stage, f"/unit/sendings/{annex}/correct", "mark", not_named="ruth")
