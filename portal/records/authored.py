"""What somebody set going in the unit's name that still runs: counted, when they leave."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from portal.domain.ids import AreaId, PersonId
from portal.records.instructions import instructions
from portal.records.joining_words import joining_words


def words_given(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Joining words that this person spoke to somebody, who has not used them."""
    query = select(func.count()).where(
        joining_words.c.area_id == area_id,
        joining_words.c.given_by == person_id,
        joining_words.c.over_at.is_(None),
    )
    return int(db.execute(query).scalar_one())


def instructions_signed(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Instructions for late reports that this person signed, and nobody withdrew."""
    query = select(func.count()).where(
        instructions.c.area_id == area_id,
        instructions.c.signed_by == person_id,
        instructions.c.withdrawn_at.is_(None),
    )
    return int(db.execute(query).scalar_one())
