"""The door of everybody's first page, and of an invitation."""

from __future__ import annotations

from flask import url_for

from portal.domain.ids import SlotId
from portal.domain.meetings import CAPACITY_WORDS
from portal.domain.papers import FORMS
from portal.journeys.across.one_home import one_home
from portal.journeys.meetings.read_invitation import read_invitation
from portal.policy.actions import Action
from portal.web.current import the_signed_in
from portal.web.door import Door, me, page, parts
from portal.web.menu import links
from portal.web.places import root_of

door = Door("reader", __name__)


@door.get("/", action=Action.READER_HOME_READ)
def home() -> str:
    found = one_home(parts().house, the_signed_in())
    first, *others = found.areas
    several = [
        {
            "area": each.area,
            "links": [
                link for link in links(each.roles, "", root_of(each.area_id)) if link["href"] != "/"
            ],
        }
        for each in others
    ]
    return page(
        "attendee/home.html",
        found=found,
        things=found.entries,
        phone=first.home.phone,
        several=several,
        root_of=root_of,
        forms=FORMS,
    )


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
