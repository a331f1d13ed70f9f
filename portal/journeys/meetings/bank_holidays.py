"""The bank holidays of England and Wales, for counting working days (MAPPA rule 84)."""

from __future__ import annotations

from datetime import date


def around(day: date) -> frozenset[date]:
    """Every bank holiday in the year of `day`, the year before and the year after."""
    import holidays  # every calendar of the world: loaded when a date is first reckoned with

    years = range(day.year - 1, day.year + 2)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))
