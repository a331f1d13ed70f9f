"""A coordinator sends the approved minutes, with an unused code (rules 41, 42, 51 to 53).

To those who attended, and to nobody who sent apologies unless a duty to consider is recorded for
that very person. As with a pack, what was on the page is what is sent, or nothing is.
"""

from __future__ import annotations

from portal.domain.deeds import Deed
from portal.domain.grants import SendingKind, terms_of
from portal.domain.ids import SlotId
from portal.domain.papers import Kind
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.extracts.proven_extract import require_sendable
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.proposing import NO_PARTS, Parts, minutes_proposal
from portal.journeys.packs.layouts import open_items, seal_layouts
from portal.journeys.packs.overriding import reason_for
from portal.journeys.packs.proposing import next_number, setting
from portal.journeys.packs.send_prepared import NothingToSend, send_prepared
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action
from portal.records import minutes

ACTION = Action.DECIDE_MINUTES_SEND


def send_minutes(
    house: House,
    who: Who,
    slot_id: SlotId,
    digest: str,
    code: Given,
    reason: str = "",
    *,
    parts: Parts = NO_PARTS,
    download: bool = True,
) -> Dispatched:
    """Send exactly what the page with this digest showed; `reason` where it showed a warning.
    `parts` says what those get who were there for a part (rule 41). Without `download` its readers
    read them in the browser and save no copy.

    Raises Changed, BothWays (rule 37), Unacceptable, CodeRefused, NothingToSend, KeyAlarm, and
    Refused before attendance is locked or the chair has approved; then nothing was sent.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        at = setting(house, look.db, area_id, slot_id)
        filed = minutes.load(look.db, area_id, slot_id)
        if filed is None:
            raise Changed
        proposal = minutes_proposal(look.db, at, filed, look.now, parts)
        if proposal.digest() != digest:
            raise Changed
        if not proposal.readers or look.now >= proposal.closes_at:
            raise NothingToSend
        number = next_number(look.db, area_id, slot_id, SendingKind.MINUTES)
        require_sendable(house, look.db, area_id, proposal, slot_id)
    given = reason_for(proposal, reason)
    spend(house, who.actor, code)
    reference = f"{at.case.reference}-M{number}"
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            clear = open_items(house, look.db, area_id, unit, proposal.forms)
        layouts = list(
            seal_layouts(
                house,
                who,
                at,
                unit.public,
                proposal,
                clear,
                kind=Kind.MINUTES_COPY,
                title="Minutes",
                extract_title="Extract of the minutes",
                reference=reference,
                policy=terms_of(SendingKind.MINUTES, download=download),
            )
        )
        del clear
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        at = setting(house, deed.db, area_id, slot_id)
        if minutes.load(deed.db, area_id, slot_id) != filed:
            raise Changed
        if minutes_proposal(deed.db, at, filed, deed.now, parts).digest() != digest:
            raise Changed
        if number != next_number(deed.db, area_id, slot_id, SendingKind.MINUTES):
            raise Changed
        return send_prepared(
            deed,
            at,
            proposal,
            layouts,
            unit.public,
            given,
            leaves=Deed.MINUTES_SENT,
            kind=SendingKind.MINUTES,
            reference=reference,
            digest=digest,
        )
