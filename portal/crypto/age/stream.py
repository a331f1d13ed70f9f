"""The payload of an age file: STREAM over ChaCha20-Poly1305 in chunks of 64 KiB.

Constant memory, whatever the length: two reused buffers of 256 KiB.  Source: age v1, "Payload".
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.crypto.age.errors import DamagedPayload, MalformedHeader
from portal.crypto.age.hkdf import hkdf
from portal.crypto.age.source import Source
from portal.domain.sealed import CHUNK, NONCE, TAG

SEALED_CHUNK = CHUNK + TAG
_CHUNKS_AT_ONCE = 4

Write = Callable[[memoryview], object]


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))


def _chunk_nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


class _Batches:
    """Batches of whole chunks, each with whether it is the last one.

    One byte beyond a batch is read ahead, because only the end of the source tells which chunk
    was the last; an exact multiple of the chunk size must not end with an empty chunk.
    """

    def __init__(self, source: Source, chunk: int) -> None:
        self._source = source
        self._size = chunk * _CHUNKS_AT_ONCE
        self._buffer = memoryview(bytearray(self._size + 1))
        self._kept = 0

    def next_batch(self) -> tuple[memoryview, bool]:
        """A view that is valid until the next call, and whether the source ends with it."""
        if self._kept:
            self._buffer[:1] = self._buffer[self._size :]
        filled = self._kept + self._source.fill(self._buffer[self._kept :])
        last = filled <= self._size
        self._kept = 0 if last else 1
        return self._buffer[: min(filled, self._size)], last


def _clear_size(sealed: int) -> int:
    """How much room the clear text of so many sealed bytes needs at most, whole or damaged."""
    whole, rest = divmod(sealed, SEALED_CHUNK)
    return whole * CHUNK + max(0, rest - TAG)


def _pieces(batch: memoryview, chunk: int) -> list[memoryview]:
    return [batch[i : i + chunk] for i in range(0, max(1, len(batch)), chunk)]


def seal_stream(source: Source, write: Write, file_key: bytes) -> int:
    """Writes the payload for everything in `source`; returns the clear size in bytes.

    `write` gets views that are valid during the call only.
    """
    nonce = secrets.token_bytes(NONCE)
    cipher = _cipher(file_key, nonce)
    write(memoryview(nonce))
    batches = _Batches(source, CHUNK)
    out = memoryview(bytearray(SEALED_CHUNK * _CHUNKS_AT_ONCE))
    index = clear_size = 0
    ended = False
    while not ended:
        batch, ended = batches.next_batch()
        pieces = _pieces(batch, CHUNK)
        filled = 0
        for position, piece in enumerate(pieces, start=1):
            last = ended and position == len(pieces)
            target = out[filled : filled + len(piece) + TAG]
            cipher.encrypt_into(_chunk_nonce(index, last), piece, None, target)
            filled += len(target)
            index += 1
        write(out[:filled])
        clear_size += len(batch)
    return clear_size


def open_stream(source: Source, write: Write, file_key: bytes) -> int:
    """Writes the clear text of the payload in `source`; returns its size in bytes.

    What is written is authentic, and a beginning of the clear text, even where this then raises
    `DamagedPayload`.  A missing nonce is a `MalformedHeader`, as in the published vectors.
    """
    nonce = memoryview(bytearray(NONCE))
    if source.fill(nonce) != NONCE:
        raise MalformedHeader("the file ends before its payload begins")
    room = memoryview(bytearray(CHUNK * _CHUNKS_AT_ONCE))
    opener = _Opener(_cipher(file_key, bytes(nonce)), room)
    batches = _Batches(source, SEALED_CHUNK)
    clear_size = 0
    ended = False
    while not ended:
        batch, ended = batches.next_batch()
        try:
            opener.open_batch(_pieces(batch, SEALED_CHUNK), ended)
        finally:
            # Also after a failure: what stands in the buffer by then was authenticated.
            if opener.filled:
                write(opener.out[: opener.filled])
        clear_size += opener.filled
    return clear_size


def open_whole(body: bytes, file_key: bytes) -> bytes:
    """The clear text of a payload that lies in memory; all of it was authenticated.

    Each chunk is opened where it lies to where it belongs. Raises what `open_stream` raises.
    """
    sealed = memoryview(body)[NONCE:]
    if len(body) < NONCE:
        raise MalformedHeader("the file ends before its payload begins")
    out, size = io.BytesIO(), _clear_size(len(sealed))
    if size:
        out.seek(size - 1)
        out.write(b"\0")
    with out.getbuffer() as room:
        opener = _Opener(_cipher(file_key, body[:NONCE]), room)
        opener.open_batch(_pieces(sealed, SEALED_CHUNK), True)
    return out.getvalue()


class _Opener:
    """Opens batch after batch into one buffer; `filled` says how much of it is authentic."""

    def __init__(self, cipher: ChaCha20Poly1305, out: memoryview) -> None:
        self._cipher = cipher
        self._index = 0
        self.out = out
        self.filled = 0

    def open_batch(self, pieces: list[memoryview], ended: bool) -> None:
        self.filled = 0
        for position, piece in enumerate(pieces, start=1):
            last = ended and position == len(pieces)
            if len(piece) < TAG or (len(piece) == TAG and self._index):
                raise DamagedPayload("the file was cut, or bytes were added at its end")
            if not self._opens(piece, last):
                self._explain(piece, last)
            self._index += 1

    def _opens(self, piece: memoryview, last: bool) -> bool:
        target = self.out[self.filled : self.filled + len(piece) - TAG]
        try:
            self._cipher.decrypt_into(_chunk_nonce(self._index, last), piece, None, target)
        except InvalidTag:
            return False
        self.filled += len(target)
        return True

    def _explain(self, piece: memoryview, last: bool) -> None:
        if len(piece) == SEALED_CHUNK and self._opens(piece, not last):
            raise DamagedPayload(
                "the file was cut: its end is missing" if last else "bytes were added at the end"
            )
        raise DamagedPayload("the file was changed after it was sealed, or cut")
