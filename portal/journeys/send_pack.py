"""A coordinator sends a pack to named people, with an unused code (rules 26, 29, 30, 38).

The digest of what was on the page comes back with the code. The pack is bound and sealed before
the lock; under it the proposal is made again, and if one person, key, paper, time or exclusion
differs, nothing is sent.
"""

from __future__ import annotations

from portal.chance import new_id
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.grants import SendingKind
from portal.domain.ids import SendingId, SlotId
from portal.domain.papers import Kind
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.dispatch import Dispatched, dispatch
from portal.journeys.house import House, Who
from portal.journeys.layouts import open_items, seal_layouts
from portal.journeys.proposing import Setting, pack_proposal, setting
from portal.journeys.rewrapping import open_unit_of
from portal.journeys.second_factor import spend
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.records import sendings

POLICY = "pack"


class NothingToSend(Exception):
    """There is no paper in the pack, or nobody to send it to."""


def send_pack(house: House, who: Who, slot_id: SlotId, digest: str, code: str) -> Dispatched:
    """Send exactly what the page with this digest showed.

    Raises Changed when it is no longer that, CodeRefused, NothingToSend, KeyAlarm, Refused; then
    nothing was sent, and nobody was told anything.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(Action.DECIDE_PACK_SEND, InArea(area_id))
        at = setting(house, look.db, area_id, slot_id)
        proposal = pack_proposal(look.db, at)
        if proposal.digest() != digest:
            raise Changed
        if not proposal.items or not proposal.readers or look.now >= proposal.closes_at:
            raise NothingToSend
    spend(house, who.actor, code)
    with looking(house, who.actor, slot_id) as look:
        unit = open_unit_of(house, look.db, who)
        clear = open_items(house, look.db, area_id, unit, proposal.items)
        reference = _reference(at, len(sendings.sendings_of(look.db, area_id, slot_id)) + 1)
    layouts = list(
        seal_layouts(
            house,
            who,
            at,
            unit.public,
            proposal,
            clear,
            kind=Kind.PACK,
            title="Meeting pack",
            reference=reference,
            policy=POLICY,
        )
    )
    with doing(house, who.actor, Action.DECIDE_PACK_SEND, slot_id) as deed:
        deed.require(InArea(area_id))
        at = setting(house, deed.db, area_id, slot_id)
        if pack_proposal(deed.db, at).digest() != digest:
            raise Changed
        if reference != _reference(at, len(sendings.sendings_of(deed.db, area_id, slot_id)) + 1):
            raise Changed
        sending_id = SendingId(new_id())
        waiting = [reader.person_id for reader in proposal.readers if reader.cannot_open_yet]
        position = deed.note(
            line(
                Deed.PACK_SENT,
                sending=sending_id,
                slot=slot_id,
                digest=digest,
                manifests=[layout.prepared.manifest.sha256 for layout in layouts],
                granted=[r.person_id for r in proposal.readers if not r.cannot_open_yet],
                waiting=list(waiting),
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
            kind=SendingKind.PACK,
            reference=reference,
            digest=digest,
            position=position,
            opens_at=proposal.opens_at,
        )
        _tell(deed, at, sent)
    return sent


def _reference(at: Setting, number: int) -> str:
    return f"{at.case.reference}-P{number}"


def _tell(deed: Doing, at: Setting, sent: Dispatched) -> None:
    begins = london(at.slot.starts_at)
    for person_id, grant in sent.grants.items():
        if grant.opens_at is None or grant.closes_at is None:
            continue
        deed.tell(
            Notice.PACK_SENT,
            at.people[person_id].email,
            area=at.area.name,
            reference=sent.sending.reference,
            date=f"{begins:%Y-%m-%d}",
            time=f"{begins:%H:%M}",
            opens=f"{london(grant.opens_at):%Y-%m-%dT%H:%M}",
            until=f"{london(grant.closes_at):%Y-%m-%dT%H:%M}",
            path=f"/papers/{grant.id}",
            phone=at.area.phone,
        )
