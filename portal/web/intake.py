"""What comes in: bounded, in memory only, few large bodies at a time, and none for ever.

The framework would write an upload of more than 500 KiB to a temporary file, in the clear. Only
somebody who is signed in may send a large body, and a body that drips is cut off: each holds a
thread, and a few dozen of strangers would hold them all.
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from typing import IO

from flask import Flask, Request, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from portal.web.current import signed_in

LARGEST_BODY = 52 * 1024 * 1024
LARGEST_FIELDS = 512 * 1024
MOST_PARTS = 200
LARGE = 1024 * 1024
AT_ONCE = 4
PATIENCE_SECONDS = 20
SLOWEST = 64 * 1024
"""Bytes in a second, on average, after PATIENCE_SECONDS: 50 MiB may take a quarter of an hour."""

_ROOM = threading.BoundedSemaphore(AT_ONCE)


class _InMemory(io.BytesIO):
    """A file of a form: kept in memory, refused when it grows past the bound."""

    def write(self, data: object, /) -> int:
        written = super().write(data)  # type: ignore[arg-type]
        if self.tell() > LARGEST_BODY:
            raise RequestEntityTooLarge
        return written


class BoundedRequest(Request):
    """A request whose files never touch a disk."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_FIELDS
    max_form_parts = MOST_PARTS

    def _get_file_stream(self, *_told: object, **_more: object) -> IO[bytes]:
        return _InMemory()


def bound(app: Flask) -> None:
    """Set the bounds, and let only a few large bodies be in memory at once."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
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
        if (chunked or (length or 0) > LARGEST_FIELDS) and signed_in() is None:
            abort(413)
        if chunked or length:
            g.cut_off = cut_off(
                request.environ.get("gunicorn.socket"), LARGEST_BODY if chunked else length or 0
            )
        if chunked or (length or 0) > LARGE:
            if not _ROOM.acquire(timeout=PATIENCE_SECONDS):
                abort(503)
            g.large_body = True

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        watch = g.pop("cut_off", None)
        if watch is not None:
            watch.cancel()
        if g.pop("large_body", False):
            _ROOM.release()


def cut_off(
    connection: socket.socket | None, length: int, patience: float = PATIENCE_SECONDS
) -> threading.Timer | None:
    """Stop reading from this connection when `length` bytes have had time enough to come; the
    caller cancels it when the request is done. None where there is no connection to be had."""
    if connection is None:
        return None

    def stop() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RD)

    watch = threading.Timer(patience + length / SLOWEST, stop)
    watch.daemon = True
    watch.start()
    return watch
