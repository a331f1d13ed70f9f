"""A reader opens what was sent to them: a pack, minutes, a disclosed paper (MAPPA rules 27 to 34).

Judged and written down first; then the reader's own wrap is opened, the whole paper is proven to
be what was signed, for this reader and this window, and stamped as this copy. Whether it is still
open is asked again before the first byte is handed over and before every 256 KiB.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from portal.documents.stamp import stamp
from portal.domain.grants import SendingKind
from portal.domain.ids import GrantId
from portal.domain.people import Actor
from portal.journeys.deed import Looking, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.opening.handing_over import HandingOver
from portal.journeys.opening.held import held
from portal.journeys.opening.marked_copy import (
    ACTION,
    Purpose,
    clear_copy,
    mark,
    note_copy,
    require_download,
    still_open,
)
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sessions
from portal.records.sessions import Stage

CHUNK = 256 * 1024

TITLES = {
    SendingKind.PACK: "pack",
    SendingKind.ANNEX: "annex",
    SendingKind.ADDENDUM: "addendum",
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
    session_id: bytes = field(repr=False)
    pdf_clear: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.pdf_clear)

    def chunks(self) -> Iterator[bytes]:
        """The copy in pieces of 256 KiB, while it and the reader's session stay open.

        Raises Refused (which leaves its line) or ClockDoubted when it does not: the answer must
        then be broken off, never ended as if it were whole.
        """
        going = HandingOver(
            self.house,
            self.actor,
            self.grant_id,
            self.session_id,
            self.opened_at,
            self._still_open,
        )
        for start in range(0, self.size, CHUNK):
            going.go_on()
            yield self.pdf_clear[start : start + CHUNK]

    def _still_open(self, look: Looking, grant_id: GrantId, last: datetime) -> datetime:
        session = sessions.load(look.db, self.session_id)
        # Signed out, by themselves, a co-ordinator, their agency or the time: nothing goes on
        # behind that. A lock cuts nothing off: this goes to a file, which was let out already, and
        # not to the screen.
        if session is None or session.stage is Stage.ENDED or session.ends_at <= look.now:
            raise Refused(ACTION, Why.SIGN_IN_AGAIN)
        return still_open(look, grant_id, last)


def open_paper(house: House, who: Who, grant_id: GrantId) -> OpenedPaper:
    """Raises Refused with the reason (also where the sender left downloading out), ClockDoubted,
    Spoilt, RoomFull or a StorageError."""
    with house.reading_room.seat():
        with doing(house, who.actor, ACTION, grant_id) as deed:
            at = held(deed.db, deed.area_id, grant_id, ACTION)
            deed.require(at.facts)
            proven = require_download(house, deed.db, at)
            noted, opened_at = note_copy(deed, at, Purpose.DOWNLOAD), deed.now
        with looking(house, who.actor, grant_id) as look:
            clear = clear_copy(house, look, who, at, proven)
        copy = stamp(clear, mark(who, at, opened_at, noted.copy))
        del clear
    with looking(house, who.actor, grant_id) as look:
        still_open(look, grant_id, opened_at)
    name = f"{at.case.reference} {TITLES[at.sending.kind]} copy {at.grant.copy_number}.pdf"
    return OpenedPaper(house, who.actor, grant_id, name, opened_at, who.session_id, copy)
