"""The unit's first page."""

from __future__ import annotations

from portal.journeys.meetings.read_names import read_names
from portal.journeys.views.today import today as board_of
from portal.journeys.views.unit_key import unit_key_work
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.door import Door, me, page, parts

door = Door("unit", __name__, url_prefix="/unit")


@door.get("/", action=Action.UNIT_BOARD_READ)
def today() -> str:
    board = board_of(parts().house, me())
    return page(
        "coordinator/today.html",
        marking=True,
        board=board,
        key=unit_key_work(parts().house, me()),
        names=read_names(parts().house, me()),
        minutes_words=words.MINUTES,
        mode_words=words.MODE,
    )
