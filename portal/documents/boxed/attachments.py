"""Takes out the files attached to a PDF, so that a scanner sees them unpacked."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, PdfError, Stream

from portal.documents.boxed.verdict import RefusedError


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer with the bytes of every attached file, wherever it hangs; none twice.

    Raises RefusedError `too_heavy` where they are more than `content` bytes together, or more than
    `attached` files: each is a question to the scanner.
    """
    password, left = str(asked.get("password", "")), int(asked["content"])
    most = int(asked["attached"])
    found: dict[tuple[int, int], bytes] = {}
    with Pdf.open(io.BytesIO(blobs[0]), password=password) as pdf:
        for thing in pdf.objects:
            for stream in _attached(thing):
                if stream.objgen in found:
                    continue
                body = _body(stream)
                left -= len(body)
                if left < 0 or len(found) >= most:
                    raise RefusedError("too_heavy")
                found[stream.objgen] = body
    return {}, [body for body in found.values() if body]


def _attached(thing: Object) -> list[Object]:
    """Streams that are files: by their own word, or because a file specification names them."""
    streams: list[Object] = []
    if isinstance(thing, Stream) and str(thing.get("/Type", "")) == "/EmbeddedFile":
        streams.append(thing)
    waiting: list[object] = [thing]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Array):
            waiting += [value for value in list(each) if _nested(value)]
        elif isinstance(each, Dictionary | Stream):
            files = each.get("/EF")
            if isinstance(files, Dictionary):
                streams += [file for file in files.values() if isinstance(file, Stream)]
            waiting += [value for value in each.values() if _nested(value)]
    return streams


def _nested(value: object) -> bool:
    return isinstance(value, Array | Dictionary) and not value.is_indirect


def _body(stream: Object) -> bytes:
    try:
        return bytes(stream.read_bytes())
    except PdfError as broken:
        if "limit exceeded" in str(broken):
            raise
        return bytes(stream.read_raw_bytes())
