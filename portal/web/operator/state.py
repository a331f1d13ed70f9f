"""The operator's page."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.journeys.views.operator import operator_state
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts

door = Door("operator", __name__, url_prefix="/operator")


@door.get("/", action=Action.OPERATOR_STATE_READ)
def state() -> str:
    found = operator_state(parts().house, me(), parts().settings.keys)
    return page("operator/state.html", state=found, size=in_words)


def in_words(size: int) -> str:
    """A size as people say it: '4.2 MB'."""
    amount = float(size)
    for unit in (_("bytes"), "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return (
                f"{amount:.0f} {unit}"
                if amount >= 100 or amount == int(amount)
                else (f"{amount:.1f} {unit}")
            )
        amount /= 1000
    raise AssertionError
