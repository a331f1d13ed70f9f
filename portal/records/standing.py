"""What a reader's grant, account and session look like now, asked at the price of one look.

Before each piece of a paper the question is only whether anything changed. It goes straight to the
driver, as the rest of a transaction would cost many times the answer.
"""

from __future__ import annotations

import functools
from contextlib import closing
from typing import Any

from sqlalchemy import Dialect, Engine, bindparam, select

from portal.domain.ids import AreaId, GrantId, PersonId
from portal.records.people import people
from portal.records.sendings import grants
from portal.records.sessions import sessions

_QUESTION = (
    select(
        grants.c.state,
        grants.c.changed_at,
        grants.c.opens_at,
        grants.c.closes_at,
        grants.c.manifest_id,
        people.c.account,
        sessions.c.stage,
    )
    .select_from(
        grants.join(people, people.c.id == bindparam("person")).join(
            sessions, sessions.c.id == bindparam("session")
        )
    )
    .where(
        grants.c.id == bindparam("grant"),
        grants.c.area_id == bindparam("area"),
        people.c.area_id == bindparam("area"),
        grants.c.person_id == bindparam("person"),
        sessions.c.person_id == people.c.account_id,
    )
)


@functools.lru_cache(maxsize=8)
def _in_words_of(dialect: Dialect) -> tuple[str, list[str] | None]:
    """The question as this driver takes it, and the order of its values, or None by name."""
    asked = _QUESTION.compile(dialect=dialect)
    return str(asked), asked.positiontup


def standing(
    engine: Engine, area_id: AreaId, grant_id: GrantId, person_id: PersonId, session_id: bytes
) -> tuple[Any, ...] | None:
    """As the driver tells it, to be compared with an earlier answer and for nothing else; None
    when there is no such grant, or no such session, of this person."""
    given: dict[str, Any] = {
        "area": area_id,
        "grant": grant_id,
        "person": person_id,
        "session": session_id,
    }
    text, order = _in_words_of(engine.dialect)
    told = given if order is None else [given[name] for name in order]
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(text, told)
        row = cursor.fetchone()
        return None if row is None else tuple(row)
