"""Telling a reader that something was sent to them: once they can open it, and not before."""

from __future__ import annotations

from datetime import datetime

from portal.domain.clocks import london
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.meetings import Slot
from portal.domain.people import Account, Area, Person
from portal.journeys.deed import Doing
from portal.notices.kinds import Kind


def tell_sent(
    deed: Doing, area: Area, sending: Sending, slot: Slot, person: Person, grant: Grant
) -> None:
    """The notice of this kind of sending. Somebody who cannot open yet is told when they can."""
    if grant.state is not GrantState.GRANTED or grant.opens_at is None or grant.closes_at is None:
        return
    begins = london(slot.starts_at)
    more: dict[str, str] = {}
    if sending.kind is not SendingKind.DISCLOSURE:
        more["date"] = f"{begins:%Y-%m-%d}"
    if sending.kind in _BEFORE_A_MEETING:
        more["time"] = f"{begins:%H:%M}"
    if sending.kind in (SendingKind.PACK, SendingKind.ANNEX):
        more["opens"] = moment(grant.opens_at)
    if sending.kind is not SendingKind.ADDENDUM:
        more["until"] = moment(grant.closes_at)
    deed.tell(
        _SENT[sending.kind],
        person.email,
        area=area.name,
        reference=sending.reference,
        path=f"/papers/{grant.id}",
        phone=area.phone,
        **more,
    )


def tell_taken_back(
    deed: Doing, area: Area, sending: Sending, person: Person, grant: Grant
) -> None:
    """To whoever was told before: not to those who never could open, nor to leavers.

    `grant` is as it stood before it was taken back.
    """
    if grant.state is not GrantState.GRANTED or person.account is Account.LEFT:
        return
    minutes = sending.kind is SendingKind.MINUTES
    deed.tell(
        Kind.MINUTES_TAKEN_BACK if minutes else Kind.PACK_TAKEN_BACK,
        person.email,
        area=area.name,
        reference=sending.reference,
        phone=area.phone,
    )


def moment(at: datetime) -> str:
    """A time as a notice holds it, in London."""
    return f"{london(at):%Y-%m-%dT%H:%M}"


_BEFORE_A_MEETING = (SendingKind.PACK, SendingKind.ANNEX, SendingKind.ADDENDUM)
_SENT = {
    SendingKind.PACK: Kind.PACK_SENT,
    SendingKind.ANNEX: Kind.PACK_SENT,
    SendingKind.ADDENDUM: Kind.ADDENDUM_SENT,
    SendingKind.MINUTES: Kind.MINUTES_SENT,
    SendingKind.DISCLOSURE: Kind.PAPER_DISCLOSED,
}
