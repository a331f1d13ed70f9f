"""A reader opens what was sent to them: a pack, minutes, a disclosed paper (MAPPA rules 27 to 34).

Judged and written down first; then the reader's own wrap is opened, the whole paper is proven to
be what was signed, for this reader and this window, and stamped as this copy. Whether it is still
open is asked again before the first byte is handed over and before every 64 KiB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from portal.chance import new_copy_reference, new_id
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfGrant
from portal.domain.grants import SendingKind
from portal.domain.ids import GrantId
from portal.domain.people import Account, Actor
from portal.journeys.deed import ClockDoubted, Looking, doing, looking
from portal.journeys.held import Held, held
from portal.journeys.house import House, Who
from portal.journeys.opening import NotGiven, Spoilt, open_version
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, people, sendings

ACTION = Action.READER_PAPER_OPEN
CHUNK = 64 * 1024
READ = "read"

TITLES = {
    SendingKind.PACK: "pack",
    SendingKind.MINUTES: "minutes",
    SendingKind.DISCLOSURE: "paper",
}


@dataclass(frozen=True)
class OpenedPaper:
    """One reader's stamped copy, in the clear: `size` bytes, given out by `chunks` alone.

    It holds no key: the reader's keyring is gone with the request that opened the paper.
    """

    house: House = field(repr=False)
    actor: Actor
    grant_id: GrantId
    filename: str
    opened_at: datetime
    pdf_clear: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.pdf_clear)

    def chunks(self) -> Iterator[bytes]:
        """The copy in pieces of 64 KiB, while it stays open.

        Raises Refused (which leaves its line) or ClockDoubted when it does not: the answer must
        then be broken off, never ended as if it were whole.
        """
        last = self.opened_at
        for start in range(0, self.size, CHUNK):
            with looking(self.house, self.actor, self.grant_id) as look:
                last = _still_open(look, self.grant_id, last)
            yield self.pdf_clear[start : start + CHUNK]


def open_paper(house: House, who: Who, grant_id: GrantId) -> OpenedPaper:
    """Raises Refused with the reason, ClockDoubted, Spoilt, RoomFull or a StorageError."""
    with house.reading_room.seat():
        opened_at, at, reference = _note(house, who, grant_id)
        with looking(house, who.actor, grant_id) as look:
            clear = _clear(house, look, who, at)
        copy = stamp(clear, _mark(who, at, opened_at, reference))
        del clear
    with looking(house, who.actor, grant_id) as look:
        _still_open(look, grant_id, opened_at)
    name = f"{at.case.reference} {TITLES[at.sending.kind]} copy {at.grant.copy_number}.pdf"
    return OpenedPaper(house, who.actor, grant_id, name, opened_at, copy)


def _note(house: House, who: Who, grant_id: GrantId) -> tuple[datetime, Held, str]:
    """The line and the opening are committed before a key is touched: no unwritten reading."""
    with doing(house, who.actor, ACTION, grant_id) as deed:
        at = held(deed.db, deed.area_id, grant_id, ACTION)
        deed.require(at.facts)
        sendings.save_opening(
            deed.db,
            sendings.Opening(
                id=new_id(),
                area_id=deed.area_id,
                grant_id=grant_id,
                sending_id=at.sending.id,
                person_id=who.actor.person_id,
                opened_at=deed.now,
            ),
        )
        copy = new_copy_reference()
        version_id = at.version.id
        deed.note(
            line(Deed.PAPER_OPENED, grant=grant_id, version=version_id, purpose=READ, copy=copy)
        )
        return deed.now, at, copy


def _clear(house: House, look: Looking, who: Who, at: Held) -> bytes:
    grant = at.grant
    row = (
        None
        if grant.manifest_id is None
        else papers.load_manifest(look.db, grant.area_id, grant.manifest_id)
    )
    header = papers.header_for(look.db, grant.area_id, at.version.id, who.actor.person_id)
    if header is None:
        # Taken back or expired since the judge was asked: the wrap goes with the grant.
        raise Refused(ACTION, Why.TAKEN_BACK)
    if row is None or grant.opens_at is None or grant.closes_at is None:
        raise Spoilt("grant")
    try:
        return open_version(
            house,
            look.db,
            at.version,
            row,
            who.actor.person_id,
            header.fingerprint,
            who.identities(),
            (grant.opens_at, grant.closes_at),
        )
    except NotGiven:
        raise Refused(ACTION, Why.TAKEN_BACK) from None


def _mark(who: Who, at: Held, opened_at: datetime, reference: str) -> Stamp:
    return Stamp(
        name=who.actor.name,
        agency=who.actor.agency,
        copy_line=(f"Copy {at.grant.copy_number} of {at.grant.copies} of {at.sending.reference}"),
        time_line=f"Opened {in_words(opened_at)}",
        reference=reference,
    )


def _still_open(look: Looking, grant_id: GrantId, last: datetime) -> datetime:
    """The time, when the grant still opens and the account still lives; the statement was asked
    for at the opening. Time that went back since `last` proves nothing, so it opens nothing."""
    if look.now < last:
        raise ClockDoubted("the clock went back while a paper was being handed over")
    grant = sendings.load_grant(look.db, look.actor.area_id, grant_id)
    person = people.load(look.db, look.actor.area_id, look.actor.person_id)
    if grant is None or person is None:
        raise Refused(ACTION, Why.NOT_THERE)
    if person.account is not Account.ENROLLED:
        raise Refused(ACTION, Why.ACCOUNT_CLOSED)
    look.require(ACTION, OfGrant(grant.area_id, grant, statement_accepted=True))
    return look.now
