"""The standing instruction for late reports: signed with a pack, and proven before it is followed.

It is the coordinator's decision, made beforehand: whoever follows it decides nothing. It names the
requests that were open, and the readers who were given every paper of the pack, with their keys.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from portal.crypto import signing
from portal.crypto.signing import BadSignature
from portal.domain.deeds import Deed, line
from portal.domain.grants import GrantState, Sending, SendingKind, terms_of
from portal.domain.ids import AreaId, SlotId
from portal.domain.packs import Proposal
from portal.domain.papers import ReportRequest, RequestStatus, Version
from portal.domain.people import Account
from portal.domain.standing import BadInstruction, Instruction
from portal.journeys.deed import Doing
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import KeyAlarm, key_at
from portal.journeys.keys.proven import proven_line, proven_line_of
from portal.journeys.packs.proposing import Setting
from portal.records import instructions, papers, people, sendings
from portal.records.instructions import SignedInstruction

LABEL = "portal/v1/standing-instruction"


def awaited(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[ReportRequest]:
    """The reports that were asked for and not answered yet."""
    return [
        request
        for request in papers.requests_for(db, area_id, slot_id)
        if request.status is RequestStatus.REQUESTED
    ]


class Late(StrEnum):
    """What becomes of a late report: it GOES to the readers of the pack, or WAITS for the unit."""

    GOES = "goes"
    WAITS = "waits"


def newest_pack(db: Connection, area_id: AreaId, slot_id: SlotId) -> Sending | None:
    """The newest pack of a slot that somebody still holds or waits for: as addenda belong to it."""
    living = {
        grant.sending_id
        for grant in sendings.grants_in(db, area_id, GrantState.GRANTED, GrantState.WAITING)
    }
    sent = sendings.sendings_of(db, area_id, slot_id)
    packs = [each for each in sent if each.kind is SendingKind.PACK and each.id in living]
    return packs[-1] if packs else None


def what_becomes(
    house: House, db: Connection, request: ReportRequest, now: datetime
) -> Late | None:
    """For the page before a report is handed in; None where no pack has gone out yet."""
    pack = newest_pack(db, request.area_id, request.slot_id)
    if pack is None:
        return None
    row = instructions.load(db, request.area_id, pack.id)
    if row is None or request.status is RequestStatus.RECEIVED:
        return Late.WAITS
    if not is_standing(house, db, pack, now):
        return Late.WAITS
    return Late.GOES if request.id in Instruction.decode(row.body).requests else Late.WAITS


def is_standing(house: House, db: Connection, pack: Sending, now: datetime) -> bool:
    """For a page: whether late reports go to this pack's readers now."""
    row = instructions.load(db, pack.area_id, pack.id)
    try:
        signed = None if row is None else proven(house, db, row)
    except KeyAlarm:
        return False
    return signed is not None and now < signed.until


def what_became(db: Connection, request: ReportRequest, version: Version) -> Late | None:
    """For the receipt; None where the report came before its pack went out."""
    pack = newest_pack(db, request.area_id, request.slot_id)
    if pack is None or version.made_at <= pack.sent_at:
        return None
    return Late.GOES if sendings.holders_of(db, request.area_id, version.id) else Late.WAITS


def instruct(
    deed: Doing, who: Who, at: Setting, proposal: Proposal, sent: Dispatched, *, download: bool
) -> None:
    """Sign it, in the deed that sends the pack. Nothing is signed where no report is awaited, or
    nobody was given the whole of it."""
    requests = awaited(deed.db, deed.area_id, at.slot.id)
    readers = tuple(
        (reader.person_id, reader.fingerprint)
        for reader in proposal.readers
        if reader.fingerprint is not None
        and len(reader.tabs) == len(proposal.items)
        and not reader.instead
    )
    if not requests or not readers or deed.now >= at.slot.starts_at:
        return
    instruction = Instruction(
        deed.area_id,
        at.slot.id,
        sent.sending.id,
        tuple(request.id for request in requests),
        readers,
        at.slot.starts_at,
        proposal.closes_at,
        terms_of(SendingKind.ADDENDUM, download=download),
    )
    body = instruction.encode()
    signature = signing.sign(who.keyring.signing_seed, LABEL, body)
    position = deed.note(
        line(
            Deed.STANDING_SIGNED,
            sending=sent.sending.id,
            slot=at.slot.id,
            requests=[request.id for request in requests],
            persons=[person for person, _key in readers],
            until=at.slot.starts_at.isoformat(),
            statement=hashlib.sha256(body).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest(),
        )
    )
    instructions.save(
        deed.db,
        SignedInstruction(
            sending_id=sent.sending.id,
            area_id=deed.area_id,
            slot_id=at.slot.id,
            body=body,
            signature=signature,
            signed_by=who.actor.person_id,
            ledger_position=position,
            made_at=deed.now,
            withdrawn_at=None,
        ),
    )


def proven(house: House, db: Connection, row: SignedInstruction) -> Instruction | None:
    """The instruction, when its coordinator signed it, is still here, the ledger says so, and
    nobody withdrew it; else None, and a late report waits. Raises KeyAlarm."""
    # The key of that time: whoever changed theirs since has taken nothing back.
    signer = key_at(house, db, row.area_id, row.signed_by, row.ledger_position)
    person = people.load(db, row.area_id, row.signed_by)
    if signer is None or person is None or person.account is Account.LEFT:
        return None
    try:
        signing.verify(signer.sign_public, LABEL, row.body, row.signature)
        found = Instruction.decode(row.body)
    except (BadSignature, BadInstruction):
        return None
    told = proven_line(house, db, row.area_id, row.ledger_position)
    if told is None or (
        told["deed"] != Deed.STANDING_SIGNED.value
        or told["actor"] != row.signed_by
        or told["signature"] != hashlib.sha256(row.signature).hexdigest()
    ):
        return None
    withdrawn = proven_line_of(
        house, db, row.area_id, Deed.STANDING_WITHDRAWN, sending=row.sending_id
    )
    same = (found.area_id, found.slot_id, found.pack) == (row.area_id, row.slot_id, row.sending_id)
    return found if same and withdrawn is None and row.withdrawn_at is None else None
