"""Minutes to whom: those who attended, and those with a recorded duty (rules 40, 52, 53).

Lay advisers and observers have none by default (rule 15). Somebody who was there for a part gets
what was chosen for them: an extract of the minutes, or all of them for a reason (rule 41).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from portal.domain.clocks import MINUTES_OPEN_DAYS, from_london, london
from portal.domain.grants import SendingKind
from portal.domain.ids import PersonId, VersionId
from portal.domain.meetings import HEARD, Answer, Capacity, Presence
from portal.domain.minutes import Minutes, entitled
from portal.domain.packs import Candidate, Item, LeftOut, Proposal, propose
from portal.domain.papers import MINUTES_FORM
from portal.domain.people import Account, Role
from portal.journeys.changed import Changed
from portal.journeys.extracts.offered import instead_in, offered
from portal.journeys.giving.granting import LIVING
from portal.journeys.packs.proposing import Setting
from portal.records import meetings, minutes, papers, sendings

Parts = Mapping[PersonId, VersionId]
"""What somebody gets who was there for a part: an extract of the minutes, or the minutes."""

NO_PARTS: Parts = MappingProxyType({})


def minutes_proposal(
    db: Connection, at: Setting, filed: Minutes, now: datetime, parts: Parts = NO_PARTS
) -> Proposal:
    """Who would get the approved minutes, and why each of the others would not.

    Whoever holds these minutes already is left out, so a duty recorded later reaches one person
    without touching the others' copies; a duty that has ended by `now` gives nothing. Whoever was
    there for a part and is not in `parts` gets nothing yet. Raises Changed when the minutes are
    not approved, or where `parts` names what cannot be chosen.
    """
    version = papers.load_version(db, at.area.id, filed.version_id)
    document = papers.load_document(db, at.area.id, filed.document_id)
    if filed.approved_at is None or version is None or document is None:
        raise Changed
    presence = {
        person: entry.presence
        for person, entry in meetings.attendance_of(db, at.area.id, at.slot.id).items()
    }
    duties = {
        person: duty
        for person, duty in minutes.duties_of(db, at.area.id, at.slot.id).items()
        if duty.until > now
    }
    invited = {
        invitation.person_id: invitation
        for invitation in meetings.invitations_to(db, at.area.id, at.slot.id)
    }
    holders = _holders(db, at)
    candidates: list[Candidate] = []
    of_part: set[PersonId] = set()
    for person_id in {**invited, **duties}:
        person = at.people[person_id]
        invitation = invited.get(person_id)
        why = entitled(person_id, presence, duties)
        if person.account is Account.LEFT:
            why = LeftOut.LEFT
        elif person_id in holders:
            why = LeftOut.HAS_IT
        elif person_id in duties:
            why = None
        elif invitation is not None and invitation.answer is Answer.WITHDRAWN:
            why = LeftOut.WITHDRAWN
        elif Role.LAY_ADVISER in person.roles or (
            invitation is not None and invitation.capacity is Capacity.OBSERVER
        ):
            why = LeftOut.OBSERVER
        if why is None and presence.get(person_id) is Presence.PART:
            of_part.add(person_id)
            why = None if person_id in parts else LeftOut.PART
        by_duty = person_id in duties and presence.get(person_id) not in HEARD
        key = at.keys.get(person_id)
        candidates.append(
            Candidate(
                person_id,
                person.name,
                at.agencies[person.agency_id].name,
                None if key is None else key.fingerprint,
                why,
                duties[person_id].until if by_duty else None,
            )
        )
    item = Item(1, version.id, MINUTES_FORM, document.owner_agency_id, version.pages)
    found = offered(db, at.area.id, at.case.id, [version.id])
    extracts = {each.version_id for each in found.get(version.id, ())}
    if not set(parts) <= of_part or not set(parts.values()) <= extracts | {version.id}:
        raise Changed
    chosen = {person: frozenset({each}) for person, each in parts.items()}
    instead = instead_in([item], chosen, found)
    return propose(
        [item],
        candidates,
        {person: frozenset({version.id}) for person, cut in instead.items() if cut},
        filed.approved_at,
        _end(filed.approved_at),
        [
            f"{each.name} was there for part of the meeting. These minutes hold all of it."
            for each in sorted(candidates, key=lambda each: each.name)
            if each.left_out is None and parts.get(each.person_id) == version.id
        ],
        f"{SendingKind.MINUTES.value} {at.slot.id}",
        instead,
    )


def _end(approved_at: datetime) -> datetime:
    last = london(approved_at).date() + timedelta(days=MINUTES_OPEN_DAYS)
    return from_london(last, 23, 59)


def _holders(db: Connection, at: Setting) -> set[PersonId]:
    here = {
        sending.id
        for sending in sendings.sendings_of(db, at.area.id, at.slot.id)
        if sending.kind is SendingKind.MINUTES
    }
    living = sendings.grants_in(db, at.area.id, *LIVING)
    return {grant.person_id for grant in living if grant.sending_id in here}
