"""Meeting days, slots, invitations and attendance."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, Integer, Table, UniqueConstraint

from portal.domain.ids import AreaId, CaseId, MeetingDayId, PersonId, SlotId
from portal.domain.meetings import (
    Answer,
    Attendance,
    AttendanceLock,
    Capacity,
    Invitation,
    MeetingDay,
    Mode,
    Presence,
    Slot,
    SlotKind,
)
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
)

meeting_days = Table(
    "meeting_days",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    Column("starts_at", Utc, nullable=False),
    Column("mode", Closed(Mode), nullable=False),
    Column("planned_at", Utc, nullable=False),
)

slots = Table(
    "slots",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("meeting_day_id", index=True),
    id_column("case_id", index=True),
    Column("position", Integer, nullable=False),
    Column("kind", Closed(SlotKind), nullable=False),
    Column("starts_at", Utc, nullable=False),
    UniqueConstraint("meeting_day_id", "case_id"),
)

invitations = Table(
    "invitations",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("slot_id", index=True),
    id_column("person_id", index=True),
    id_column("agency_id"),
    Column("capacity", Closed(Capacity), nullable=False),
    Column("answer", Closed(Answer), nullable=False),
    Column("invited_at", Utc, nullable=False),
    UniqueConstraint("slot_id", "person_id"),
)

attendance = Table(
    "attendance",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("person_id", primary_key=True),
    Column("presence", Closed(Presence), nullable=False),
    Column("recorded_at", Utc, nullable=False),
)

attendance_locks = Table(
    "attendance_locks",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("locked_by"),
    Column("locked_at", Utc, nullable=False),
)


def save_day(db: Connection, day: MeetingDay) -> None:
    add(db, meeting_days, day)


def load_day(db: Connection, area_id: AreaId, day_id: MeetingDayId) -> MeetingDay | None:
    return first(
        db,
        meeting_days,
        MeetingDay,
        meeting_days.c.area_id == area_id,
        meeting_days.c.id == day_id,
    )


def days_of(db: Connection, area_id: AreaId) -> list[MeetingDay]:
    return every(
        db,
        meeting_days,
        MeetingDay,
        meeting_days.c.area_id == area_id,
        order=[meeting_days.c.starts_at],
    )


def save_slot(db: Connection, slot: Slot) -> None:
    add(db, slots, slot)


def load_slot(db: Connection, area_id: AreaId, slot_id: SlotId) -> Slot | None:
    return first(db, slots, Slot, slots.c.area_id == area_id, slots.c.id == slot_id)


def slots_of_area(db: Connection, area_id: AreaId) -> list[Slot]:
    return every(
        db, slots, Slot, slots.c.area_id == area_id, order=[slots.c.starts_at, slots.c.position]
    )


def slots_of_day(db: Connection, area_id: AreaId, day_id: MeetingDayId) -> list[Slot]:
    return every(
        db,
        slots,
        Slot,
        slots.c.area_id == area_id,
        slots.c.meeting_day_id == day_id,
        order=[slots.c.position],
    )


def slots_of_case(db: Connection, area_id: AreaId, case_id: CaseId) -> list[Slot]:
    return every(
        db,
        slots,
        Slot,
        slots.c.area_id == area_id,
        slots.c.case_id == case_id,
        order=[slots.c.starts_at],
    )


def save_invitation(db: Connection, invitation: Invitation) -> None:
    """Replaces an earlier one of the same person to the same slot."""
    remove(
        db,
        invitations,
        invitations.c.slot_id == invitation.slot_id,
        invitations.c.person_id == invitation.person_id,
    )
    add(db, invitations, invitation)


def invitations_to(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[Invitation]:
    return every(
        db,
        invitations,
        Invitation,
        invitations.c.area_id == area_id,
        invitations.c.slot_id == slot_id,
        order=[invitations.c.invited_at, invitations.c.id],
    )


def invitations_of(db: Connection, area_id: AreaId, person_id: PersonId) -> list[Invitation]:
    """Living invitations of one person."""
    return every(
        db,
        invitations,
        Invitation,
        invitations.c.area_id == area_id,
        invitations.c.person_id == person_id,
        invitations.c.answer == Answer.INVITED,
    )


def invitations_in(db: Connection, area_id: AreaId) -> list[Invitation]:
    return every(db, invitations, Invitation, invitations.c.area_id == area_id)


def withdraw_invitation(
    db: Connection, area_id: AreaId, slot_id: SlotId, person_id: PersonId
) -> bool:
    return (
        change(
            db,
            invitations,
            invitations.c.area_id == area_id,
            invitations.c.slot_id == slot_id,
            invitations.c.person_id == person_id,
            invitations.c.answer == Answer.INVITED,
            answer=Answer.WITHDRAWN,
        )
        == 1
    )


def save_attendance(db: Connection, slot_id: SlotId, register: Iterable[Attendance]) -> None:
    """Replaces the whole register of the slot."""
    remove(db, attendance, attendance.c.slot_id == slot_id)
    for entry in register:
        add(db, attendance, entry)


def attendance_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> dict[PersonId, Attendance]:
    found = every(
        db,
        attendance,
        Attendance,
        attendance.c.area_id == area_id,
        attendance.c.slot_id == slot_id,
    )
    return {entry.person_id: entry for entry in found}


def lock_attendance(db: Connection, lock: AttendanceLock) -> None:
    add(db, attendance_locks, lock)


def attendance_lock_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> AttendanceLock | None:
    return first(
        db,
        attendance_locks,
        AttendanceLock,
        attendance_locks.c.area_id == area_id,
        attendance_locks.c.slot_id == slot_id,
    )
