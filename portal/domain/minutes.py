"""Minutes: who is entitled to them, and what must be true before they go (rules 42, 51 to 53)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.ids import AreaId, DocumentId, PersonId, SlotId, VersionId
from portal.domain.meetings import HEARD, Presence
from portal.domain.packs import LeftOut


@dataclass(frozen=True)
class Minutes:
    """The minutes of one slot as filed; `approved_by` is the chair (rule 51)."""

    area_id: AreaId
    slot_id: SlotId
    document_id: DocumentId
    version_id: VersionId
    filed_by: PersonId
    filed_at: datetime
    approved_by: PersonId | None
    approved_at: datetime | None


@dataclass(frozen=True)
class Duty:
    """A recorded duty to consider: a named person, a reason (sealed), an end (rule 53)."""

    area_id: AreaId
    slot_id: SlotId
    person_id: PersonId
    recorded_by: PersonId
    recorded_at: datetime
    until: datetime


def entitled(
    person: PersonId, presence: Mapping[PersonId, Presence], duties: Mapping[PersonId, Duty]
) -> LeftOut | None:
    """None when the person gets the minutes, else why not.

    Those who attended do (rule 52). Anyone else only by a recorded duty to consider (rule 53).
    Nobody is entitled by silence: an invitee without a recorded presence counts as absent.
    """
    if presence.get(person) in HEARD or person in duties:
        return None
    if presence.get(person) is Presence.APOLOGIES:
        return LeftOut.APOLOGIES
    return LeftOut.ABSENT
