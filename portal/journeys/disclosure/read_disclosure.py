"""A coordinator or deputy reads a request to pass a paper on, with what was written about it.

What was asked and weighed is sealed to the unit, so each reading leaves its line first. The
printed record of a decision is this too (MAPPA rule 77).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.deeds import Deed, line
from portal.domain.extracts import Extract
from portal.domain.grants import Grant
from portal.domain.ids import DisclosureId
from portal.journeys.deed import doing, looking
from portal.journeys.disclosure.deciding import REPLY, REQUEST, WEIGHING, deciding, read_written
from portal.journeys.disclosure.refusing import usual_reply
from portal.journeys.disclosure.requested import Requested, requested, warnings
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import may
from portal.policy.verdict import Why
from portal.records import people, sendings

ACTION = Action.DECIDE_DISCLOSURE_READ


@dataclass(frozen=True)
class ReadDisclosure:
    """A request as its decider sees it.

    `asked`, `weighed` and `reply` are the sealed texts by name, empty where nothing is written
    yet. `why_not` says why this person may not decide it; `digest` goes back with a decision.
    `extracts` could be given instead of the paper. `grant` is what was given on approval.
    """

    wish: Requested
    asked: Mapping[str, str]
    weighed: Mapping[str, str]
    reply: str
    usual_reply: str
    warnings: tuple[str, ...]
    receiver_waits: bool
    digest: str
    why_not: Why | None
    decided_by: str
    grant: Grant | None
    extracts: tuple[Extract, ...]


def read_disclosure(house: House, who: Who, request_id: DisclosureId) -> ReadDisclosure:
    """Raises Refused, KeyAlarm, or Spoilt where a text is damaged."""
    area_id = who.actor.area_id
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(about(deed, request_id))
        requested(deed.db, area_id, request_id, ACTION)
        deed.note(line(Deed.DISCLOSURE_READ, request=request_id, copy=""))
    with looking(house, who.actor, request_id) as look:
        on = deciding(house, look.db, area_id, request_id)
        disclosure = on.wish.disclosure
        identities = open_unit_behind(house, look.db, who, request_id).key.openers()

        def written(field: str) -> dict[str, str]:
            return read_written(house, look.db, area_id, request_id, field, identities)

        by = (
            None
            if disclosure.decided_by is None
            else people.load(look.db, area_id, disclosure.decided_by)
        )
        given = (
            []
            if disclosure.sending_id is None
            else sendings.grants_of_sending(look.db, area_id, disclosure.sending_id)
        )
        return ReadDisclosure(
            wish=on.wish,
            asked=written(REQUEST),
            weighed=written(WEIGHING),
            reply=written(REPLY).get("reply", ""),
            usual_reply=usual_reply(on.wish),
            warnings=warnings(look.db, on.wish),
            receiver_waits=on.receiver_key is None,
            digest=on.digest,
            why_not=may(who.actor, Action.DECIDE_DISCLOSURE_DECIDE, on.wish.facts, look.now).why,
            decided_by="" if by is None else by.name,
            grant=given[0] if given else None,
            extracts=tuple(extract for extract, _version, _document in on.extracts.values()),
        )
