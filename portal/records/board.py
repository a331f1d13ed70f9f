"""Counts for the unit's board: one query a question, however many slots there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, case, distinct, func, select

from portal.domain.disclosures import DisclosureState
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import AreaId, DisclosureId, PersonId, SendingId, SlotId
from portal.domain.meetings import Answer
from portal.domain.papers import RequestStatus
from portal.domain.people import Account
from portal.records.disclosures import disclosures
from portal.records.keys import confirmations, public_keys
from portal.records.meetings import attendance_locks, invitations, slots
from portal.records.minutes import minutes
from portal.records.papers import report_requests
from portal.records.people import people
from portal.records.sendings import grants, openings, sendings


@dataclass(frozen=True)
class Tally:
    """`done` of `all`."""

    done: int
    all: int


@dataclass(frozen=True)
class SendingTally:
    """One sending: how many may open it, how many of them did, how many cannot open yet."""

    sending_id: SendingId
    slot_id: SlotId
    kind: SendingKind
    reference: str
    sent_at: datetime
    people: int
    opened: int
    waiting: int
    taken_back: int


@dataclass(frozen=True)
class Progress:
    """How many are invited, whether the attendance is locked, and the minutes approved; None: no
    minutes are filed."""

    invited: int
    locked: bool
    approved: bool | None


@dataclass(frozen=True)
class Waiting:
    """Somebody who has joined and whose key nobody has confirmed."""

    person_id: PersonId
    name: str


@dataclass(frozen=True)
class Asked:
    """A disclosure request that waits for a decision."""

    id: DisclosureId
    slot_id: SlotId
    asked_at: datetime


def _slots_since(area_id: AreaId, since: datetime) -> Select[tuple[str]]:
    return select(slots.c.id).where(slots.c.area_id == area_id, slots.c.starts_at >= since)


def reports(db: Connection, area_id: AreaId, since: datetime) -> dict[SlotId, Tally]:
    """An answer without a report counts as in: the agency has answered (rule 18)."""
    answered = case((report_requests.c.status != RequestStatus.REQUESTED, 1), else_=0)
    query = (
        select(report_requests.c.slot_id, func.sum(answered), func.count())
        .where(
            report_requests.c.area_id == area_id,
            report_requests.c.slot_id.in_(_slots_since(area_id, since)),
        )
        .group_by(report_requests.c.slot_id)
    )
    return {SlotId(slot): Tally(int(done), int(all_)) for slot, done, all_ in db.execute(query)}


def sent(db: Connection, area_id: AreaId, since: datetime) -> list[SendingTally]:
    """Packs and minutes, in the order in which they were sent."""
    return _sent(db, area_id, _slots_since(area_id, since))


def sent_for(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[SendingTally]:
    return _sent(db, area_id, select(slots.c.id).where(slots.c.id == slot_id))


def _sent(db: Connection, area_id: AreaId, of: Select[tuple[str]]) -> list[SendingTally]:
    living = and_(grants.c.id.is_not(None), grants.c.state != GrantState.TAKEN_BACK)
    query = (
        select(
            sendings.c.id,
            sendings.c.slot_id,
            sendings.c.kind,
            sendings.c.reference,
            sendings.c.sent_at,
            func.count(distinct(case((living, grants.c.id)))),
            func.count(distinct(case((living, openings.c.grant_id)))),
            func.count(distinct(case((grants.c.state == GrantState.WAITING, grants.c.id)))),
            func.count(distinct(case((grants.c.state == GrantState.TAKEN_BACK, grants.c.id)))),
        )
        .select_from(
            sendings.outerjoin(grants, grants.c.sending_id == sendings.c.id).outerjoin(
                openings, openings.c.grant_id == grants.c.id
            )
        )
        .where(
            sendings.c.area_id == area_id,
            sendings.c.kind != SendingKind.DISCLOSURE,
            sendings.c.slot_id.in_(of),
        )
        .group_by(
            sendings.c.id,
            sendings.c.slot_id,
            sendings.c.kind,
            sendings.c.reference,
            sendings.c.sent_at,
        )
        .order_by(sendings.c.sent_at, sendings.c.id)
    )
    return [SendingTally(*found) for found in db.execute(query)]


def progress(db: Connection, area_id: AreaId, since: datetime) -> dict[SlotId, Progress]:
    invited = (
        select(func.count())
        .where(invitations.c.slot_id == slots.c.id, invitations.c.answer == Answer.INVITED)
        .scalar_subquery()
    )
    query = (
        select(
            slots.c.id,
            invited,
            attendance_locks.c.locked_at.is_not(None),
            minutes.c.filed_at.is_not(None),
            minutes.c.approved_at.is_not(None),
        )
        .select_from(
            slots.outerjoin(attendance_locks, attendance_locks.c.slot_id == slots.c.id).outerjoin(
                minutes, minutes.c.slot_id == slots.c.id
            )
        )
        .where(slots.c.area_id == area_id, slots.c.starts_at >= since)
    )
    return {
        SlotId(slot): Progress(int(count), bool(locked), bool(approved) if filed else None)
        for slot, count, locked, filed, approved in db.execute(query)
    }


def waiting_for_key(db: Connection, area_id: AreaId) -> list[Waiting]:
    """Joined, and no confirmation of exactly the key they have."""
    query = (
        select(people.c.id, people.c.name)
        .join(public_keys, public_keys.c.person_id == people.c.id)
        .outerjoin(
            confirmations,
            and_(
                confirmations.c.person_id == people.c.id,
                confirmations.c.fingerprint == public_keys.c.fingerprint,
            ),
        )
        .where(
            people.c.area_id == area_id,
            people.c.account == Account.ENROLLED,
            confirmations.c.person_id.is_(None),
        )
        .order_by(people.c.name)
    )
    return [Waiting(PersonId(person), name) for person, name in db.execute(query)]


def disclosures_asked(db: Connection, area_id: AreaId) -> list[Asked]:
    query = (
        select(disclosures.c.id, disclosures.c.slot_id, disclosures.c.asked_at)
        .where(disclosures.c.area_id == area_id, disclosures.c.state == DisclosureState.ASKED)
        .order_by(disclosures.c.asked_at, disclosures.c.id)
    )
    return [Asked(*found) for found in db.execute(query)]
