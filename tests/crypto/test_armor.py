"""Text armour: strict, streamed, and the same bytes back."""

from __future__ import annotations

import base64
import io
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.age.armor import BEGIN, END, ArmorReader, ArmorWriter, skip_to_armor
from portal.crypto.age.errors import MalformedArmor
from portal.crypto.age.source import Source
from tests.crypto.naming import by_type


def armored(data: bytes, pieces: int = 1000) -> bytes:
    out = io.BytesIO()
    writer = ArmorWriter(out.write)
    for start in range(0, len(data), pieces):
        writer.write(memoryview(data)[start : start + pieces])
    writer.close()
    return out.getvalue()


def dearmored(text: bytes, size: int = 1 << 20) -> bytes:
    source = Source(io.BytesIO(text))
    assert skip_to_armor(source)
    reader = ArmorReader(source)
    return b"".join(iter(lambda: reader.read(size), b""))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=500), st.integers(1, 100), st.integers(1, 200))
def test_round_trip_in_pieces(data: bytes, pieces: int, size: int) -> None:
    text = armored(data, pieces)
    assert dearmored(text, size) == data
    assert all(len(line) <= 64 for line in text.splitlines())


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 95, 96, 97, 48 * 1500, 48 * 1500 + 1])
def test_same_text_as_strict_pem(size: int) -> None:
    data = bytes(i * 7 % 256 for i in range(size))
    lines = textwrap.wrap(base64.b64encode(data).decode(), 64)
    expected = "\n".join([BEGIN.decode(), *lines, END.decode(), ""]).encode()
    assert armored(data) == expected
    assert dearmored(expected.replace(b"\n", b"\r\n")) == data
    assert dearmored(b" \r\n\t\n" + expected.rstrip() + b"  \n\n") == data
    assert dearmored(expected, size=7) == data


GOOD = armored(bytes(200))


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(b"AGE", b"age"),
        GOOD.replace(b"BEGIN", b"END"),
        GOOD.replace(END, b""),
        GOOD.replace(END, END[:-1]),
        GOOD.replace(END, END + b" x"),
        GOOD + b"x",
        GOOD + GOOD,
        GOOD + b" " * 5000 + b"x",
        GOOD.replace(BEGIN, BEGIN + b"\nVersion: 1\n"),
        GOOD.replace(b"A\n", b"A \n", 1),
        GOOD.replace(b"\n", b"\r", 1),
        GOOD.replace(b"AAAA\n", b"AAAA\n\n", 1),
        GOOD.replace(b"AAAA\n", b"\n", 1),
        GOOD.replace(b"AAAA\n", b"AAAAAAAA\n", 1),
        GOOD.replace(b"AAAA\n", b"AAA=\n", 1),
        GOOD.replace(b"AAAA", b"A*AA", 1),
        GOOD.replace(b"AAAA", b"A-_A", 1),
        GOOD.replace(b"AAA=", b"AAB="),
        GOOD.replace(b"AAA=", b"AAA"),
        GOOD.replace(b"=", b"=="),
        BEGIN + b"\n" + b"A" * 5000,
        BEGIN,
        BEGIN + b"\n",
    ],
    ids=by_type,
)
def test_other_armour_is_refused(text: bytes) -> None:
    assert text != GOOD
    with pytest.raises(MalformedArmor):
        dearmored(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(len(BEGIN), len(GOOD) - 2))
def test_every_cut_is_refused(length: int) -> None:
    with pytest.raises(MalformedArmor):
        dearmored(GOOD[:length])


@settings(max_examples=150, deadline=None)
@given(at=st.integers(5, len(GOOD) - 2), change=st.integers(1, 255))
def test_no_other_text_gives_the_same_bytes(at: int, change: int) -> None:
    changed = bytearray(GOOD)
    changed[at] ^= change
    try:
        assert dearmored(bytes(changed)) != bytes(200)
    except MalformedArmor:
        return


@pytest.mark.parametrize(
    "data", [b"", b"age-encryption.org/v1\n", b"----", b" " * 10000, b"\n\n"], ids=by_type
)
def test_what_is_not_armour_is_left_alone(data: bytes) -> None:
    source = Source(io.BytesIO(data))
    assert not skip_to_armor(source)
    assert b"".join(iter(lambda: source.read(4096), b"")) == data
