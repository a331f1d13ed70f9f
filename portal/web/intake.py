"""What comes in: bounded, in memory only, few large bodies at a time, and none for ever.

The framework would write an upload of more than 500 KiB to a temporary file, in the clear. Only
somebody who is signed in may send a large body, and a body that drips is cut off: each holds a
thread, and a few dozen of strangers would hold them all.

Strangers may send a file to "Check this computer", no larger than a paper: two at a time, in a room
of their own, so that no paper waits for it, each address a few times only, and none slowly. What
comes is weighed and dropped piece by piece (weighed.py).
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from typing import IO

from flask import Flask, Request, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.journeys.signing_in.count_sample import count_sample
from portal.web.current import address, parts, signed_in
from portal.web.weighed import Weighed

BESIDE = 2 * 1024 * 1024
"""Bytes of a body that may be something other than the file."""
LARGEST_FIELDS = 512 * 1024
MOST_PARTS = 200
LARGE = 1024 * 1024
AT_ONCE = 4
PATIENCE_SECONDS = 20
SLOWEST = 64 * 1024
"""Bytes in a second, on average, after PATIENCE_SECONDS: 50 MiB may take a quarter of an hour."""

SAMPLE = "check.upload"
SAMPLES_AT_ONCE = 2
SLOWEST_SAMPLE = 4 * SLOWEST
"""The same for a stranger's: 50 MiB may take four minutes."""

_ROOM = threading.BoundedSemaphore(AT_ONCE)
_SAMPLES = threading.BoundedSemaphore(SAMPLES_AT_ONCE)


class _InMemory(io.BytesIO):
    """A file of a form: kept in memory, refused when it grows past the bound."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: object, /) -> int:
        written = super().write(data)  # type: ignore[arg-type]
        if self.tell() > self._most:
            raise RequestEntityTooLarge
        return written


class BoundedRequest(Request):
    """A request whose files never touch a disk."""

    max_form_memory_size = LARGEST_FIELDS
    max_form_parts = MOST_PARTS

    def _get_file_stream(self, *_told: object, **_more: object) -> IO[bytes]:
        most = self.max_content_length or 0
        return Weighed(most) if self.endpoint == SAMPLE else _InMemory(most)


def bound(app: Flask, largest_file: int) -> None:
    """Set the bounds, and let only a few large bodies be in memory at once.

    No body grows past `largest_file` bytes by more than what is beside the file, whichever page it
    is sent to: it is refused by its length before it is read, or where that ends while it comes.
    """
    most = largest_file + BESIDE
    app.config.update(
        MAX_CONTENT_LENGTH=most,
        MAX_FORM_MEMORY_SIZE=LARGEST_FIELDS,
        MAX_FORM_PARTS=MOST_PARTS,
    )

    @app.before_request
    def take_turn() -> None:
        if request.mimetype != "multipart/form-data":
            # The framework bounds the fields of a multipart form, and no others.
            request.max_content_length = LARGEST_FIELDS
        length = request.content_length
        if length is not None and length > (request.max_content_length or 0):
            abort(413)
        chunked = length is None and bool(request.headers.get("Transfer-Encoding"))
        size = most if chunked else length or 0
        take_room(size)
        if size:
            slowest = SLOWEST_SAMPLE if request.endpoint == SAMPLE else SLOWEST
            g.cut_off = cut_off(request.environ.get("gunicorn.socket"), size, slowest=slowest)

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        watch = g.pop("cut_off", None)
        if watch is not None:
            watch.cancel()
        if g.pop("large_body", False):
            _ROOM.release()
        if g.pop("sample", False):
            _SAMPLES.release()


def take_room(size: int) -> None:
    """A place for a body of so many bytes, before any of it is read. Aborts where there is none."""
    if request.endpoint == SAMPLE and request.method == "POST":
        take_sample(request.content_length or 0)
        return
    if size > LARGEST_FIELDS and signed_in() is None:
        abort(413)
    if size > LARGE:
        if not _ROOM.acquire(timeout=PATIENCE_SECONDS):
            abort(503)
        g.large_body = True


def take_sample(length: int) -> None:
    """Let a sample in, before any of it is read; whoever sends it need not be anybody.

    Aborts with 413 where it does not say how long it is, 429, or 503 where others are on their way.
    """
    if not length:
        abort(413)
    if not count_sample(parts().house, address()):
        abort(429)
    if not _SAMPLES.acquire(blocking=False):
        abort(503)
    g.sample = True


def cut_off(
    connection: socket.socket | None,
    length: int,
    patience: float = PATIENCE_SECONDS,
    *,
    slowest: int = SLOWEST,
) -> threading.Timer | None:
    """Stop reading from this connection when `length` bytes have had time enough to come; the
    caller cancels it when the request is done. None where there is no connection to be had."""
    if connection is None:
        return None

    def stop() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RD)

    watch = threading.Timer(patience + length / slowest, stop)
    watch.daemon = True
    watch.start()
    return watch
