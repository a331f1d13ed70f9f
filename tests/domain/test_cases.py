"""Particulars go round, and who is a child is known to the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.cases import Particulars, is_child


@given(st.text(), st.dates())
def test_particulars_go_round(name: str, born: date) -> None:
    assert Particulars.decode(Particulars(name, born).encode()) == Particulars(name, born)


@pytest.mark.parametrize("clear", [b"", b"{}", b'{"name": "x", "born": "never"}', b"\xff"])
def test_anything_else_is_refused(clear: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        Particulars.decode(clear)


@pytest.mark.parametrize(
    ("born", "today", "child"),
    [
        (date(2008, 5, 14), date(2026, 5, 13), True),
        (date(2008, 5, 14), date(2026, 5, 14), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
    ],
)
def test_who_is_a_child(born: date, today: date, child: bool) -> None:
    assert is_child(born, today) is child
