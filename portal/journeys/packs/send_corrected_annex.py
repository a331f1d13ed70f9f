"""A coordinator sends a restricted annex, corrected, to those who hold the earlier version.

With an unused code, and by itself: no pack is sent again (rules 31, 38, 57). The earlier one stays
with its readers until it is taken back; the cover of the corrected one names it.
"""

from __future__ import annotations

from portal.domain.ids import SendingId
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.extracts.proven_extract import require_sendable
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind, unit_behind
from portal.journeys.packs.annexing import seal_annexes, send_annexes
from portal.journeys.packs.layouts import open_items
from portal.journeys.packs.proposing import Setting, setting
from portal.journeys.packs.proposing_annex import CorrectedAnnex, annex_proposal
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.restricted.about import about
from portal.journeys.signing_in.second_factor import spend
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sendings

ACTION = Action.DECIDE_PACK_SEND


def send_corrected_annex(
    house: House,
    who: Who,
    sending_id: SendingId,
    digest: str,
    code: str,
    *,
    download: bool = False,
) -> Dispatched:
    """Send exactly what the page with this digest showed.

    Raises Changed when it is no longer that, BothWays, CodeRefused, NothingToSend, KeyAlarm,
    Spoilt, Refused; then nothing was sent.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, sending_id) as look:
        look.require(ACTION, about(look, sending_id))
        at, found = corrected_annex(look, sending_id)
        if found.proposal.digest() != digest:
            raise Changed
        if not found.proposal.recipients or look.now >= found.proposal.closes_at:
            raise NothingToSend
        require_sendable(house, look.db, area_id, found.proposal, at.slot.id)
    spend(house, who.actor, code)
    with house.reading_room.seat():
        with looking(house, who.actor, sending_id) as look:
            unit = open_unit_behind(house, look.db, who, sending_id)
            items = [annex.item for annex in found.proposal.annexes]
            clear = open_items(house, look.db, area_id, unit, items)
        sealed = seal_annexes(
            house,
            who,
            at,
            unit.public,
            found.proposal,
            clear,
            found.pack,
            download=[item.version_id for item in items] if download else (),
            replaces=found.earlier.reference,
        )
        del clear
    with doing(house, who.actor, ACTION, sending_id) as deed:
        deed.require(about(deed, sending_id))
        at = setting(house, deed.db, area_id, at.slot.id)
        now = annex_proposal(house, deed.db, at, sending_id, deed.now)
        if now is None or now.proposal.digest() != digest:
            raise Changed
        if deed.now >= found.proposal.closes_at:
            raise NothingToSend
        if unit_behind(house, deed.db, area_id, sending_id) != unit.public:
            raise Changed
        (sent,) = send_annexes(deed, at, found.proposal, sealed, digest)
    return sent


def corrected_annex(
    look: Looking | Doing, sending_id: SendingId, action: Action = ACTION
) -> tuple[Setting, CorrectedAnnex]:
    """Raises Refused (not there) for what is no annex of this area that something corrects."""
    area_id = look.actor.area_id
    sending = sendings.load_sending(look.db, area_id, sending_id)
    if sending is None:
        raise Refused(action, Why.NOT_THERE)
    at = setting(look.house, look.db, area_id, sending.slot_id)
    found = annex_proposal(look.house, look.db, at, sending_id, look.now)
    if found is None:
        raise Refused(action, Why.NOT_THERE)
    return at, found
