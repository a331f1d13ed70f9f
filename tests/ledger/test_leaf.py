"""A leaf has one form, and nothing else is taken for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import leaf
from portal.ledger.errors import LeafRefused

NOW = datetime(2026, 5, 1, 9, 2, 3, 4, tzinfo=UTC)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
fields = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
    scalars | st.lists(scalars, max_size=4),
    max_size=6,
)


@given(fields)
def test_what_is_encoded_is_read_back(given_fields: dict[str, leaf.Value]) -> None:
    encoded = leaf.encode(given_fields)
    assert leaf.decode(encoded) == given_fields
    assert leaf.encode(leaf.decode(encoded)) == encoded
    assert json.loads(encoded) == given_fields


def test_the_form_is_exact() -> None:
    made = leaf.encode({"b": [1, None, True], "a": "Łódź \n\u2028"})
    assert made == '{"a":"Łódź \\n\u2028","b":[1,null,true]}'.encode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"a": 1.5}, {"a": float("nan")}, {"a": {}}, {"a": {"b": 1}}, {"a": [[1]]}, {"a": [{}]},
        {"a": [0.0]}, {"a": b"bytes"}, {"a": NOW}, {"a": {1}}, {"a": 2**53}, {"a": [-(2**53)]},
        {"a": "\ud800"}, {"A": 1}, {"": 1}, {"a b": 1}, {"1a": 1}, {"a\n": 1}, {"é": 1},
        {"a": "x" * 70_000},
    ],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(wrong: Any) -> None:
    with pytest.raises(LeafRefused):
        leaf.encode(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"{", b"[]", b'"a"', b"1", b"null", b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}',
        b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":-0}', b'{"a": 1}', b' {"a":1}', b'{"a":1}\n',
        b'{"b":1,"a":1}', b'{"a":1,"a":1}', b'{"a":1,"a":2}', b'{"a":{}}', b'{"a":[[]]}',
        b'{"a":"\\u0061"}', b'{"a":"\\/"}', b'{"a":"\xff"}', b'\xef\xbb\xbf{"a":1}',
        b'{"a":9007199254740992}', b'{"a":"\\ud800"}', b'{"A":1}', b"[" * 50_000,
        b'{"a":"' + b"x" * 70_000 + b'"}', b'{"a":"\x00"}', b'{"a":01}', b"{'a':1}",
    ],
)  # fmt: skip
def test_what_encode_would_not_have_written_is_refused(wrong: bytes) -> None:
    with pytest.raises(LeafRefused):
        leaf.decode(wrong)


def test_a_moment_is_written_in_utc_and_sorts_as_time_does() -> None:
    assert leaf.moment(NOW) == "2026-05-01T09:02:03.000004+00:00"
    summer = NOW.astimezone(timezone(timedelta(hours=1)))
    assert leaf.moment(summer) == leaf.moment(NOW)
    assert leaf.read_moment(leaf.moment(summer)) == NOW
    later = [leaf.moment(NOW + timedelta(microseconds=10**each)) for each in range(17)]
    assert later == sorted(later)
    assert {len(each) for each in later} == {32}


@pytest.mark.parametrize(
    "wrong",
    [
        "", "2026-05-01", "2026-05-01T09:02:03+00:00", "2026-05-01T09:02:03.000004Z",
        "2026-05-01T09:02:03.000004+01:00", "2026-05-01 09:02:03.000004+00:00",
        "2026-13-01T09:02:03.000004+00:00", "2026-05-01T09:02:03.000004+00:00 ",
        "2026-05-01T09:02:03.000004", "٢026-05-01T09:02:03.000004+00:00",
    ],
)  # fmt: skip
def test_a_moment_in_any_other_form_is_refused(wrong: str) -> None:
    with pytest.raises(LeafRefused):
        leaf.read_moment(wrong)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(LeafRefused):
        leaf.moment(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "missing",
    [
        {}, {"deed": "a.b"}, {"at": leaf.moment(NOW)}, {"deed": "", "at": leaf.moment(NOW)},
        {"deed": 1, "at": leaf.moment(NOW)}, {"deed": "a.b", "at": "yesterday"},
        {"deed": "a.b", "at": None}, {"deed": "a.b", "at": [leaf.moment(NOW)]},
    ],
)  # fmt: skip
def test_a_leaf_names_its_deed_and_time(missing: dict[str, leaf.Value]) -> None:
    with pytest.raises(LeafRefused):
        leaf.particulars(leaf.encode(missing))
