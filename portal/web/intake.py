"""What comes in: bounded, in memory only, and few large bodies at a time.

The framework would write an upload of more than 500 KiB to a temporary file, in the clear.
"""

from __future__ import annotations

import io
import threading
from typing import IO

from flask import Flask, Request, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

LARGEST_BODY = 52 * 1024 * 1024
LARGEST_FIELDS = 512 * 1024
MOST_PARTS = 200
LARGE = 1024 * 1024
AT_ONCE = 4
PATIENCE_SECONDS = 20

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
        chunked = length is None and request.headers.get("Transfer-Encoding")
        if chunked or (length or 0) > LARGE:
            if not _ROOM.acquire(timeout=PATIENCE_SECONDS):
                abort(503)
            g.large_body = True

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if g.pop("large_body", False):
            _ROOM.release()
