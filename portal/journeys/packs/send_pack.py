"""A coordinator sends a pack to named people, with an unused code (rules 25, 26, 29, 30, 38).

The digest of what was on the page comes back with the code. The pack is bound and sealed before
the lock; under it the proposal is made again, and if one person, key, paper, time or exclusion
differs, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Collection

from portal.domain.deeds import Deed
from portal.domain.grants import SendingKind, terms_of
from portal.domain.ids import SlotId, VersionId
from portal.domain.papers import Kind
from portal.journeys.agencies.reaching import tell_mailboxes
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.extracts.proven_extract import require_sendable
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.packs.annexing import seal_annexes, send_annexes
from portal.journeys.packs.layouts import open_items, seal_layouts
from portal.journeys.packs.overriding import reason_for
from portal.journeys.packs.proposing import Setting, next_number, pack_proposal, setting
from portal.journeys.packs.send_prepared import NothingToSend, send_prepared
from portal.journeys.packs.standing import instruct
from portal.journeys.restricted.about import about
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action

ACTION = Action.DECIDE_PACK_SEND


def send_pack(
    house: House,
    who: Who,
    slot_id: SlotId,
    digest: str,
    code: Given,
    reason: str = "",
    *,
    download: bool = True,
    download_annexes: Collection[VersionId] = (),
    late: bool = False,
) -> Dispatched:
    """Send exactly what the page with this digest showed; `reason` where it showed a warning.
    Without `download` its readers read it in the browser and save no copy; restricted annexes go
    with it, each by itself (rule 31), and only those in `download_annexes` may be saved: none that
    is not named. `late` signs that reports still awaited go, once they come, to whoever gets all of
    it, as addenda (rule 21).

    Raises Changed when it is no longer that, BothWays (rule 37), Unacceptable without a reason,
    CodeRefused, NothingToSend, KeyAlarm, Refused; then nothing was sent, and nobody was told
    anything.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, about(look, slot_id))
        at = setting(house, look.db, area_id, slot_id)
        proposal = pack_proposal(look.db, at)
        if proposal.digest() != digest:
            raise Changed
        if not proposal.items or not proposal.readers or look.now >= proposal.closes_at:
            raise NothingToSend
        number = next_number(look.db, area_id, slot_id, SendingKind.PACK)
        require_sendable(house, look.db, area_id, proposal, slot_id)
    given = reason_for(proposal, reason)
    spend(house, who.actor, code)
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            apart = [annex.item for annex in proposal.annexes]
            clear = open_items(house, look.db, area_id, unit, [*proposal.forms, *apart])
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
                reference=_reference(at, number),
                policy=terms_of(SendingKind.PACK, download=download),
            )
        )
        annexes = seal_annexes(
            house,
            who,
            at,
            unit.public,
            proposal,
            clear,
            _reference(at, number),
            download=download_annexes,
        )
        del clear
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, area_id, slot_id)
        if pack_proposal(deed.db, at).digest() != digest:
            raise Changed
        if number != next_number(deed.db, area_id, slot_id, SendingKind.PACK):
            raise Changed
        sent = send_prepared(
            deed,
            at,
            proposal,
            layouts,
            unit.public,
            given,
            leaves=Deed.PACK_SENT,
            kind=SendingKind.PACK,
            reference=_reference(at, number),
            digest=digest,
        )
        told = [at.people[p].agency_id for p in sent.grants if p not in sent.waiting]
        tell_mailboxes(deed, at.area, at.slot, sent.sending.reference, told)
        send_annexes(deed, at, proposal, annexes, digest)
        if late:
            instruct(deed, who, at, proposal, sent, download=download)
    return sent


def _reference(at: Setting, number: int) -> str:
    return f"{at.case.reference}-P{number}"
