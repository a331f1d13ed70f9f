"""A coordinator gives one reader more time, with a reason; an expired copy is issued again.

More time is a new wrap under a newly signed manifest with the new end: the old window, which was
signed too, opens nothing longer than it said. What was taken back stays taken back, and nobody
gets more time who has left, or is no longer invited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.crypto.manifest import SignedManifest
from portal.domain.deeds import Deed, line
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import GrantId
from portal.domain.meetings import Answer
from portal.domain.papers import Document, Version
from portal.domain.people import Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.extracts.proven_extract import require_one_way_each
from portal.journeys.giving.granting import assert_exact, end_grants
from portal.journeys.giving.rewrapping import rewrap, signed_terms
from portal.journeys.giving.sealing import keep_manifest
from portal.journeys.giving.telling import moment
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.meetings.slots import area_of
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable, required
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes, papers, people, sendings

ACTION = Action.DECIDE_ACCESS_EXTEND
LONGEST = timedelta(days=184)
LONGEST_REASON = 1000


@dataclass(frozen=True)
class _Issued:
    sending: Sending
    version: Version
    document: Document
    person: Person


def give_more_time(
    house: House, who: Who, grant_id: GrantId, until: datetime, reason: str
) -> Grant:
    """Move the end of a grant to `until` (aware, UTC).

    Raises Unacceptable (`until`, `reason`, or no field where they are not to have it at all),
    Changed, BothWays (rule 37), KeyAlarm, Spoilt, and Refused for what was taken back.
    """
    given = salted(required("reason", reason, "Say why they need more time.", LONGEST_REASON))
    with doing(house, who.actor, ACTION, grant_id) as deed:
        deed.require(about(deed, grant_id))
        grant = sendings.load_grant(deed.db, deed.area_id, grant_id)
        if grant is None:
            raise Refused(ACTION, Why.NOT_THERE)
        if grant.state is GrantState.TAKEN_BACK:
            raise Refused(ACTION, Why.TAKEN_BACK)
        issued = _issued(deed, grant)
        _require_still_theirs(deed, issued)
        _require_later(deed, grant, until)
        _require_one_way(deed, issued, grant)
        signed = _wrap_again(deed, who, grant, issued, until)
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
        moved = sendings.settle_grant(
            deed.db,
            grant,
            GrantState.WAITING if signed is None else GrantState.GRANTED,
            deed.now,
            manifest_id=(
                None if signed is None else keep_manifest(deed, issued.version, signed, position)
            ),
            opens_at=grant.opens_at,
            closes_at=until,
        )
        settled = sendings.load_grant(deed.db, deed.area_id, grant_id)
        if not moved or settled is None:
            raise Changed
        if signed is None:
            end_grants(deed.db, [settled])
        unit = unit_behind(house, deed.db, deed.area_id, grant_id)
        keep_text(deed, grant.id, field_at("more_time", deed.now), given, [unit.recipient])
        assert_exact(deed.db, deed.area_id, [grant.version_id])
        if settled.state is GrantState.GRANTED:
            area = area_of(deed.db, deed.area_id, ACTION)
            deed.tell(
                Kind.MORE_TIME,
                issued.person.email,
                area=area.name,
                reference=issued.sending.reference,
                until=moment(until),
                path=f"/papers/{grant.id}",
                phone=area.phone,
            )
    return settled


def _issued(deed: Doing, grant: Grant) -> _Issued:
    sending = sendings.load_sending(deed.db, deed.area_id, grant.sending_id)
    version = papers.load_version(deed.db, deed.area_id, grant.version_id)
    person = people.load(deed.db, deed.area_id, grant.person_id)
    document = (
        None
        if version is None
        else papers.load_document(deed.db, deed.area_id, version.document_id)
    )
    if sending is None or version is None or person is None or document is None:
        raise Refused(ACTION, Why.NOT_THERE)
    return _Issued(sending, version, document, person)


def _require_still_theirs(deed: Doing, issued: _Issued) -> None:
    """An invitation that was withdrawn after the end left nothing to take back: it counts here."""
    sending, person = issued.sending, issued.person
    if person.account is Account.LEFT:
        raise Unacceptable("", "This person has left their agency.")
    if sending.kind is SendingKind.DISCLOSURE:
        # Its time stands in a written authority, which nobody gives to themselves (rule 62).
        raise Unacceptable("", "A written authority ends when it says. Ask for a new one.")
    duties = minutes.duties_of(deed.db, deed.area_id, sending.slot_id)
    if sending.kind is SendingKind.MINUTES and person.id in duties:
        return
    for invitation in meetings.invitations_to(deed.db, deed.area_id, sending.slot_id):
        if invitation.person_id == person.id and invitation.answer is Answer.INVITED:
            return
    raise Unacceptable("", "This person is no longer invited to this case.")


def _require_one_way(deed: Doing, issued: _Issued, grant: Grant) -> None:
    """What was given in another form since their time ended is not joined by this one."""
    layout = sendings.layout_of(deed.db, deed.area_id, grant.version_id)
    given = [(grant.person_id, paper.paper_version_id) for paper in layout if paper.given]
    slot_id = issued.sending.slot_id
    require_one_way_each(deed.house, deed.db, deed.area_id, given, slot_id)


def _require_later(deed: Doing, grant: Grant, until: datetime) -> None:
    if grant.closes_at is None:
        raise Unacceptable("", "They cannot open this yet: their days begin when they can.")
    if until <= max(deed.now, grant.closes_at):
        raise Unacceptable("until", "The new end must be later than now, and than the old end.")
    if until > deed.now + LONGEST:
        raise Unacceptable("until", "Give at most six months.")


def _wrap_again(
    deed: Doing, who: Who, grant: Grant, issued: _Issued, until: datetime
) -> SignedManifest | None:
    """The manifest with the new end, its wrap kept; None for whom no key is confirmed (now)."""
    key = confirmed_keys(deed.house, deed.db, deed.area_id).get(grant.person_id)
    if key is None or grant.state is GrantState.WAITING:
        return None
    header, signed = rewrap(
        deed,
        who,
        issued.document,
        issued.version,
        key,
        grant.opens_at,
        until,
        signed_terms(deed, issued.version),
    )
    papers.save_header(deed.db, header)
    return signed
