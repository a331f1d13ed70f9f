"""Doors at which a single point of contact issues a code card to a colleague."""

from __future__ import annotations

from portal.policy.actions import Action
from portal.web.coordinator.cards import add_to
from portal.web.door import Door

door = Door("agency_cards", __name__, url_prefix="/agency/people")
add_to(door, Action.SPOC_CARD_ISSUE, "agency_people.people")
