"""Sessions and sealed fields: each opens at its own place, with everything at hand, or not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto import session
from portal.crypto.fields import BadField, open_field, seal_field
from portal.crypto.keyring import new_keyring, rotate
from portal.crypto.session import SessionRefused
from tests.crypto.naming import by_type

RING = rotate(new_keyring())
SECRET, SERVER = session.new_secret(), bytes(range(32))
EXPIRES = "2026-03-01T17:00:00Z"
ROW = session.wrap(SECRET, SERVER, RING, "p1", EXPIRES)


def test_cookie_and_row_together_open_the_keyring() -> None:
    assert session.unwrap(SECRET, SERVER, ROW, "p1", EXPIRES) == RING
    assert session.row_id(SECRET) == session.row_id(SECRET)
    assert len(session.row_id(SECRET)) == 32


@pytest.mark.parametrize(
    ("secret", "server", "person", "expires"),
    [
        (session.new_secret(), SERVER, "p1", EXPIRES),
        (session.row_id(SECRET), SERVER, "p1", EXPIRES),
        (bytes(32), SERVER, "p1", EXPIRES),
        (SECRET, bytes(32), "p1", EXPIRES),
        (SECRET, SERVER, "p2", EXPIRES),
        (SECRET, SERVER, "", EXPIRES),
        (SECRET, SERVER, "p1", "2027-03-01T17:00:00Z"),
        (SECRET, SERVER, "p1", ""),
        (SERVER, SECRET, "p1", EXPIRES),
        (b"", SERVER, "p1", EXPIRES),
        (SECRET[:-1], SERVER, "p1", EXPIRES),
        (SECRET + b"x", SERVER, "p1", EXPIRES),
    ],
    ids=by_type,
)
def test_anything_missing_opens_nothing(
    secret: bytes, server: bytes, person: str, expires: str
) -> None:
    with pytest.raises(SessionRefused):
        session.unwrap(secret, server, ROW, person, expires)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(ROW) - 1), st.integers(1, 255))
def test_every_changed_row_is_refused(at: int, change: int) -> None:
    row = bytearray(ROW)
    row[at] ^= change
    with pytest.raises(SessionRefused):
        session.unwrap(SECRET, SERVER, bytes(row), "p1", EXPIRES)


@pytest.mark.parametrize("length", [0, 11, 12, 27, len(ROW) - 1])
def test_every_cut_row_is_refused(length: int) -> None:
    with pytest.raises(SessionRefused):
        session.unwrap(SECRET, SERVER, ROW[:length], "p1", EXPIRES)


def test_row_tells_nothing_of_cookie_or_keys() -> None:
    for hidden in (SECRET, RING.signing_seed, *RING.seeds):
        assert hidden not in ROW + session.row_id(SECRET)
    assert session.row_id(SECRET) != SECRET
    other = session.wrap(SECRET, SERVER, RING, "p1", EXPIRES)
    assert other != ROW


@pytest.mark.parametrize("size", [0, 16, 31])
def test_a_short_server_key_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        session.wrap(SECRET, bytes(size), RING, "p1", EXPIRES)


def test_secrets_never_repeat() -> None:
    assert len({session.new_secret() for _ in range(1000)}) == 1000


# ---- fields ----

KEY = bytes(range(32))
PLACE = ("factors", "secret", "f1")
FIELD = seal_field(KEY, b"JBSWY3DPEHPK3PXP", *PLACE)


def test_field_opens_at_its_place() -> None:
    assert open_field(KEY, FIELD, *PLACE) == b"JBSWY3DPEHPK3PXP"
    assert open_field(KEY, seal_field(KEY, b"", *PLACE), *PLACE) == b""
    assert seal_field(KEY, b"x", *PLACE) != seal_field(KEY, b"x", *PLACE)


@pytest.mark.parametrize(
    "place",
    [
        ("factor", "secret", "f1"),
        ("factors", "secrets", "f1"),
        ("factors", "secret", "f2"),
        ("factors", "secretf1", ""),
        ("", "", ""),
        ('factors", "secret', "f1", ""),
    ],
)
def test_field_opens_nowhere_else(place: tuple[str, str, str]) -> None:
    with pytest.raises(BadField):
        open_field(KEY, FIELD, *place)


def test_field_opens_under_no_other_key() -> None:
    with pytest.raises(BadField):
        open_field(bytes(32), FIELD, *PLACE)
    for size in (0, 16, 24, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            open_field(bytes(size), FIELD, *PLACE)
        with pytest.raises(ValueError, match="32 bytes"):
            seal_field(bytes(size), b"x", *PLACE)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(FIELD) - 1), st.integers(1, 255))
def test_every_changed_field_is_refused(at: int, change: int) -> None:
    field = bytearray(FIELD)
    field[at] ^= change
    with pytest.raises(BadField):
        open_field(KEY, bytes(field), *PLACE)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28, len(FIELD) - 1])
def test_every_cut_field_is_refused(length: int) -> None:
    with pytest.raises(BadField):
        open_field(KEY, FIELD[:length], *PLACE)
