"""A request to pass a paper on, with what it is about: loaded once for the judge and the page."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.disclosures import Disclosure
from portal.domain.facts import OfDisclosure
from portal.domain.ids import AgencyId, AreaId, DisclosureId, PersonId
from portal.domain.meetings import Slot
from portal.domain.papers import TITLES, Document, Version
from portal.domain.people import Agency, Area, Person, Service
from portal.journeys.restricted.about import holders_behind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import (
    areas,
    arrangements,
    cases,
    disclosures,
    meetings,
    papers,
    people,
    sendings,
)


@dataclass(frozen=True)
class Requested:
    """The request, the paper it asks for, who asks and for whom.

    `newest`: no later version of the paper exists.
    """

    disclosure: Disclosure
    area: Area
    slot: Slot
    case: Case
    document: Document
    version: Version
    newest: bool
    asker: Person
    receiver: Person
    owner: Agency
    asking_agency: Agency
    receiving_agency: Agency
    holders: frozenset[PersonId] | None

    @property
    def facts(self) -> OfDisclosure:
        """For the judge."""
        return OfDisclosure(
            self.disclosure.area_id,
            self.disclosure.asked_by,
            self.disclosure.receiver_id,
            self.disclosure.state,
            self.holders,
        )

    @property
    def title(self) -> str:
        """Names the form, never the individual."""
        return TITLES[self.document.form_code]

    @property
    def others_paper(self) -> bool:
        """Whether another agency than the one that asks owns the paper (rule 64)."""
        return self.owner.id != self.asking_agency.id

    @property
    def health_paper(self) -> bool:
        """Whether a health agency owns the paper (rule 72)."""
        return self.owner.service is Service.HEALTH

    def digest(self, receiver_key: str | None, asker_key: str | None) -> str:
        """SHA-256 (hex) of what a decision is about: if one fact of it changes, the decider looks
        again. Keys are the fingerprints of those whose keys are confirmed."""
        body = [
            self.disclosure.id,
            self.disclosure.state.value,
            self.version.id,
            self.newest,
            [self.receiver.id, self.receiver.account.value, receiver_key],
            [self.asker.id, self.asker.account.value, asker_key],
        ]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def requested(
    db: Connection, area_id: AreaId, disclosure_id: DisclosureId, action: Action
) -> Requested:
    """Raises Refused (not there) for what is not in this area, as if it did not exist."""
    disclosure = disclosures.load(db, area_id, disclosure_id)
    if disclosure is None:
        raise Refused(action, Why.NOT_THERE)
    slot = meetings.load_slot(db, area_id, disclosure.slot_id)
    case = None if slot is None else cases.load(db, area_id, slot.case_id)
    version = papers.load_version(db, area_id, disclosure.version_id)
    document = None if version is None else papers.load_document(db, area_id, version.document_id)
    asker = people.load(db, area_id, disclosure.asked_by)
    receiver = people.load(db, area_id, disclosure.receiver_id)
    area = areas.load(db, area_id)
    if (
        slot is None
        or case is None
        or version is None
        or document is None
        or asker is None
        or receiver is None
        or area is None
    ):
        raise Refused(action, Why.NOT_THERE)
    newest = papers.latest_version(db, area_id, document.id)
    agencies = people.agencies_of(db, area_id)

    def agency(agency_id: AgencyId) -> Agency:
        if agency_id not in agencies:
            raise Refused(action, Why.NOT_THERE)
        return agencies[agency_id]

    return Requested(
        holders=holders_behind(db, area_id, slot.id),
        disclosure=disclosure,
        area=area,
        slot=slot,
        case=case,
        document=document,
        version=version,
        newest=newest is not None and newest.id == version.id,
        asker=asker,
        receiver=receiver,
        owner=agency(document.owner_agency_id),
        asking_agency=agency(disclosure.asked_agency_id),
        receiving_agency=agency(receiver.agency_id),
    )


def warnings(db: Connection, wish: Requested) -> tuple[str, ...]:
    """What a decider should know of the receiver before anything is given."""
    found: list[str] = []
    area_id, person_id = wish.area.id, wish.receiver.id
    if _kept_back(db, wish):
        found.append("When the pack was arranged, this paper was kept back from this person.")
    if sendings.holds(db, area_id, person_id, wish.version.id):
        found.append("This person has been given this paper already.")
    if not wish.newest:
        found.append("This paper has been replaced since it was asked for. It cannot be given.")
    return tuple(found)


def _kept_back(db: Connection, wish: Requested) -> bool:
    """The receiver was invited, the paper was in the pack or an annex, and not chosen for them."""
    area_id, slot_id = wish.area.id, wish.slot.id
    invited = {each.person_id for each in meetings.invitations_to(db, area_id, slot_id)}
    chosen = {item.version_id for item in arrangements.items_of(db, area_id, slot_id)}
    given = arrangements.given_in(db, area_id, slot_id).get(wish.receiver.id, frozenset())
    return wish.receiver.id in invited and wish.version.id in chosen - given
