"""A window opens at its first moment, is over at its last, and is shut when anything is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.grants import Grant, GrantState, Openness, is_open, openness
from portal.domain.ids import AreaId, GrantId, ManifestId, PersonId, SendingId, VersionId

OPENS = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 5, 28, 22, 59, tzinfo=UTC)
TICK = timedelta(microseconds=1)

GRANT = Grant(
    id=GrantId("g"),
    area_id=AreaId("a"),
    sending_id=SendingId("s"),
    version_id=VersionId("v"),
    person_id=PersonId("p"),
    manifest_id=ManifestId("m"),
    copy_number=1,
    copies=1,
    opens_at=OPENS,
    closes_at=CLOSES,
    state=GrantState.GRANTED,
    changed_at=OPENS,
)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (OPENS - TICK, Openness.NOT_YET),
        (OPENS, Openness.OPEN),
        (CLOSES - TICK, Openness.OPEN),
        (CLOSES, Openness.ENDED),
        (CLOSES + timedelta(days=365), Openness.ENDED),
    ],
)
def test_rule_30_the_edges_of_the_window(at: datetime, found: Openness) -> None:
    assert openness(GRANT, at) is found


@pytest.mark.parametrize(
    "broken",
    [
        {"opens_at": None},
        {"closes_at": None},
        {"opens_at": None, "closes_at": None},
        {"opens_at": OPENS.replace(tzinfo=None)},
        {"closes_at": CLOSES.replace(tzinfo=None)},
        {"opens_at": CLOSES, "closes_at": OPENS},
        {"opens_at": OPENS, "closes_at": OPENS},
    ],
)
def test_missing_or_unreadable_times_open_nothing(broken: dict[str, datetime | None]) -> None:
    grant = replace(GRANT, **broken)  # type: ignore[arg-type]
    assert openness(grant, OPENS + timedelta(days=1)) is Openness.UNREADABLE


@pytest.mark.parametrize("state", [s for s in GrantState if s is not GrantState.GRANTED])
@given(st.datetimes(timezones=st.just(UTC)))
def test_nothing_but_granted_is_ever_open(state: GrantState, at: datetime) -> None:
    assert not is_open(replace(GRANT, state=state), at)


@pytest.mark.parametrize(
    ("state", "at", "found"),
    [
        (GrantState.TAKEN_BACK, OPENS, Openness.TAKEN_BACK),
        (GrantState.TAKEN_BACK, CLOSES, Openness.TAKEN_BACK),
        (GrantState.EXPIRED, OPENS, Openness.ENDED),
        (GrantState.WAITING, OPENS, Openness.WAITING),
        (GrantState.WAITING, CLOSES, Openness.ENDED),
    ],
)
def test_why_it_does_not_open(state: GrantState, at: datetime, found: Openness) -> None:
    assert openness(replace(GRANT, state=state), at) is found


def test_what_waits_without_an_end_waits() -> None:
    waiting = replace(GRANT, state=GrantState.WAITING, closes_at=None)
    assert openness(waiting, CLOSES) is Openness.WAITING


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)))
def test_open_exactly_within(offset: timedelta) -> None:
    at = OPENS + offset
    assert is_open(GRANT, at) == (OPENS <= at < CLOSES)
