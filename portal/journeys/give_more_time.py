"""A coordinator gives one reader more time, with a reason; an expired copy is issued again.

More time is a new wrap under a newly signed manifest with the new end: the old window, which was
signed too, opens nothing longer than it said. What was taken back stays taken back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.grants import Grant, GrantState, SendingKind
from portal.domain.ids import GrantId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.digests import keep_text, salted
from portal.journeys.directory import confirmed_keys, unit_recipient
from portal.journeys.granting import assert_exact
from portal.journeys.house import House, Who
from portal.journeys.rewrapping import rewrap
from portal.journeys.sealing import keep_manifest
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, papers, people, sendings

LONGEST = timedelta(days=184)
SHORTEST_REASON = 5


class BadTime(ValueError):
    """The new end is not after now and the old end, or too far away; `.words` say so."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def give_more_time(
    house: House, who: Who, grant_id: GrantId, until: datetime, reason: str
) -> Grant:
    """Move the end of a grant to `until` (aware, UTC). Raises BadTime, Changed, Refused."""
    action = Action.DECIDE_ACCESS_EXTEND
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadTime("Say why they need more time.")
    with doing(house, who.actor, action, grant_id) as deed:
        deed.require(InArea(deed.area_id))
        grant = sendings.load_grant(deed.db, deed.area_id, grant_id)
        if grant is None:
            raise Refused(action, Why.NOT_THERE)
        if grant.state is GrantState.TAKEN_BACK:
            raise Refused(action, Why.TAKEN_BACK)
        if until <= max(deed.now, grant.closes_at or deed.now):
            raise BadTime("The new end must be later than now, and later than the old end.")
        if until > deed.now + LONGEST:
            raise BadTime("Give at most six months.")
        sending = sendings.load_sending(deed.db, deed.area_id, grant.sending_id)
        if sending is not None and sending.kind is SendingKind.DISCLOSURE:
            # Its time stands in a written authority, which nobody gives to themselves (rule 62).
            raise BadTime("A written authority ends when it says. More time takes a new request.")
        version = papers.load_version(deed.db, deed.area_id, grant.version_id)
        area = areas.load(deed.db, deed.area_id)
        person = people.load(deed.db, deed.area_id, grant.person_id)
        if version is None or sending is None or area is None or person is None:
            raise Refused(action, Why.NOT_THERE)
        document = papers.load_document(deed.db, deed.area_id, version.document_id)
        key = confirmed_keys(house, deed.db, deed.area_id).get(grant.person_id)
        if document is None:
            raise Refused(action, Why.NOT_THERE)
        given = salted(reason)
        unit = unit_recipient(house, deed.db, deed.area_id)
        signed = None
        if key is not None and grant.state is not GrantState.WAITING:
            header, signed = rewrap(
                deed, who, document, version, key, grant.opens_at, until, sending.kind.value
            )
            papers.save_header(deed.db, header)
        position = deed.note(
            line(
                Deed.ACCESS_EXTENDED,
                grant=grant.id,
                person=grant.person_id,
                manifest=None if signed is None else signed.sha256,
                closes_at=until.isoformat(),
                reason=given.digest,
            )
        )
        manifest_id = None if signed is None else keep_manifest(deed, version, signed, position)
        state = GrantState.WAITING if signed is None else GrantState.GRANTED
        moved = sendings.settle_grant(
            deed.db,
            grant,
            state,
            deed.now,
            manifest_id=manifest_id,
            opens_at=grant.opens_at,
            closes_at=until,
        )
        if not moved:
            raise Changed
        keep_text(deed, grant.id, f"more_time-{deed.now:%s%f}", given, [unit.recipient])
        assert_exact(deed.db, deed.area_id, [grant.version_id])
        deed.tell(
            Kind.MORE_TIME,
            person.email,
            area=area.name,
            reference=sending.reference,
            until=f"{london(until):%Y-%m-%dT%H:%M}",
            path=f"/papers/{grant.id}",
            phone=area.phone,
        )
        settled = sendings.load_grant(deed.db, deed.area_id, grant_id)
    if settled is None:
        raise Changed
    return settled
