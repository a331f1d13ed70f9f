"""How an agency is reached: what is typed about it, and telling its team mailbox.

A team mailbox receives notices and never signs in: nobody has an account with its address, and no
letter to it holds a link that opens anything without somebody's own sign-in (MAPPA rules 13, 16).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.clocks import london
from portal.domain.ids import AreaId
from portal.domain.meetings import Slot
from portal.domain.people import Agency, Area
from portal.identity.email_address import BadAddress, normalise
from portal.journeys.deed import Doing
from portal.journeys.unacceptable import Unacceptable, required
from portal.notices.kinds import Kind
from portal.records import people


@dataclass(frozen=True)
class Reached:
    """What is typed. All but the telephone number may be empty; without `secure_way` and `spoc`
    nobody of the agency can be invited, unless it is an associate (rule 13)."""

    secure_way: str
    spoc: str
    deputy: str
    mailbox: str
    phone: str


def checked(db: Connection, area_id: AreaId, typed: Reached) -> Reached:
    """In its one spelling; raises Unacceptable (any field of Reached)."""
    return Reached(
        _optional("secure_way", typed.secure_way, 200),
        _optional("spoc", typed.spoc, 120),
        _optional("deputy", typed.deputy, 120),
        _mailbox(db, area_id, typed.mailbox),
        required("phone", typed.phone, "Type the agency's telephone number.", 40),
    )


def tell_mailboxes(deed: Doing, area: Area, slot: Slot, reference: str, of: Iterable[str]) -> int:
    """Tell the mailboxes of these agencies (ids) that people of theirs were sent a pack; returns
    how many. Each is told once, however many of its people may read."""
    known: dict[str, Agency] = dict(people.agencies_of(deed.db, deed.area_id).items())
    begins = london(slot.starts_at)
    told = {known[each].mailbox for each in of if each in known} - {""}
    for mailbox in sorted(told):
        deed.tell(
            Kind.PACK_SENT_TO_AGENCY,
            mailbox,
            area=area.name,
            reference=reference,
            date=begins.date().isoformat(),
            time=f"{begins:%H:%M}",
            phone=area.phone,
        )
    return len(told)


def _optional(field: str, typed: str, longest: int) -> str:
    return required(field, typed, "", longest) if typed.strip() else ""


def _mailbox(db: Connection, area_id: AreaId, typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        address = normalise(typed)
    except BadAddress as bad:
        raise Unacceptable("mailbox", bad.words) from None
    if people.is_known(db, area_id, address):
        raise Unacceptable(
            "mailbox", "Somebody signs in with this address. A team mailbox never signs in."
        )
    return address
