"""Working days, and London's clocks on the days when they change."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.clocks import from_london, london, working_days_after

EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})


@pytest.mark.parametrize(
    ("start", "days", "found"),
    [
        (date(2026, 5, 14), 0, date(2026, 5, 14)),
        (date(2026, 5, 14), 1, date(2026, 5, 15)),
        (date(2026, 5, 15), 1, date(2026, 5, 18)),
        (date(2026, 5, 16), 1, date(2026, 5, 18)),
        (date(2026, 5, 18), -1, date(2026, 5, 15)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 1), 10, date(2026, 4, 17)),
    ],
)
def test_rule_84_working_days(start: date, days: int, found: date) -> None:
    assert working_days_after(start, days, EASTER) == found


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 60))
def test_rule_84_there_and_back(start: date, days: int) -> None:
    there = working_days_after(start, days, EASTER)
    assert there.weekday() < 5
    assert there not in EASTER
    assert working_days_after(there, -days, EASTER) <= start


@pytest.mark.parametrize(
    ("shown", "utc"),
    [
        ((date(2026, 1, 10), 10, 0), datetime(2026, 1, 10, 10, 0, tzinfo=UTC)),
        ((date(2026, 5, 14), 10, 0), datetime(2026, 5, 14, 9, 0, tzinfo=UTC)),
        ((date(2026, 10, 25), 1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ((date(2026, 3, 29), 1, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_londons_clocks(shown: tuple[date, int, int], utc: datetime) -> None:
    assert from_london(*shown) == utc


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_london_shows_is_the_same_moment(moment: datetime) -> None:
    assume(1 < moment.year < 9999)
    assert london(moment) == moment
