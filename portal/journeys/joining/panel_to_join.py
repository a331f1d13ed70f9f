"""Send joining links to everybody of a standing panel who has not joined, after a look.

The look says of each what would happen, and what should be asked first: an address whose domain
nobody else of the agency uses, or somebody of this name who has joined with another address. The
sending looks again under the lock and compares; a mistyped domain, a row that nobody checked, or
one difference, and nobody is sent anything (MAPPA rules 13 and 14).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from portal.domain import listing
from portal.domain.facts import InArea
from portal.domain.ids import AreaId, PanelId, PersonId
from portal.domain.listing import Fault
from portal.domain.people import Account, Agency, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import link_for
from portal.journeys.joining.send_again import require_may_have_link
from portal.journeys.meetings.slots import area_of
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import panels, people
from portal.records.panels import Panel

ACTION = Action.UNIT_PERSON_INVITE


class Seen(StrEnum):
    """What would happen to one person. CHECK and TWICE are sent once somebody has asked."""

    JOINED = "joined"
    LINK = "link"
    CHECK = "check"
    TWICE = "twice"
    MISTYPED = "mistyped"


@dataclass(frozen=True)
class PanelRow:
    """One person of the panel; `instead` is the domain that was probably meant."""

    person: Person
    agency: Agency
    seen: Seen
    instead: str = ""

    @property
    def asks(self) -> bool:
        return self.seen in (Seen.CHECK, Seen.TWICE)


@dataclass(frozen=True)
class PanelToJoin:
    """By name. `digest` (hex SHA-256) is of what the page shows."""

    panel: Panel
    rows: tuple[PanelRow, ...]

    @property
    def to_send(self) -> tuple[PanelRow, ...]:
        return tuple(row for row in self.rows if row.seen is Seen.LINK or row.asks)

    @property
    def clean(self) -> bool:
        barred = any(row.seen is Seen.MISTYPED for row in self.rows)
        return bool(self.to_send) and not barred

    @property
    def digest(self) -> str:
        body = [[row.person.id, row.person.email, row.seen.value] for row in self.rows]
        return hashlib.sha256(json.dumps([self.panel.id, body]).encode()).hexdigest()


def look_at_panel_to_join(house: House, who: Who, panel_id: PanelId) -> PanelToJoin:
    """Nothing is sent. Raises Refused."""
    with looking(house, who.actor, subject=panel_id) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return _look(look.db, who.actor.area_id, panel_id)


def send_links_to_panel(
    house: House, who: Who, panel_id: PanelId, digest: str, vouched: Collection[PersonId]
) -> int:
    """Returns how many links were sent; the ones before stop working. `vouched` are those of whom
    somebody asked the agency.

    Raises Refused, Changed, Unacceptable (`panel`), or KeyAlarm where somebody is not who was
    invited; then nobody was sent anything.
    """
    with doing(house, who.actor, ACTION, subject=panel_id) as deed:
        deed.require(InArea(who.actor.area_id))
        found = _look(deed.db, deed.area_id, panel_id)
        if found.digest != digest:
            raise Changed("The panel is another one than the page showed. Look at it again.")
        if not found.clean:
            raise Unacceptable("panel", "There is nobody to send a link to yet. Nothing was sent.")
        if any(row.asks and row.person.id not in vouched for row in found.rows):
            raise Unacceptable(
                "panel", "Ask the agency about each one marked, and tick it. Nothing was sent."
            )
        area = area_of(deed.db, deed.area_id, ACTION)
        for row in found.to_send:
            require_may_have_link(house, deed.db, row.person, deed.now, "panel")
            link_for(deed, area, row.person)
        return len(found.to_send)


def _look(db: Connection, area_id: AreaId, panel_id: PanelId) -> PanelToJoin:
    panel = panels.load(db, area_id, panel_id)
    if panel is None:
        raise Refused(ACTION, Why.NOT_THERE)
    known, agencies = people.of_area(db, area_id), people.agencies_of(db, area_id)
    joined = [person for person in known.values() if person.account is Account.ENROLLED]
    rows = []
    for key in panels.seats_of(db, area_id, panel_id):
        person = known[key]
        if person.account is not Account.LEFT:
            rows.append(_row(person, agencies[person.agency_id], joined))
    return PanelToJoin(panel, tuple(sorted(rows, key=lambda r: (r.person.name, r.person.id))))


def _row(person: Person, agency: Agency, joined: Collection[Person]) -> PanelRow:
    if person.account is Account.ENROLLED:
        return PanelRow(person, agency, Seen.JOINED)
    colleagues = [each for each in joined if each.agency_id == agency.id]
    used = {listing.domain_of(each.email) for each in colleagues}
    used |= {listing.domain_of(agency.mailbox)} - {""}
    found = listing.domain_finding(person.email, used)
    if found is not None and found.fault is Fault.MISTYPED_DOMAIN:
        return PanelRow(person, agency, Seen.MISTYPED, found.instead)
    if any(each.name.casefold() == person.name.casefold() for each in colleagues):
        return PanelRow(person, agency, Seen.TWICE)
    return PanelRow(person, agency, Seen.LINK if found is None else Seen.CHECK)
