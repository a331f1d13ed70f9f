"""Whether the database answers, for whatever watches the server; it is told nothing else."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.journeys.house import House
from portal.records.database import reading


def answers(house: House) -> bool:
    """One question to the database; False when it does not answer."""
    try:
        with reading(house.engine) as db:
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
