"""Proving the record whole, now: every line, hash and signed checkpoint is computed again.

It is the same audit as `portal ledger verify`. It reads the whole record, so it leaves a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.ledger import book, verify
from portal.ledger.errors import LedgerError
from portal.ledger.verify import Audit
from portal.policy.actions import Action
from portal.records import areas, database


@dataclass(frozen=True)
class Verified:
    """What the audit found, against which key and when; the newest checkpoint as it was signed.

    `same_key`: the key that was handed out when the area was opened is the one used now.
    """

    audit: Audit
    vkey: str
    checkpoint: str
    at: datetime
    same_key: bool

    @property
    def whole(self) -> bool:
        return self.audit.first_bad is None and self.same_key


def verify_record(house: House, who: Who) -> Verified:
    """Audit the area's record with the server's own key. Raises Refused."""
    area_id = who.actor.area_id
    with doing(house, who.actor, Action.RECORD_READ) as deed:
        deed.require(InArea(area_id))
        deed.note(line(Deed.RECORD_READ, from_position=0))
        at = deed.now
    signer = house.signer(area_id)
    vkey = signer.vkey
    with database.reading(house.engine) as db:
        area = areas.load(db, area_id)
        audit = verify.audit(db, area_id, *(key.vkey for key in signer.ever))
        try:
            checkpoint = book.newest_checkpoint(db, area_id)
        except LedgerError:
            checkpoint = ""
    return Verified(audit, vkey, checkpoint, at, area is not None and area.ledger_vkey == vkey)
