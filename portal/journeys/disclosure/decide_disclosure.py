"""A coordinator or deputy decides a request in writing, with an unused code (MAPPA rules 60 to 74).

Never their own request, nor one that is for them, and never twice (rule 62). The digest of what
was on the page comes back with the code; if the receiver, a key or the paper differs by then,
nothing is decided. Approval gives one paper to one person for a number of days and leaves a
numbered written authority; refusal leaves a written reply. Both need the same weighing (rule 68).
"""

from __future__ import annotations

from portal.domain.disclosures import Disclosure
from portal.domain.ids import DisclosureId
from portal.domain.weighing import Approval, Refusal
from portal.journeys.changed import Changed
from portal.journeys.deed import looking
from portal.journeys.disclosure.approving import NumberTaken, prepare_approval, write_approval
from portal.journeys.disclosure.deciding import ACTION, check, deciding
from portal.journeys.disclosure.refusing import prepare_refusal, write_refusal
from portal.journeys.house import House, Who
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given

TRIES = 4
"""How often an authority is prepared again when another one takes its number."""


def decide_disclosure(
    house: House,
    who: Who,
    request_id: DisclosureId,
    decision: Approval | Refusal,
    digest: str,
    code: Given,
) -> Disclosure:
    """Decide exactly what the page with this digest showed; returns the request as decided.

    Raises NotWeighed (no code is spent), Changed, CodeRefused, Refused, KeyAlarm, Spoilt, RoomFull
    or StorageError; then nothing was decided, and nobody was told anything.
    """
    with looking(house, who.actor, request_id) as look:
        on = deciding(house, look.db, who.actor.area_id, request_id)
        look.require(ACTION, on.wish.facts)
        if on.digest != digest:
            raise Changed
        check(decision, on)
    spend(house, who.actor, code)
    with house.reading_room.seat():
        if isinstance(decision, Refusal):
            refusal = prepare_refusal(house, who, request_id, decision, digest)
            return write_refusal(house, who, refusal)
        for _ in range(TRIES):
            approval = prepare_approval(house, who, request_id, decision, digest)
            try:
                return write_approval(house, who, approval)
            except NumberTaken:
                continue
    raise Changed
