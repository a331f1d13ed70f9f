"""A grant as its reader meets it, loaded once for the judge, the page and the opening."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain import statement
from portal.domain.cases import Case
from portal.domain.facts import OfGrant, OfInvitee
from portal.domain.grants import Grant, GrantState, Sending
from portal.domain.ids import AreaId, GrantId, PersonId, SlotId
from portal.domain.meetings import Answer, Slot
from portal.domain.papers import Version
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, meetings, minutes, papers, sendings


@dataclass(frozen=True)
class Held:
    """A grant with what it is of. `accepted`: the statement, for this slot, as now worded."""

    grant: Grant
    sending: Sending
    slot: Slot
    case: Case
    version: Version
    accepted: bool

    @property
    def facts(self) -> OfGrant:
        """For the judge."""
        return OfGrant(self.grant.area_id, self.grant, self.accepted)


def held(db: Connection, area_id: AreaId, grant_id: GrantId, action: Action) -> Held:
    """Raises Refused (not there) for what is not in this area, as if it did not exist."""
    grant = sendings.load_grant(db, area_id, grant_id)
    sending = None if grant is None else sendings.load_sending(db, area_id, grant.sending_id)
    version = None if grant is None else papers.load_version(db, area_id, grant.version_id)
    slot = None if sending is None else meetings.load_slot(db, area_id, sending.slot_id)
    case = None if sending is None else cases.load(db, area_id, sending.case_id)
    if grant is None or sending is None or version is None or slot is None or case is None:
        raise Refused(action, Why.NOT_THERE)
    slots = accepted_slots(db, area_id, grant.person_id)
    return Held(grant, sending, slot, case, version, slot.id in slots)


def accepted_slots(db: Connection, area_id: AreaId, person_id: PersonId) -> Collection[SlotId]:
    """The slots for which this person has accepted exactly the wording that counts now."""
    return {
        acceptance.slot_id
        for acceptance in minutes.acceptances_of(db, area_id, person_id)
        if acceptance.wording == statement.CURRENT.digest
    }


def on_the_list(db: Connection, slot: Slot) -> OfInvitee:
    """Those the statement of this slot is put to: everyone invited, and everyone to whom a paper
    of it is given, receivers of a disclosure too."""
    invited = {
        invitation.person_id
        for invitation in meetings.invitations_to(db, slot.area_id, slot.id)
        if invitation.answer is Answer.INVITED
    }
    living = sendings.grants_in(db, slot.area_id, GrantState.GRANTED, GrantState.WAITING)
    here = {sending.id for sending in sendings.sendings_of(db, slot.area_id, slot.id)}
    readers = {grant.person_id for grant in living if grant.sending_id in here}
    return OfInvitee(slot.area_id, frozenset(invited | readers))
