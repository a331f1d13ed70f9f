"""A payload that lies in memory is opened as one that comes in a stream: alike, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.crypto.age.errors import AgeError, DamagedPayload, MalformedHeader
from portal.crypto.age.source import Source
from portal.crypto.age.stream import SEALED_CHUNK, open_stream, open_whole
from portal.crypto.sealing import new_file_key, open_payload, seal_payload
from portal.domain.sealed import CHUNK, NONCE, TAG

KEY = new_file_key()
EDGES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 7)
SEALED = seal_payload(KEY, bytes(range(256)) * 600).body  # two chunks and a part


def streamed(body: bytes, key: bytes) -> bytes:
    out = io.BytesIO()
    open_stream(Source(io.BytesIO(body)), out.write, key)
    return out.getvalue()


def outcome(work: Callable[[bytes, bytes], bytes], body: bytes) -> object:
    try:
        return work(body, KEY)
    except AgeError as error:
        return type(error), str(error)


@pytest.mark.parametrize("size", EDGES)
def test_what_was_sealed_comes_back(size: int) -> None:
    clear = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    opened = open_payload(KEY, seal_payload(KEY, clear).body)
    assert type(opened) is bytes
    assert opened == clear


@pytest.mark.parametrize("size", [*range(NONCE + TAG + 2), *range(SEALED_CHUNK, SEALED_CHUNK + 40)])
def test_what_was_cut_opens_nothing(size: int) -> None:
    with pytest.raises((DamagedPayload, MalformedHeader)) as refused:
        open_whole(SEALED[:size], KEY)
    assert (refused.type, str(refused.value)) == outcome(streamed, SEALED[:size])


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_one_byte_changed_opens_nothing(place: int, by: int) -> None:
    changed = SEALED[:place] + bytes([SEALED[place] ^ by]) + SEALED[place + 1 :]
    said = outcome(open_whole, changed)
    assert said == outcome(streamed, changed)
    assert isinstance(said, tuple)


@given(st.integers(0, len(SEALED)), st.binary(min_size=1, max_size=40))
def test_bytes_put_in_or_after_open_nothing(place: int, more: bytes) -> None:
    longer = SEALED[:place] + more + SEALED[place:]
    said = outcome(open_whole, longer)
    assert said == outcome(streamed, longer)
    assert isinstance(said, tuple)


@pytest.mark.parametrize(
    "moved",
    [
        SEALED[:NONCE] + SEALED[NONCE + SEALED_CHUNK :],
        SEALED[: NONCE + SEALED_CHUNK],
        SEALED[: NONCE + 2 * SEALED_CHUNK],
        SEALED[: NONCE + SEALED_CHUNK] + SEALED[NONCE:],
        SEALED + SEALED[NONCE:],
        SEALED + SEALED_CHUNK * b"\0",
    ],
)
def test_chunks_lost_moved_or_repeated_open_nothing(moved: bytes) -> None:
    with pytest.raises(DamagedPayload):
        open_whole(moved, KEY)
    assert outcome(open_whole, moved) == outcome(streamed, moved)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(DamagedPayload):
        open_whole(SEALED, new_file_key())
