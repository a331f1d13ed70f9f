"""The last steps of every sending, under the lock: still in time, its line, its rows, its letters.

The caller has judged, and has compared what the page showed with what is there now. What was bound
and sealed before the lock goes out here, or nothing does.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.grants import SendingKind
from portal.domain.ids import SendingId
from portal.domain.packs import Proposal
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.digests import Salted
from portal.journeys.giving.dispatch import Dispatched, dispatch
from portal.journeys.giving.telling import tell_sent
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.packs.layouts import Layout
from portal.journeys.packs.overriding import keep_reason
from portal.journeys.packs.proposing import Setting


class NothingToSend(Exception):
    """There is no paper to send, nobody to send it to, or its time is over already."""


def send_prepared(
    deed: Doing,
    at: Setting,
    proposal: Proposal,
    layouts: Sequence[Layout],
    unit: UnitRecipient,
    reason: Salted | None,
    *,
    leaves: Deed,
    kind: SendingKind,
    reference: str,
    digest: str,
    **more: str,
) -> Dispatched:
    """Write it down and tell its readers; `more` are the fields that only this kind's line has.

    Raises NothingToSend once its time is over, Changed where it was sealed for a unit's key that
    is not the unit's any more, and what `dispatch` raises.
    """
    if deed.now >= proposal.closes_at:
        raise NothingToSend
    if unit_behind(deed.house, deed.db, deed.area_id, at.slot.id) != unit:
        raise Changed
    sending_id = SendingId(new_id())
    position = deed.note(
        line(
            leaves,
            sending=sending_id,
            slot=at.slot.id,
            digest=digest,
            manifests=[layout.prepared.manifest.sha256 for layout in layouts],
            granted=[r.person_id for r in proposal.readers if not r.cannot_open_yet],
            waiting=[r.person_id for r in proposal.readers if r.cannot_open_yet],
            opens_at=proposal.opens_at.isoformat(),
            closes_at=proposal.closes_at.isoformat(),
            reason="" if reason is None else reason.digest,
            **more,
        )
    )
    keep_reason(deed, sending_id, reason, unit)
    sent = dispatch(
        deed,
        at,
        layouts,
        proposal.items,
        sending_id=sending_id,
        kind=kind,
        reference=reference,
        digest=digest,
        position=position,
        opens_at=proposal.opens_at,
    )
    for person_id, grant in sent.grants.items():
        tell_sent(deed, at.area, sent.sending, at.slot, at.people[person_id], grant)
    return sent
