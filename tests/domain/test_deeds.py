"""A line has exactly its deed's fields, or it is not made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.domain.deeds import FIELDS, Deed, WrongFields, line
from portal.domain.ids import AreaId
from portal.domain.people import system

COMMON = {"v", "area", "actor", "at", "deed"}


@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_declares_its_fields_and_no_other_will_do(deed: Deed) -> None:
    right = dict.fromkeys(FIELDS[deed], "x")
    assert set(line(deed, **right).fields) == FIELDS[deed]
    with pytest.raises(WrongFields):
        line(deed, **right, unheard_of="x")
    for name in FIELDS[deed]:
        with pytest.raises(WrongFields):
            line(deed, **{n: v for n, v in right.items() if n != name})


@pytest.mark.parametrize("deed", list(Deed))
def test_no_field_hides_one_of_the_common_ones(deed: Deed) -> None:
    assert not FIELDS[deed] & COMMON


def test_a_leaf_says_who_where_when_and_what() -> None:
    at = datetime(2026, 5, 14, 9, 2, tzinfo=UTC)
    entry = line(Deed.SESSION_CLOSED, person="p")
    assert entry.leaf(system(AreaId("a")), at) == {
        "v": 1,
        "area": "a",
        "actor": "system",
        "at": "2026-05-14T09:02:00.000000+00:00",
        "deed": "session.closed",
        "person": "p",
    }
