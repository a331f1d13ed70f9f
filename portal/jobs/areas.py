"""Doing something in every area, so that trouble in one does not keep it from the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from portal.domain.ids import AreaId
from portal.journeys.house import House
from portal.records import areas, database

T = TypeVar("T")


def in_every_area(house: House, work: Callable[[House, AreaId], T]) -> list[T]:
    """What `work` returned for each area. Raises the first trouble, after all were tried."""
    with database.reading(house.engine) as db:
        found = [area.id for area in areas.all_areas(db)]
    done: list[T] = []
    troubles: list[Exception] = []
    for area_id in found:
        try:
            done.append(work(house, area_id))
        except Exception as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return done
