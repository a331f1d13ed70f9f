"""A coordinator asks whose copy something is that turned up where it should not be.

The file is read for references in a limited child and kept nowhere; or the reference is typed, as
a photo or a print shows it. Nobody is named yet: a second person confirms (journeys/
confirm_trace.py). What names no copy of this area leaves its line too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json

from portal.chance import new_id
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.trace import references_in
from portal.domain.copies import copy_reference, written_in
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import TraceId
from portal.domain.tracing import LONGEST_REASON, LONGEST_WRITTEN, SHORTEST_REASON
from portal.journeys.copies.questions import REASON, REFERENCES, readers_of_a_trace
from portal.journeys.copies.whose_copy import copies_of
from portal.journeys.deed import doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas

ACTION = Action.DECIDE_TRACE_ASK
NO_REFERENCE, NO_COPY = "no_reference", "no_copy"


class NamesNobody(Exception):
    """Nothing in it names a copy of this area; `.code` is NO_REFERENCE or NO_COPY."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        if self.code == NO_COPY:
            return "No copy that was opened in this area has the reference that stands there."
        return (
            "No reference of a copy stands in this. Look at the foot of a page, and type what "
            "follows the word “ref” there."
        )


def may_ask_trace(house: House, who: Who) -> None:
    """Raises Refused unless this person may ask."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))


def ask_trace(
    house: House, who: Who, reason: str, *, file: bytes = b"", written: str = ""
) -> TraceId:
    """Ask, with the file or with what was typed, or both; returns the question's identifier.

    Raises Unacceptable, RefusedPaper, NamesNobody, Refused, KeyAlarm or RoomFull.
    """
    area_id, text = who.actor.area_id, reason.strip()
    may_ask_trace(house, who)
    if not file and not written.strip():
        raise Unacceptable("file", "Choose a file, or type the reference of a copy.")
    if len(written) > LONGEST_WRITTEN:
        raise Unacceptable("written", "Type one reference, such as 7K3M-Q9XD-2FVA.")
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise Unacceptable(
            "reason",
            f"Say where it turned up, in {SHORTEST_REASON} to {LONGEST_REASON:,} characters.",
        )
    digest = hashlib.sha256(file).hexdigest() if file else ""
    try:
        found = {*_typed(written), *_in_file(house, file)}
    except RefusedPaper as refused:
        _note_in_vain(house, who, refused.code.value, digest)
        raise
    with looking(house, who.actor) as look:
        area = areas.load(look.db, area_id)
        if area is None:
            raise Refused(ACTION, Why.NOT_THERE)
        ours = {each.reference for each in copies_of(house, look.db, area, found)}
    if not ours:
        nobody = NamesNobody(NO_COPY if found else NO_REFERENCE)
        _note_in_vain(house, who, nobody.code, digest)
        raise nobody
    trace_id = TraceId(new_id())
    with doing(house, who.actor, ACTION, trace_id) as deed:
        deed.require(InArea(area_id))
        why, references = salted(text), salted(json.dumps(sorted(ours)))
        readers = readers_of_a_trace(house, deed.db, area_id)
        keep_text(deed, trace_id, REASON, why, readers)
        keep_text(deed, trace_id, REFERENCES, references, readers)
        deed.note(
            line(
                Deed.TRACE_ASKED,
                trace=trace_id,
                reason=why.digest,
                references=references.digest,
                file=digest,
            )
        )
    return trace_id


def _typed(written: str) -> set[str]:
    """References as somebody types them: in small letters, with spaces for dashes, after “ref”."""
    text = written.upper()
    bare = "".join(each for each in text.removeprefix("REF") if each.isalnum())
    found = set(written_in(text))
    with contextlib.suppress(ValueError):
        found.add(copy_reference(bare))
    return found


def _in_file(house: House, file: bytes) -> tuple[str, ...]:
    if not file:
        return ()
    if len(file) > house.limits.bytes:
        raise RefusedPaper(RefusalCode.TOO_BIG)
    with house.reading_room.seat():
        return references_in(file)


def _note_in_vain(house: House, who: Who, code: str, digest: str) -> None:
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        deed.note(line(Deed.TRACE_IN_VAIN, code=code, file=digest))
