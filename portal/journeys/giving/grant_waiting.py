"""A coordinator's click: somebody who could not open yet now can.

Their key has been confirmed in the meantime. The unit's key wraps every paper that waits for
them; where access runs for a number of days, it is only now that the days begin.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.giving.granting import assert_exact
from portal.journeys.giving.rewrapping import rewrap, signed_terms
from portal.journeys.giving.sealing import keep_manifest
from portal.journeys.giving.telling import tell_sent
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey, confirmed_keys
from portal.journeys.meetings.slots import area_of
from portal.journeys.restricted.about import hidden
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import disclosures, meetings, papers, people, sendings

ACTION = Action.DECIDE_WAITING_GRANT


class StillWaiting(Exception):
    """No coordinator has confirmed this person's key yet, or nothing waits for them."""


def grant_waiting(house: House, who: Who, person_id: PersonId) -> tuple[Grant, ...]:
    """Give one person everything that waits for them and has not ended; what is of a restricted
    case waits for one of its holders.

    Raises StillWaiting, KeyAlarm, Spoilt, Refused; then nothing was given.
    """
    with doing(house, who.actor, ACTION, person_id) as deed:
        deed.require(InArea(deed.area_id))
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None or person.account is Account.LEFT:
            raise Refused(ACTION, Why.NOT_THERE)
        key = confirmed_keys(house, deed.db, deed.area_id).get(person_id)
        waiting = [
            grant
            for grant in sendings.grants_of_person(deed.db, deed.area_id, person_id)
            if grant.state is GrantState.WAITING
            and (grant.closes_at is None or grant.closes_at > deed.now)
        ]
        unseen = hidden(deed)
        sent = {each.id: each.case_id for each in sendings.sendings_in(deed.db, deed.area_id)}
        waiting = [grant for grant in waiting if sent.get(grant.sending_id) not in unseen]
        if key is None or not waiting:
            raise StillWaiting
        granted = tuple(_grant(deed, who, person, grant, key) for grant in waiting)
        assert_exact(deed.db, deed.area_id, {grant.version_id for grant in granted})
    return granted


def _grant(deed: Doing, who: Who, person: Person, grant: Grant, key: ConfirmedKey) -> Grant:
    sending = sendings.load_sending(deed.db, deed.area_id, grant.sending_id)
    version = papers.load_version(deed.db, deed.area_id, grant.version_id)
    document = (
        None
        if version is None
        else papers.load_document(deed.db, deed.area_id, version.document_id)
    )
    slot = None if sending is None else meetings.load_slot(deed.db, deed.area_id, sending.slot_id)
    if sending is None or slot is None or version is None or document is None:
        raise Changed
    closes_at = grant.closes_at or _days_begin(deed, sending)
    terms = signed_terms(deed, version)
    header, signed = rewrap(deed, who, document, version, key, grant.opens_at, closes_at, terms)
    papers.save_header(deed.db, header)
    position = deed.note(
        line(
            Deed.ACCESS_GRANTED,
            grant=grant.id,
            person=grant.person_id,
            version=version.id,
            manifest=signed.sha256,
            closes_at=closes_at.isoformat(),
        )
    )
    manifest_id = keep_manifest(deed, version, signed, position)
    moved = sendings.settle_grant(
        deed.db,
        grant,
        GrantState.GRANTED,
        deed.now,
        manifest_id=manifest_id,
        opens_at=grant.opens_at,
        closes_at=closes_at,
    )
    settled = sendings.load_grant(deed.db, deed.area_id, grant.id)
    if not moved or settled is None:
        raise Changed
    tell_sent(deed, area_of(deed.db, deed.area_id, ACTION), sending, slot, person, settled)
    return settled


def _days_begin(deed: Doing, sending: Sending) -> datetime:
    """A disclosure says for how many days its receiver may read: they are counted from here."""
    if sending.kind is SendingKind.DISCLOSURE:
        for disclosure in disclosures.in_area(deed.db, deed.area_id):
            if disclosure.sending_id == sending.id and disclosure.days:
                return deed.now + timedelta(days=disclosure.days)
    # A missing time means no: nothing is given without an end.
    raise Changed
