"""A report that came in after its pack went out, sent on in the uploader's own request (rule 21).

Only where a coordinator signed so beforehand, for this request and these readers. Sealing needs
public keys alone: the uploader opens their own report, binds it as an addendum, seals it to those
readers who hold the pack still, under the keys they had then or changed to since, and signs. It
gives nobody more than the instruction did; whatever does not agree leaves the report where it is,
waiting for the unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.extracts import BothWays
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import PersonId, RequestId, SendingId
from portal.domain.papers import Kind, RequestStatus
from portal.domain.standing import Instruction
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.extracts.proven_extract import require_sendable
from portal.journeys.giving.dispatch import Dispatched, dispatch
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.giving.telling import tell_sent
from portal.journeys.house import House, Who
from portal.journeys.keys.alarm import raise_alarm
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.earlier_keys import earlier_keys
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.opening.opened import open_version
from portal.journeys.packs.layouts import Layout, seal_bound
from portal.journeys.packs.proposing import Setting, setting
from portal.journeys.packs.proposing_addendum import (
    Addendum,
    Choice,
    addendum_proposal,
    late_papers,
    place_for,
    sent_pack,
)
from portal.journeys.packs.send_addendum import bind_addendum
from portal.journeys.packs.standing import proven
from portal.journeys.reports.asked import asked
from portal.journeys.restricted.about import unit_addresses
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.records import instructions, papers, sendings

ACTION = Action.AGENCY_REPORT_UPLOAD


@dataclass(frozen=True)
class Late:
    """What the instruction lets go out now: the addendum, where it stands, and what was signed."""

    at: Setting
    instruction: Instruction
    statement: str
    choice: Choice
    addendum: Addendum

    @property
    def told(self) -> str:
        return self.addendum.proposal.digest()


def send_late(house: House, who: Who, request_id: RequestId) -> Dispatched | None:
    """Send on what was handed in for this request, if that was instructed; None where it waits.

    Raises Refused as handing in does, Spoilt, RoomFull, StorageUnavailable; the report stays in.
    """
    try:
        return _send_late(house, who, request_id)
    except KeyAlarm as alarm:
        raise_alarm(house, who.actor.area_id, alarm)
    except (BothWays, Changed):
        pass
    return None


def _send_late(house: House, who: Who, request_id: RequestId) -> Dispatched | None:
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        look.require(ACTION, asked(look.db, area_id, request_id, ACTION).facts)
        late = _late(house, look, who, request_id)
        if late is None:
            return None
        require_sendable(house, look.db, area_id, late.addendum.proposal, late.at.slot.id)
        unit = unit_behind(house, look.db, area_id, request_id)
        version = late.addendum.paper.version
        manifest = papers.manifests_of(look.db, area_id, version.id)[0]
        clear = open_version(
            house, look.db, version, manifest, who.actor.person_id, own_fingerprint(who),
            who.identities(),
        )  # fmt: skip
    proposal = late.addendum.proposal
    with house.reading_room.seat():
        prepared = seal_bound(
            house,
            who,
            late.at,
            unit,
            bind_addendum(late.at, late.addendum, clear),
            proposal.readers,
            kind=Kind.ADDENDUM,
            window=(proposal.opens_at, proposal.closes_at),
            policy=late.instruction.policy,
        )
        del clear
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, area_id, request_id, ACTION).facts)
        now = _late(house, deed, who, request_id)
        if now is None or now.told != late.told:
            raise Changed
        if now.addendum.reference != late.addendum.reference:
            raise Changed
        if unit_behind(house, deed.db, area_id, request_id) != unit:
            raise Changed
        sending_id = SendingId(new_id())
        position = deed.note(
            line(
                Deed.ADDENDUM_SENT,
                sending=sending_id,
                slot=now.at.slot.id,
                digest=now.told,
                version=version.id,
                pack=now.addendum.pack.sending.id,
                label=now.addendum.label,
                manifests=[prepared.manifest.sha256],
                granted=[reader.person_id for reader in proposal.readers],
                waiting=[],
                opens_at=proposal.opens_at.isoformat(),
                closes_at=proposal.closes_at.isoformat(),
                reason="",
            )
        )
        deed.note(
            line(
                Deed.STANDING_FOLLOWED,
                sending=sending_id,
                pack=now.instruction.pack,
                request=request_id,
                statement=now.statement,
            )
        )
        sent = dispatch(
            deed,
            now.at,
            [Layout((now.addendum.tab.tab,), proposal.closes_at, proposal.readers, prepared)],
            proposal.items,
            sending_id=sending_id,
            kind=SendingKind.ADDENDUM,
            reference=now.addendum.reference,
            digest=now.told,
            position=position,
            opens_at=proposal.opens_at,
        )
        _tell(deed, now.at, sent)
    return sent


def _late(house: House, look: Looking | Doing, who: Who, request_id: RequestId) -> Late | None:
    """What may go out by the instruction of the newest pack, as everything stands now."""
    db, area_id = look.db, who.actor.area_id
    request = papers.load_request(db, area_id, request_id)
    if request is None or request.status is not RequestStatus.RECEIVED:
        return None
    at = setting(house, db, area_id, request.slot_id)
    pack = sent_pack(db, at)
    row = None if pack is None else instructions.load(db, area_id, pack.sending.id)
    signed = None if row is None else proven(house, db, row)
    if pack is None or row is None or signed is None or not pack.tabs:
        return None
    if request_id not in signed.requests or look.now >= signed.until:
        return None
    # Once: what was taken back since is not sent anew by whoever asks again.
    if proven_line_of(house, db, area_id, Deed.STANDING_FOLLOWED, request=request_id) is not None:
        return None
    found = [p for p in late_papers(db, at, pack) if p.document.id == request.document_id]
    # A corrected version is for a coordinator to look at: the first one was what was instructed.
    if not found or found[0].version.number != 1 or found[0].document.author_id != _me(who):
        return None
    version = found[0].version
    named = _named(house, db, at, signed)
    choice = Choice(version.id, place_for(pack, found[0]), _holding(db, signed, named))
    addendum = addendum_proposal(db, at, choice)
    if addendum is None or not _within(addendum, signed, named, look):
        return None
    return Late(at, signed, hashlib.sha256(row.body).hexdigest(), choice, addendum)


def _me(who: Who) -> PersonId:
    return who.actor.person_id


def _named(house: House, db: Connection, at: Setting, signed: Instruction) -> dict[PersonId, str]:
    """The named readers and their keys of today: the one that was named, or one that follows it by
    its owner's own signature. Whoever began anew is not among them."""
    found = {}
    for person, key in signed.readers:
        own = at.keys[person].fingerprint if person in at.keys else ""
        if own and key in {own, *earlier_keys(house, db, at.area.id, person, own)}:
            found[person] = own
    return found


def _holding(
    db: Connection, signed: Instruction, named: Mapping[PersonId, str]
) -> frozenset[PersonId]:
    """Those of the named readers who hold the pack still."""
    holding = {
        grant.person_id
        for grant in sendings.grants_of_sending(db, signed.area_id, signed.pack)
        if grant.state is GrantState.GRANTED
    }
    return frozenset(holding & named.keys())


def _within(
    addendum: Addendum, signed: Instruction, named: Mapping[PersonId, str], look: Looking | Doing
) -> bool:
    """Never wider, never longer than what was signed, and not for nobody."""
    proposal = addendum.proposal
    return (
        bool(proposal.readers)
        and all(named.get(r.person_id) == r.fingerprint for r in proposal.readers)
        and look.now < proposal.closes_at
        and all(reader.closes_at <= signed.closes_at for reader in proposal.readers)
        and not proposal.warnings
    )


def _tell(deed: Doing, at: Setting, sent: Dispatched) -> None:
    for person_id, grant in sent.grants.items():
        tell_sent(deed, at.area, sent.sending, at.slot, at.people[person_id], grant)
    for address in unit_addresses(deed, at.slot.id, at.area.unit_email):
        deed.tell(
            Notice.LATE_SENT,
            address,
            area=at.area.name,
            reference=sent.sending.reference,
            path=f"/unit/sendings/{sent.sending.id}",
        )
