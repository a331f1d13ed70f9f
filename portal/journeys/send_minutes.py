"""A coordinator sends the approved minutes, with an unused code (rules 42, 51 to 53).

To those who attended, and to nobody who sent apologies unless a duty to consider is recorded for
that very person. As with a pack, what was on the page is what is sent, or nothing is.
"""

from __future__ import annotations

from portal.chance import new_id
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.grants import SendingKind
from portal.domain.ids import SendingId, SlotId
from portal.domain.papers import Kind
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.dispatch import Dispatched, dispatch
from portal.journeys.facts import minutes_facts
from portal.journeys.house import House, Who
from portal.journeys.layouts import open_items, seal_layouts
from portal.journeys.proposing import Setting, setting
from portal.journeys.proposing_minutes import minutes_proposal
from portal.journeys.rewrapping import open_unit_of
from portal.journeys.second_factor import spend
from portal.journeys.send_pack import NothingToSend
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.records import minutes, sendings

ACTION = Action.DECIDE_MINUTES_SEND


def send_minutes(house: House, who: Who, slot_id: SlotId, digest: str, code: str) -> Dispatched:
    """Send exactly what the page with this digest showed.

    Raises Changed, CodeRefused, NothingToSend, KeyAlarm, and Refused before attendance is locked
    or the chair has approved; then nothing was sent.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        at = setting(house, look.db, area_id, slot_id)
        filed = minutes.load(look.db, area_id, slot_id)
        if filed is None:
            raise Changed
        proposal = minutes_proposal(look.db, at, filed)
        if proposal.digest() != digest:
            raise Changed
        if not proposal.readers:
            raise NothingToSend
    spend(house, who.actor, code)
    with looking(house, who.actor, slot_id) as look:
        unit = open_unit_of(house, look.db, who)
        clear = open_items(house, look.db, area_id, unit, proposal.items)
        number = len(sendings.sendings_of(look.db, area_id, slot_id)) + 1
    reference = f"{at.case.reference}-M{number}"
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
            reference=reference,
            policy=SendingKind.MINUTES.value,
        )
    )
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        at = setting(house, deed.db, area_id, slot_id)
        if minutes.load(deed.db, area_id, slot_id) != filed:
            raise Changed
        if minutes_proposal(deed.db, at, filed).digest() != digest:
            raise Changed
        if number != len(sendings.sendings_of(deed.db, area_id, slot_id)) + 1:
            raise Changed
        sending_id = SendingId(new_id())
        position = deed.note(
            line(
                Deed.MINUTES_SENT,
                sending=sending_id,
                slot=slot_id,
                digest=digest,
                manifests=[layout.prepared.manifest.sha256 for layout in layouts],
                granted=[r.person_id for r in proposal.readers if not r.cannot_open_yet],
                waiting=[r.person_id for r in proposal.readers if r.cannot_open_yet],
                opens_at=proposal.opens_at.isoformat(),
                closes_at=proposal.closes_at.isoformat(),
            )
        )
        sent = dispatch(
            deed,
            at,
            layouts,
            proposal.items,
            sending_id=sending_id,
            kind=SendingKind.MINUTES,
            reference=reference,
            digest=digest,
            position=position,
            opens_at=proposal.opens_at,
        )
        _tell(deed, at, sent)
    return sent


def _tell(deed: Doing, at: Setting, sent: Dispatched) -> None:
    for person_id, grant in sent.grants.items():
        if grant.closes_at is None:
            continue
        deed.tell(
            Notice.MINUTES_SENT,
            at.people[person_id].email,
            area=at.area.name,
            reference=sent.sending.reference,
            date=f"{london(at.slot.starts_at):%Y-%m-%d}",
            until=f"{london(grant.closes_at):%Y-%m-%dT%H:%M}",
            path=f"/papers/{grant.id}",
            phone=at.area.phone,
        )
