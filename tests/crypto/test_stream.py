"""The payload: round trips at every chunk edge, and no change that goes unseen."""

from __future__ import annotations

import io
import random
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.age.errors import AgeError, DamagedPayload, MalformedHeader
from portal.crypto.age.source import Source
from portal.crypto.age.stream import SEALED_CHUNK, open_stream, seal_stream
from portal.domain.sealed import CHUNK, NONCE, TAG, sealed_size
from tests.crypto.naming import by_type

FILE_KEY = bytes(range(16))
EDGES = sorted({0, 1, *(k * CHUNK + d for k in (1, 2, 3, 4, 5, 8) for d in (-1, 0, 1))})


class Dribble:
    """A reader whose answers are short, as pipes and sockets give them."""

    def __init__(self, data: bytes, seed: int) -> None:
        self._data = io.BytesIO(data)
        self._random = random.Random(seed)

    def read(self, size: int, /) -> bytes:
        return self._data.read(min(size, self._random.choice((1, 7, 100, 4096, 70000))))


def sealed(clear: bytes, seed: int | None = None) -> bytes:
    out = io.BytesIO()
    reader = io.BytesIO(clear) if seed is None else Dribble(clear, seed)
    assert seal_stream(Source(reader), out.write, FILE_KEY) == len(clear)
    return out.getvalue()


def opened(body: bytes, key: bytes = FILE_KEY, seed: int | None = None) -> bytes:
    out = io.BytesIO()
    reader = io.BytesIO(body) if seed is None else Dribble(body, seed)
    assert open_stream(Source(reader), out.write, key) == len(out.getvalue())
    return out.getvalue()


def refused(body: bytes, clear: bytes) -> None:
    out = io.BytesIO()
    with pytest.raises((DamagedPayload, MalformedHeader)):
        open_stream(Source(io.BytesIO(body)), out.write, FILE_KEY)
    assert clear.startswith(out.getvalue())
    assert len(out.getvalue()) % CHUNK == 0 or out.getvalue() == clear


CLEAR = random.Random(5).randbytes(5 * CHUNK + 77)
BODY = sealed(CLEAR)
WHOLE_CLEAR = CLEAR[: 3 * CHUNK]
WHOLE_BODY = sealed(WHOLE_CLEAR)


def chunks(body: bytes) -> list[bytes]:
    return [body[i : i + SEALED_CHUNK] for i in range(NONCE, len(body), SEALED_CHUNK)]


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("seed", [None, 1])
def test_round_trip_at_every_edge(size: int, seed: int | None) -> None:
    clear = secrets.token_bytes(size)
    body = sealed(clear, seed)
    assert len(body) == sealed_size(size)
    assert opened(body, seed=seed) == clear


@settings(max_examples=40, deadline=None)
@given(size=st.integers(0, 300) | st.sampled_from(EDGES), seed=st.integers(0, 99))
def test_round_trip_with_short_reads(size: int, seed: int) -> None:
    clear = random.Random(seed).randbytes(size)
    assert opened(sealed(clear, seed), seed=seed + 1) == clear


def test_empty_text_is_one_empty_chunk() -> None:
    assert len(sealed(b"")) == NONCE + TAG


def test_no_empty_chunk_after_an_exact_multiple() -> None:
    assert len(sealed(bytes(CHUNK))) == NONCE + CHUNK + TAG


def test_two_sealings_share_nothing() -> None:
    assert not set(chunks(sealed(WHOLE_CLEAR))) & set(chunks(WHOLE_BODY))
    assert sealed(b"x")[:NONCE] != sealed(b"x")[:NONCE]


def test_another_key_opens_nothing() -> None:
    out = io.BytesIO()
    with pytest.raises(DamagedPayload):
        open_stream(Source(io.BytesIO(BODY)), out.write, bytes(16))
    assert out.getvalue() == b""


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_every_flip_is_refused(at: int, bit: int) -> None:
    changed = bytearray(BODY)
    changed[at] ^= 1 << bit
    refused(bytes(changed), CLEAR)


@settings(max_examples=100, deadline=None)
@given(
    length=st.integers(0, len(BODY) - 1)
    | st.sampled_from(
        [NONCE + k * SEALED_CHUNK + d for k in range(5) for d in (0, 1, TAG - 1, TAG, TAG + 1)]
    )
)
def test_every_cut_is_refused(length: int) -> None:
    refused(BODY[:length], CLEAR)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_cut_after_whole_chunks_of_a_whole_text_is_refused(k: int) -> None:
    refused(WHOLE_BODY[: NONCE + k * SEALED_CHUNK], WHOLE_CLEAR)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3 * SEALED_CHUNK) | st.sampled_from([1, TAG, TAG + 1, SEALED_CHUNK]))
def test_every_appended_tail_is_refused(length: int) -> None:
    tail = random.Random(length).randbytes(length)
    refused(BODY + tail, CLEAR)
    refused(WHOLE_BODY + tail, WHOLE_CLEAR)


@pytest.mark.parametrize("body", [BODY, WHOLE_BODY], ids=by_type)
@pytest.mark.parametrize("kind", ["drop", "swap", "repeat"])
def test_every_moved_chunk_is_refused(body: bytes, kind: str) -> None:
    for k in range(len(chunks(body)) - 1):
        parts = chunks(body)
        if kind == "drop":
            del parts[k]
        elif kind == "swap":
            parts[k], parts[k + 1] = parts[k + 1], parts[k]
        else:
            parts.insert(k, parts[k])
        refused(body[:NONCE] + b"".join(parts), CLEAR)


def test_last_chunk_repeated_is_refused() -> None:
    refused(WHOLE_BODY + chunks(WHOLE_BODY)[-1], WHOLE_CLEAR)


def test_chunk_of_another_text_is_refused() -> None:
    other = sealed(WHOLE_CLEAR)
    refused(WHOLE_BODY[: NONCE + SEALED_CHUNK] + other[NONCE + SEALED_CHUNK :], WHOLE_CLEAR)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused_and_releases_nothing(noise: bytes) -> None:
    out = io.BytesIO()
    with pytest.raises(AgeError):
        open_stream(Source(io.BytesIO(noise)), out.write, FILE_KEY)
    assert out.getvalue() == b""


def test_views_given_to_write_are_small() -> None:
    sizes: list[int] = []
    seal_stream(Source(io.BytesIO(CLEAR * 4)), lambda view: sizes.append(len(view)), FILE_KEY)
    assert max(sizes) <= 4 * SEALED_CHUNK


def test_a_failing_writer_is_not_hidden() -> None:
    def full(_: memoryview) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        open_stream(Source(io.BytesIO(BODY)), full, FILE_KEY)
