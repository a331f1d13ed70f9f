"""The door of everybody's first page, and of an invitation."""

from __future__ import annotations

from flask import url_for

from portal.domain.ids import SlotId
from portal.domain.meetings import CAPACITY_WORDS
from portal.journeys.meetings.read_invitation import read_invitation
from portal.journeys.views.reader_home import reader_home
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts

door = Door("reader", __name__)


@door.get("/", action=Action.READER_HOME_READ)
def home() -> str:
    found = reader_home(parts().house, me())
    return page("attendee/home.html", found=found, things=found.entries)


@door.get("/meetings/<slot_id>", action=Action.READER_STATEMENT_READ)
def invitation(slot_id: SlotId) -> str:
    found = read_invitation(parts().house, me(), slot_id)
    return page(
        "attendee/invitation.html",
        marking=True,
        reference=found.reference,
        back=url_for("reader.home"),
        found=found,
        capacity=CAPACITY_WORDS[found.capacity],
    )
