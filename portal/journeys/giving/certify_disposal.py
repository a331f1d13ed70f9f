"""A certificate that what was sent is disposed of, made from the ledger alone (rule 78).

It names identifiers, hashes and lines, never what the papers say; whoever holds a copy of the
record can check each line of it. It says as plainly what it cannot prove.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from portal.documents.typeset import in_groups, typeset
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.grants import Grant, Sending
from portal.domain.ids import SendingId
from portal.domain.papers import MARKING
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.journeys.opening.opened import Spoilt
from portal.journeys.restricted.about import about
from portal.ledger import search
from portal.ledger.book import Entry
from portal.ledger.leaf import Value
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, sendings

ACTION = Action.UNIT_CERTIFICATE_MAKE
NOT_YET = (
    "What was sent is not disposed of yet. That happens 30 days after the last reader's access "
    "has ended, unless a legal hold stands on the case."
)
PROVES = (
    (
        "The record is a Merkle tree whose heads are signed. Each line below is named by its "
        "position and its hash, and can be checked with a copy of the record and the area's "
        "verification key."
    ),
    (
        "The line of the disposal was written in the same step in which the portal deleted the "
        "last key that opens the sealed bytes, and the bytes. Without that key they are not "
        "readable."
    ),
)
CANNOT = (
    (
        "It cannot prove what became of copies that a reader downloaded or printed while they "
        "could read. The lines below say which copies were opened."
    ),
    (
        "It cannot prove what backups still hold. Wraps in a backup open with a reader's own key "
        "or the unit's, until the backup itself is destroyed."
    ),
    (
        "It says nothing of the papers that were bound into what was sent: they stay in the unit's "
        "file of the case."
    ),
)
NAMES: Mapping[Deed, str] = {
    Deed.ACCESS_GRANTED: "Given to one who waited",
    Deed.ACCESS_EXTENDED: "More time given",
    Deed.PAPER_OPENED: "Copy opened",
    Deed.ACCESS_TAKEN_BACK: "Taken back; wraps deleted",
    Deed.ACCESS_EXPIRED: "Time over; wrap deleted",
    Deed.INVITATION_WITHDRAWN: "Invitation withdrawn; wraps deleted",
    Deed.PERSON_LEFT: "Account closed; wraps deleted",
    Deed.SENDING_DISPOSED: "Disposed of; sealed bytes and last wrap deleted",
}
SENT = "Sent"


def certify_disposal(house: House, who: Who, sending_id: SendingId) -> bytes:
    """The certificate as a tagged PDF. Raises Refused, Changed before the disposal, Spoilt where
    a line of the record cannot be proven."""
    area_id = who.actor.area_id
    with looking(house, who.actor, sending_id) as look:
        look.require(ACTION, about(look, sending_id))
        sending = sendings.load_sending(look.db, area_id, sending_id)
        area = areas.load(look.db, area_id)
        if sending is None or area is None:
            raise Refused(ACTION, Why.NOT_THERE)
        grants = sendings.grants_of_sending(look.db, area_id, sending_id)
        lines = _lines(house, look.db, sending, grants)
        made = look.now
    disposed = [told for _entry, told in lines if told["deed"] == Deed.SENDING_DISPOSED.value]
    if not disposed:
        raise Changed(NOT_YET)
    pdf_clear = typeset("disposal", _paper(area.name, sending, lines, disposed[-1], made))
    with doing(house, who.actor, ACTION, sending_id) as deed:
        deed.require(about(deed, sending_id))
        digest = hashlib.sha256(pdf_clear).hexdigest()
        deed.note(line(Deed.CERTIFICATE_MADE, sending=sending_id, certificate=digest))
    return pdf_clear


Told = dict[str, Value]


def _lines(
    house: House, db: Connection, sending: Sending, grants: list[Grant]
) -> list[tuple[Entry, Told]]:
    """Every line about this sending and its copies, proven, oldest first."""
    ours = {str(sending.id), *(str(grant.id) for grant in grants)}
    people = {str(grant.person_id) for grant in grants}
    needles = [each.encode() for each in ours | people]
    found = []
    deeds = {deed.value for deed in Deed} - {Deed.CERTIFICATE_MADE.value, Deed.DEED_REFUSED.value}
    for entry in search.of_deeds(
        db, sending.area_id, deeds, lambda body: any(needle in body for needle in needles)
    ):
        told = proven_line(house, db, sending.area_id, entry.position)
        if told is None:
            raise Spoilt("ledger")
        of_it = told.get("sending") in ours or told.get("grant") in ours
        ended = told["deed"] == Deed.PERSON_LEFT.value or (
            told["deed"] == Deed.INVITATION_WITHDRAWN.value and told.get("slot") == sending.slot_id
        )
        if of_it or (ended and told.get("person") in people and _after(entry, sending)):
            found.append((entry, told))
    return found


def _after(entry: Entry, sending: Sending) -> bool:
    return entry.recorded_at >= sending.sent_at


def _paper(
    area: str,
    sending: Sending,
    lines: list[tuple[Entry, Told]],
    disposed: Told,
    made: datetime,
) -> dict[str, object]:
    payloads = disposed["payloads"]
    listed = [str(each) for each in payloads] if isinstance(payloads, list | tuple) else []
    opened = sum(told["deed"] == Deed.PAPER_OPENED.value for _entry, told in lines)
    return {
        "title": "Certificate of disposal",
        "reference": sending.reference,
        "marking": MARKING,
        "date": f"Made {in_words(made)}",
        "facts": [
            ["Area", area],
            ["What was sent", sending.reference],
            ["Identifier", sending.id],
            ["Sent", in_words(datetime.fromisoformat(str(lines[0][1]["at"])))],
            ["Last access ended", in_words(datetime.fromisoformat(str(disposed["ended_at"])))],
            ["Disposed of", in_words(datetime.fromisoformat(str(disposed["at"])))],
            ["Rule", str(disposed["rule"])],
            ["Wraps deleted at the disposal", str(disposed["wraps_deleted"])],
            ["Times a copy was opened before", str(opened)],
            ["SHA-256 of each sealed payload", "\n".join(in_groups(each) for each in listed)],
        ],
        "lines": [
            [
                str(entry.position),
                in_words(entry.recorded_at),
                NAMES.get(Deed(str(told["deed"])), SENT),
                in_groups(entry.leaf_hash.hex()),
            ]
            for entry, told in lines
        ],
        "proves": list(PROVES),
        "cannot": list(CANNOT),
    }
