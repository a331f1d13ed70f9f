"""A reader's own copy, whichever way it is handed over: written down, proven, marked, still open.

Saving a copy and reading it in the browser differ in what leaves the portal; what must be true
before, and what stands on every page, is the same and stands here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from portal.chance import new_copy_reference, new_id
from portal.crypto.manifest import Manifest
from portal.documents.stamp import Stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfGrant
from portal.domain.grants import may_download
from portal.domain.ids import GrantId
from portal.domain.papers import ManifestRow
from portal.domain.people import Account
from portal.journeys.deed import ClockDoubted, Doing, Looking
from portal.journeys.giving.ended import require_not_ended
from portal.journeys.house import House, Who
from portal.journeys.opening.held import Held
from portal.journeys.opening.named import require_named
from portal.journeys.opening.opened import NotGiven, Spoilt, open_signed, read_manifest
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, people, sendings

ACTION = Action.READER_PAPER_OPEN


class Purpose(StrEnum):
    """What a copy is opened for, as the ledger tells it."""

    READ = "read"
    DOWNLOAD = "download"
    COMPARE = "compare"


@dataclass(frozen=True)
class Noted:
    """An opening as it was written down: its id, and the reference of the copy it makes."""

    opening_id: str
    copy: str


def note_copy(deed: Doing, at: Held, purpose: Purpose, copy: str = "") -> Noted:
    """The line and the opening, in the deed: committed before a key is touched, so that nothing is
    read unwritten. `copy` where what is made of two papers has one reference already. Raises
    Refused where the ledger says that this ended."""
    require_not_ended(deed.db, at.grant, at.sending, ACTION)
    noted = Noted(new_id(), copy or new_copy_reference())
    sendings.save_opening(
        deed.db,
        sendings.Opening(
            id=noted.opening_id,
            area_id=deed.area_id,
            grant_id=at.grant.id,
            sending_id=at.sending.id,
            person_id=deed.actor.person_id,
            opened_at=deed.now,
        ),
    )
    deed.note(
        line(
            Deed.PAPER_OPENED,
            grant=at.grant.id,
            version=at.version.id,
            purpose=purpose.value,
            copy=noted.copy,
        )
    )
    return noted


@dataclass(frozen=True)
class Proven:
    """A manifest that `read_manifest` believed, and the row for which it did."""

    row: ManifestRow
    manifest: Manifest


def require_download(house: House, db: Connection, at: Held) -> Proven:
    """Raise Refused unless the sender lets copies be saved: as they signed it, whatever rows say.

    Raises Spoilt too.
    """
    row = manifest_of(db, at)
    manifest = read_manifest(house, db, row, at.version)
    if not may_download(manifest.policy):
        raise Refused(ACTION, Why.READ_HERE_ONLY)
    return Proven(row, manifest)


def offers_download(db: Connection, at: Held) -> bool:
    """Whether a page should offer it: nothing is proven here, and nothing given. Who presses the
    button meets `require_download`."""
    row = (
        None
        if at.grant.manifest_id is None
        else papers.load_manifest(db, at.grant.area_id, at.grant.manifest_id)
    )
    return row is not None and may_download(said_terms(row))


def said_terms(row: ManifestRow) -> str:
    """The terms a manifest claims, unproven: for what a page shows, never for what it gives."""
    try:
        said = json.loads(row.body)
    except ValueError:
        return ""
    return str(said.get("policy")) if isinstance(said, dict) else ""


def manifest_of(db: Connection, at: Held) -> ManifestRow:
    """The manifest under which this reader was given the paper. Raises Spoilt."""
    grant = at.grant
    row = (
        None
        if grant.manifest_id is None
        else papers.load_manifest(db, grant.area_id, grant.manifest_id)
    )
    if row is None:
        raise Spoilt("grant")
    return row


def clear_copy(
    house: House, look: Looking, who: Who, at: Held, proven: Proven | None = None
) -> bytes:
    """The whole paper in the clear, proven and not yet marked. A manifest `proven` a moment ago is
    not proven again while its row is the same. Raises Refused when its wrap has gone, Spoilt,
    KeyAlarm (the name that would be marked is not the one that was confirmed), or a StorageError.
    """
    grant = at.grant
    header = papers.header_for(look.db, grant.area_id, at.version.id, who.actor.person_id)
    if header is None:
        # Taken back or expired since the judge was asked: the wrap goes with the grant.
        raise Refused(ACTION, Why.TAKEN_BACK)
    require_not_ended(look.db, grant, at.sending, ACTION)
    require_named(house, look, who)
    row = manifest_of(look.db, at)
    if proven is None or proven.row != row:
        proven = Proven(row, read_manifest(house, look.db, row, at.version))
    if grant.opens_at is None or grant.closes_at is None:
        raise Spoilt("grant")
    try:
        return open_signed(
            house,
            look.db,
            at.version,
            proven.manifest,
            who.actor.person_id,
            header.fingerprint,
            who.identities(),
            (grant.opens_at, grant.closes_at),
        )
    except NotGiven:
        raise Refused(ACTION, Why.TAKEN_BACK) from None


def mark(who: Who, at: Held, opened_at: datetime, copy: str) -> Stamp:
    """What stands on every page of this copy."""
    return Stamp(
        name=who.actor.name,
        agency=who.actor.agency,
        copy_line=f"Copy {at.grant.copy_number} of {at.grant.copies} of {at.sending.reference}",
        time_line=f"Opened {in_words(opened_at)}",
        reference=copy,
    )


def still_open(look: Looking, grant_id: GrantId, last: datetime) -> datetime:
    """The time, when the grant still opens and the account still lives; the statement was asked
    for at the opening. Time that went back since `last` proves nothing, so it opens nothing."""
    if look.now < last:
        raise ClockDoubted("the clock went back while a paper was being handed over")
    grant = sendings.load_grant(look.db, look.actor.area_id, grant_id)
    person = people.load(look.db, look.actor.area_id, look.actor.person_id)
    sending = (
        None
        if grant is None
        else sendings.load_sending(look.db, look.actor.area_id, grant.sending_id)
    )
    if grant is None or person is None or sending is None:
        raise Refused(ACTION, Why.NOT_THERE)
    if person.account is not Account.ENROLLED:
        raise Refused(ACTION, Why.ACCOUNT_CLOSED)
    look.require(ACTION, OfGrant(grant.area_id, grant, statement_accepted=True))
    require_not_ended(look.db, grant, sending, ACTION)
    return look.now
