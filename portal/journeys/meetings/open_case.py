"""Open a case: its reference in the clear, the individual's name and date of birth sealed.

The name is typed once. It stands in the case's particulars, sealed to the unit, and in the area's
sealed index of names, and nowhere else (MAPPA rules 16, 17). A case has one category at a time;
Level 1 has no formal meeting, so no case here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.cases import CATEGORIES, LEVELS, TERRORISM, Case, Particulars, is_child
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId, AreaId, CaseId, DocumentId
from portal.domain.papers import Document, Kind
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.giving.sealing import Prepared, keep, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.meetings.names import add_name
from portal.journeys.meetings.particulars import POLICY
from portal.journeys.unacceptable import Unacceptable, required
from portal.notices import fields
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, people

OLDEST = 120
"""Years: an earlier date of birth is a slip."""


@dataclass(frozen=True)
class NewCase:
    """What is typed. `name` and `born` exist in memory only."""

    reference: str
    lead_agency_id: AgencyId
    category: int
    level: int
    name: str
    born: date


def open_case(house: House, who: Who, new: NewCase) -> Case:
    """Raises Refused, Unacceptable (any field of NewCase), KeyAlarm, Spoilt where the index of
    names cannot be believed, or StorageUnavailable."""
    action = Action.UNIT_CASE_OPEN
    with looking(house, who.actor) as look:
        look.require(action, InArea(who.actor.area_id))
        today = london(look.now).date()
        new = checked(new, today)
        if new.category == TERRORISM:
            raise Unacceptable("category", "A Category 4 case is opened as a restricted case.")
        require_new(look.db, new, who.actor.area_id)
        unit = open_unit_of(house, look.db, who)
    case_id = CaseId(new_id())
    sealed = seal_particulars(house, who, case_id, new, unit.public)
    with doing(house, who.actor, action, subject=case_id) as deed:
        deed.require(InArea(who.actor.area_id))
        require_new(deed.db, new, deed.area_id)
        case = save_case(deed, case_id, new, sealed, today)
        index = add_name(deed, who, open_unit_of(house, deed.db, who), case_id, new.name)
        position = deed.note(
            line(
                Deed.CASE_OPENED,
                case=case_id,
                lead_agency=new.lead_agency_id,
                category=new.category,
                level=new.level,
                version=sealed.version.id,
                manifest=sealed.manifest.sha256,
                names=index,
            )
        )
        keep(deed, sealed, position)
    return case


def seal_particulars(
    house: House, who: Who, case_id: CaseId, new: NewCase, unit: UnitRecipient
) -> Prepared:
    """Name and date of birth, sealed for the case's unit; no row is written."""
    document = Document(
        id=DocumentId(new_id()),
        area_id=who.actor.area_id,
        case_id=case_id,
        slot_id=None,
        kind=Kind.PARTICULARS,
        form_code="",
        owner_agency_id=new.lead_agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    clear = Particulars(new.name, new.born).encode()
    return prepare(house, who, document, clear, pages=0, readers=(), unit=unit, policy=POLICY)


def save_case(deed: Doing, case_id: CaseId, new: NewCase, sealed: Prepared, today: date) -> Case:
    """The row of the case, in the deed."""
    case = Case(
        id=case_id,
        area_id=deed.area_id,
        reference=new.reference,
        lead_agency_id=new.lead_agency_id,
        category=new.category,
        level=new.level,
        is_child=is_child(new.born, today),
        particulars_version=sealed.version.id,
        opened_at=deed.now,
    )
    cases.save(deed.db, case)
    return case


def checked(new: NewCase, today: date) -> NewCase:
    """What was typed, trimmed. Raises Unacceptable."""
    if new.category not in CATEGORIES:
        raise Unacceptable("category", "Choose a category.")
    if new.level not in LEVELS:
        raise Unacceptable("level", "Choose Level 2 or Level 3.")
    if not today.year - OLDEST <= new.born.year or new.born >= today:
        raise Unacceptable("born", "The date of birth must be in the past.")
    return replace(
        new,
        reference=_reference(new.reference),
        name=required("name", new.name, "Type the individual's name."),
    )


def require_new(db: Connection, new: NewCase, area_id: AreaId) -> None:
    """Raise Refused for an agency that is not there, Unacceptable for a reference that is."""
    if people.load_agency(db, area_id, new.lead_agency_id) is None:
        raise Refused(Action.UNIT_CASE_OPEN, Why.NOT_THERE)
    if cases.by_reference(db, area_id, new.reference) is not None:
        raise Unacceptable("reference", "There is a case with this reference already.")


def _reference(typed: str) -> str:
    try:
        return fields.reference(typed.strip().upper())
    except fields.BadField:
        raise Unacceptable(
            "reference",
            "Use capitals and digits with / or - between them, such as NM/2026/014. "
            "A reference stands in e-mails, so it must not name anybody.",
        ) from None
