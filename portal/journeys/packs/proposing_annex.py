"""What would be sent if the corrected version of a restricted annex went out now (rules 31, 57).

To exactly those who hold the earlier version and can be sent something: nobody is chosen anew, and
the pack that it goes with is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.grants import Grant, Sending, SendingKind
from portal.domain.ids import SendingId
from portal.domain.packs import Annex, LeftOut, Others, Proposal, Reader
from portal.domain.papers import Document, Version
from portal.journeys.giving.granting import LIVING
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.proposing import Paper, Setting, invitees, item_of
from portal.records import papers, sendings


@dataclass(frozen=True)
class CorrectedAnnex:
    """The proposal, the sending whose annex it corrects, and the paper in its newest version."""

    proposal: Proposal
    earlier: Sending
    paper: Paper

    @property
    def pack(self) -> str:
        """The reference of the pack that it goes with."""
        return self.earlier.reference.rpartition("-")[0]


def newer_annex(db: Connection, sending: Sending) -> tuple[Document, Version] | None:
    """The paper of this restricted annex in a version that corrects it, where there is one."""
    if sending.kind is not SendingKind.ANNEX:
        return None
    area_id = sending.area_id
    layout = sendings.layouts_in(db, area_id, [sending.id]).get(sending.id, [])
    found = papers.versions_in(db, area_id, [entry.paper_version_id for entry in layout])
    if len(found) != 1:
        return None
    (sent,) = found.values()
    document = papers.load_document(db, area_id, sent.document_id)
    newest = papers.latest_version(db, area_id, sent.document_id)
    if document is None or newest is None or newest.number <= sent.number:
        return None
    return document, newest


def annex_proposal(
    house: House, db: Connection, at: Setting, sending_id: SendingId, now: datetime
) -> CorrectedAnnex | None:
    """Who would get it, until when, and who is left out; None where nothing corrects it.

    Raises Spoilt where the record does not say what others see of the annex.
    """
    area_id = at.area.id
    sending = sendings.load_sending(db, area_id, sending_id)
    if sending is None or sending.slot_id != at.slot.id:
        return None
    newer = newer_annex(db, sending)
    if newer is None:
        return None
    paper = Paper(newer[0], newer[1], newer[0].form_code)
    told = proven_line_of(house, db, area_id, Deed.ANNEX_SENT, sending=sending_id)
    if told is None:
        raise Spoilt("annex")
    living = [
        grant
        for grant in sendings.grants_of_sending(db, area_id, sending_id)
        if grant.state in LIVING and grant.closes_at is not None and grant.closes_at > now
    ]
    holders = {grant.person_id for grant in living}
    has_it = sendings.holders_of(db, area_id, paper.version.id)
    found = [who for who in invitees(db, at) if who.person_id in holders]
    found.sort(key=lambda who: (who.agency, who.name, who.person_id))
    left_out = []
    readers = []
    closes_at = _until(living, sending)
    for who in found:
        why = who.left_out or (LeftOut.HAS_IT if who.person_id in has_it else None)
        if why is not None:
            left_out.append((who, why))
        else:
            readers.append(
                Reader(who.person_id, who.name, who.agency, who.fingerprint, (1,), closes_at)
            )
    annex = Annex(item_of(paper, 1), Others(str(told["others"])), tuple(readers))
    proposal = Proposal(
        items=(),
        readers=(),
        left_out=tuple(left_out),
        opens_at=paper.version.made_at,
        closes_at=closes_at,
        warnings=(),
        subject=f"{SendingKind.ANNEX.value} {at.slot.id} {sending_id}",
        annexes=(annex,),
    )
    return CorrectedAnnex(proposal, sending, paper)


def _until(living: Iterable[Grant], sending: Sending) -> datetime:
    """The first end of those copies that are open still: nobody gets more time by a correction.
    Where none is, a time that is over."""
    ends = [grant.closes_at for grant in living if grant.closes_at is not None]
    return min(ends, default=sending.sent_at)
