"""Those to whom something was sent that they cannot open yet."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.facts import InArea
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId
from portal.domain.people import Account
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about_no_one_case, hidden
from portal.policy.actions import Action
from portal.records import keys, people, sendings


@dataclass(frozen=True)
class WaitingLine:
    """Somebody for whom something waits. `ready`: their key is confirmed, one click is missing;
    `joined`: they have a key, which nobody has confirmed yet."""

    person_id: PersonId
    name: str
    agency: str
    papers: int
    ready: bool
    joined: bool


@dataclass(frozen=True)
class WaitingPage:
    """Everybody for whom something waits; `may_grant`: whether who looks may let them open it."""

    lines: tuple[WaitingLine, ...]
    may_grant: bool


def waiting_page(house: House, who: Who) -> WaitingPage:
    """Everybody in the area for whom a paper waits for a key or for a click."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PACK_READ, about_no_one_case(who.actor.area_id))
        unseen = hidden(look)
        sent = sendings.sendings_in(look.db, area_id) if unseen else []
        kept_from = {sending.id for sending in sent if sending.case_id in unseen}
        counts: dict[PersonId, int] = {}
        for grant in sendings.grants_in(look.db, area_id, GrantState.WAITING):
            if grant.closes_at is not None and grant.closes_at <= look.now:
                continue
            if grant.sending_id in kept_from:
                continue
            counts[grant.person_id] = counts.get(grant.person_id, 0) + 1
        found = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        confirmed = keys.confirmations_of_area(look.db, area_id)
        lines = [
            WaitingLine(
                person_id,
                found[person_id].name,
                agencies[found[person_id].agency_id].name,
                count,
                person_id in confirmed,
                found[person_id].account is Account.ENROLLED,
            )
            for person_id, count in counts.items()
        ]
        lines.sort(key=lambda line: (not line.ready, line.agency, line.name))
        return WaitingPage(tuple(lines), look.may(Action.DECIDE_WAITING_GRANT, InArea(area_id)))
