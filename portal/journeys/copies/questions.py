"""The questions whose copy something is, as the record has them.

There is no row to be changed: who asked, when, and whether it was answered are proven lines. What
was typed and found is sealed to the unit and to the auditors, and counts by its digest there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId, TraceId
from portal.domain.people import UNIT, Account, Role
from portal.domain.tracing import Answer, Trace
from portal.journeys.digests import Salted, read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import confirmed_key
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.opening.opened import Spoilt
from portal.ledger import book, leaf, search
from portal.ledger.book import Entry
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, texts

REASON, REFERENCES = "trace reason", "trace references"
"""The fields under which the sealed texts stand, under the question's identifier."""

SHOWN = 50
"""Questions on the list at most."""


def trace_of(
    house: House, db: Connection, area_id: AreaId, trace_id: TraceId, action: Action
) -> Trace:
    """One question. Raises Refused where it is not there, Spoilt where a line is not proven."""
    for entry in _lines(db, area_id, Deed.TRACE_ASKED):
        if leaf.decode(entry.leaf).get("trace") == trace_id:
            return _trace(house, db, area_id, entry, _answers(db, area_id))
    raise Refused(action, Why.NOT_THERE)


def traces_of(house: House, db: Connection, area_id: AreaId) -> list[Trace]:
    """The newest questions, newest first. Raises Spoilt where a line is not proven."""
    answers = _answers(db, area_id)
    asked = _lines(db, area_id, Deed.TRACE_ASKED, most=SHOWN)
    return [_trace(house, db, area_id, entry, answers) for entry in asked]


def readers_of_a_trace(house: House, db: Connection, area_id: AreaId) -> list[bytes]:
    """To whom what was typed and found is sealed: the unit, and every auditor with a confirmed key.

    Raises KeyAlarm.
    """
    found = [unit_recipient(house, db, area_id).recipient]
    for person in people.of_area(db, area_id).values():
        if Role.AUDITOR in person.roles and person.account is Account.ENROLLED:
            key = confirmed_key(house, db, area_id, person.id)
            if key is not None:
                found.append(key.recipient)
    return found


def openers(house: House, db: Connection, who: Who) -> Sequence[Identity]:
    """What opens a question's sealed texts for this person. Raises Refused or KeyAlarm."""
    if who.actor.has(UNIT):
        return open_unit_of(house, db, who).key.openers()
    return who.identities()


def reason_of(db: Connection, trace: Trace, identities: Sequence[Identity]) -> str | None:
    """Why it was asked; None where the text is not for this person, or not the one of the line."""
    found = _text(db, trace, REASON, identities)
    return found.text if found is not None and found.digest == trace.reason else None


def references_of(
    db: Connection, trace: Trace, identities: Sequence[Identity], action: Action
) -> tuple[str, ...]:
    """The references that were found. Raises Refused where this person cannot open them yet, and
    Spoilt where they are not those of the line."""
    if texts.load(db, trace.area_id, trace.id, REFERENCES) is None:
        raise Spoilt("references")
    found = _text(db, trace, REFERENCES, identities)
    if found is None:
        raise Refused(action, Why.CANNOT_OPEN_YET)
    if found.digest != trace.references:
        raise Spoilt("references")
    return tuple(str(each) for each in json.loads(found.text))


def _text(
    db: Connection, trace: Trace, field: str, identities: Sequence[Identity]
) -> Salted | None:
    sealed = texts.load(db, trace.area_id, trace.id, field)
    if sealed is None:
        return None
    try:
        return read_text(sealed, identities)
    except (AgeError, ValueError, KeyError, TypeError):
        return None


def _lines(db: Connection, area_id: AreaId, deed: Deed, most: int | None = None) -> list[Entry]:
    size = book.head(db, area_id).size
    found = search.newest_first(db, area_id, below=size, most=most or size, deed=deed.value)
    # Gathered first: reading on while other questions are asked is not safe on every database.
    return list(found)


def _answers(db: Connection, area_id: AreaId) -> dict[str, int]:
    """Question -> position of the line that answers it."""
    lines = _lines(db, area_id, Deed.TRACE_ANSWERED)
    return {str(leaf.decode(entry.leaf)["trace"]): entry.position for entry in lines}


def _trace(
    house: House, db: Connection, area_id: AreaId, entry: Entry, answers: Mapping[str, int]
) -> Trace:
    told = proven_line(house, db, area_id, entry.position)
    if told is None:
        raise Spoilt("ledger")
    position = answers.get(str(told["trace"]))
    return Trace(
        id=TraceId(str(told["trace"])),
        area_id=area_id,
        asked_by=PersonId(str(told["actor"])),
        asked_at=datetime.fromisoformat(str(told["at"])),
        reason=str(told["reason"]),
        references=str(told["references"]),
        file=str(told["file"]),
        answer=None if position is None else _answer(house, db, area_id, position),
    )


def _answer(house: House, db: Connection, area_id: AreaId, position: int) -> Answer:
    told = proven_line(house, db, area_id, position)
    if told is None:
        raise Spoilt("ledger")
    return Answer(
        confirmed_by=PersonId(str(told["actor"])),
        confirmed_at=datetime.fromisoformat(str(told["at"])),
        copies=tuple(_listed(told["copies"])),
        positions=tuple(int(each) for each in _listed(told["positions"])),
    )


def _listed(value: leaf.Value) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
