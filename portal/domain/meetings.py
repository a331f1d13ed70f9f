"""Meeting days, the cases heard at them, and who is invited to which case.

A *meeting day* (sitting) holds *case slots*. Pack, invitees, attendance and minutes belong to a
slot, never to the day (rule 1): somebody of one case sees nothing of the next (rule 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.ids import (
    AgencyId,
    AreaId,
    CaseId,
    InvitationId,
    MeetingDayId,
    PersonId,
    SlotId,
)


class Mode(StrEnum):
    """How a meeting day is held."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    BOTH = "both"


class SlotKind(StrEnum):
    """Initial packs begin with the referral, review packs with the previous minutes (rule 25)."""

    INITIAL = "initial"
    REVIEW = "review"


class Capacity(StrEnum):
    """In what capacity somebody comes (rule 4); a closed list, so it can stand in the clear."""

    CASE_HOLDER = "case_holder"
    OFFENDER_MANAGER = "offender_manager"
    INVESTIGATOR = "investigator"
    SPECIALIST = "specialist"
    MANAGER = "manager"
    CHAIR = "chair"
    VICTIM_LIAISON = "victim_liaison"
    OBSERVER = "observer"


CAPACITY_WORDS = {
    Capacity.CASE_HOLDER: "Holds the case in their agency",
    Capacity.OFFENDER_MANAGER: "Offender manager",
    Capacity.INVESTIGATOR: "Police investigator or offender management unit",
    Capacity.SPECIALIST: "Specialist adviser",
    Capacity.MANAGER: "Manager who can commit resources",
    Capacity.CHAIR: "Chair",
    Capacity.VICTIM_LIAISON: "Victim liaison officer",
    Capacity.OBSERVER: "Observer",
}


@dataclass(frozen=True)
class MeetingDay:
    """One day on which several cases are heard. `starts_at` is UTC."""

    id: MeetingDayId
    area_id: AreaId
    starts_at: datetime
    mode: Mode
    planned_at: datetime


@dataclass(frozen=True)
class Slot:
    """One case at one meeting day, in `position` order (from 1)."""

    id: SlotId
    area_id: AreaId
    meeting_day_id: MeetingDayId
    case_id: CaseId
    position: int
    kind: SlotKind
    starts_at: datetime


class Answer(StrEnum):
    """An invitee's answer. Declining removes access (rule 26)."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Invitation:
    """One person invited to one case slot, in a capacity; the reason is kept sealed (rule 4)."""

    id: InvitationId
    area_id: AreaId
    slot_id: SlotId
    person_id: PersonId
    agency_id: AgencyId
    capacity: Capacity
    answer: Answer
    invited_at: datetime


class Presence(StrEnum):
    """What the attendance says of an invitee (rule 39)."""

    ATTENDED = "attended"
    PART = "part"
    APOLOGIES = "apologies"
    ABSENT = "absent"


HEARD = frozenset({Presence.ATTENDED, Presence.PART})
"""Who counts as having attended, for the minutes (rule 52)."""


@dataclass(frozen=True)
class Attendance:
    """What one invitee did. Locked before the minutes go (rule 42)."""

    area_id: AreaId
    slot_id: SlotId
    person_id: PersonId
    presence: Presence
    recorded_at: datetime


@dataclass(frozen=True)
class AttendanceLock:
    """The register of a slot, closed: by whom and when."""

    area_id: AreaId
    slot_id: SlotId
    locked_by: PersonId
    locked_at: datetime
