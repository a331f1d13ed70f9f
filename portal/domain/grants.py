"""Grants: one person's permission to open one payload, from a time, until a time (rule 30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.ids import (
    AreaId,
    CaseId,
    GrantId,
    ManifestId,
    PersonId,
    SendingId,
    SlotId,
    VersionId,
)


class SendingKind(StrEnum):
    """What is sent."""

    PACK = "pack"
    ANNEX = "annex"
    ADDENDUM = "addendum"
    MINUTES = "minutes"
    DISCLOSURE = "disclosure"


READ_HERE_ONLY = ", to be read here only"


def terms_of(kind: SendingKind, *, download: bool) -> str:
    """What the manifest of a sending says that its readers may do, as its `policy`."""
    return kind.value if download else kind.value + READ_HERE_ONLY


def may_download(terms: str) -> bool:
    """Whether these terms let a reader save a copy. Terms that are not known do not."""
    return terms in set(SendingKind)


@dataclass(frozen=True)
class Sending:
    """One act of sending: what a coordinator confirmed with an unused code (rule 38).

    `digest` is that of the proposal that was on the page when the code was typed.
    """

    id: SendingId
    area_id: AreaId
    slot_id: SlotId
    case_id: CaseId
    kind: SendingKind
    reference: str
    sent_by: PersonId
    sent_at: datetime
    digest: str


class GrantState(StrEnum):
    """WAITING: no confirmed key yet, so no wrap exists. GRANTED: exactly those with a wrap."""

    WAITING = "waiting"
    GRANTED = "granted"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Grant:
    """Permission of one person for one payload. Times are UTC; a missing one means no."""

    id: GrantId
    area_id: AreaId
    sending_id: SendingId
    version_id: VersionId
    person_id: PersonId
    manifest_id: ManifestId | None
    copy_number: int
    copies: int
    opens_at: datetime | None
    closes_at: datetime | None
    state: GrantState
    changed_at: datetime


class Openness(StrEnum):
    """Whether a grant opens now, and if not, why not."""

    OPEN = "open"
    NOT_YET = "not_yet"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"
    WAITING = "waiting"
    UNREADABLE = "unreadable"


def openness(grant: Grant, now: datetime) -> Openness:
    """Whether the grant opens at `now`, and if not, why not.

    Fails closed: a missing time, one without a zone, or a window that ends before it begins is
    UNREADABLE, which opens nothing. The end is exclusive: at `closes_at` it is over.
    """
    if grant.state is GrantState.TAKEN_BACK:
        return Openness.TAKEN_BACK
    if grant.state is GrantState.EXPIRED:
        return Openness.ENDED
    opens, closes = grant.opens_at, grant.closes_at
    if grant.state is GrantState.WAITING and closes is None:
        return Openness.WAITING
    if opens is None or closes is None or opens.tzinfo is None or closes.tzinfo is None:
        return Openness.UNREADABLE
    if closes <= opens:
        return Openness.UNREADABLE
    if now >= closes:
        return Openness.ENDED
    if grant.state is GrantState.WAITING:
        return Openness.WAITING
    if now < opens:
        return Openness.NOT_YET
    return Openness.OPEN


def is_open(grant: Grant, now: datetime) -> bool:
    """Whether the grant opens at `now`."""
    return openness(grant, now) is Openness.OPEN
