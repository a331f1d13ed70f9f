"""Takes out the files attached to a PDF, so that a scanner sees them unpacked."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pikepdf import Array, Dictionary, NameTree, Object, PasswordError, Pdf, PdfError, Stream

from portal.documents.boxed import shut
from portal.documents.boxed.verdict import RefusedError

_PDF: Final = b"%PDF-"
_HEAD: Final = 1024  # bytes before which readers look for the mark of a PDF
_DEEPEST: Final = 8  # PDF within PDF


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer with the bytes of every attached file, wherever it hangs, and of those attached to an
    attached PDF in their turn; "belongs" tells with which of the file's own each came, and "shut"
    which of its own are locked, or hold one that is: from 1, by their names, those without last.

    Raises RefusedError `too_heavy` where they are more than `content` bytes together, or more than
    `attached` files, each being a question to the scanner; or where one lies too deep.
    """
    taken = _Taken(int(asked["content"]), int(asked["attached"]))
    with Pdf.open(io.BytesIO(blobs[0]), password=str(asked.get("password", ""))) as pdf:
        own = taken.of(pdf)
    waiting = [(body, 1, number) for number, body in enumerate(own, 1)]
    belongs = [number for body, _, number in waiting if body]
    locked = set[int]()
    while waiting:
        body, deep, number = waiting.pop()
        if _PDF not in body[:_HEAD]:
            if shut.is_shut(body):
                locked.add(number)
            continue
        if deep > _DEEPEST:
            raise RefusedError("too_heavy")
        try:
            with Pdf.open(io.BytesIO(body)) as pdf:
                within = taken.of(pdf)
            waiting += [(each, deep + 1, number) for each in within]
            belongs += [number for each in within if each]
        except PasswordError:
            locked.add(number)
        except PdfError as closed:
            # Damaged: the scanner has it as it is.
            if "limit exceeded" in str(closed):
                raise
    return {"belongs": belongs, "shut": sorted(locked)}, taken.bodies


class _Taken:
    """Attached files taken out so far, and how much more may be."""

    def __init__(self, most_bytes: int, most_files: int) -> None:
        self._left = most_bytes
        self._most = most_files
        self.bodies: list[bytes] = []

    def of(self, pdf: Pdf) -> list[bytes]:
        """Those of one PDF, none twice; by their names, and then any that no list names."""
        found: dict[tuple[int, int], bytes] = {}
        for thing in itertools.chain(_listed(pdf), pdf.objects):
            for stream in _attached(thing):
                if stream.objgen in found:
                    continue
                body = _body(stream)
                self._left -= len(body)
                if self._left < 0 or len(self.bodies) + len(found) >= self._most:
                    raise RefusedError("too_heavy")
                found[stream.objgen] = body
        self.bodies += [body for body in found.values() if body]
        return list(found.values())


def _listed(pdf: Pdf) -> Iterator[Object]:
    """The file specifications of its list, in the order of that: by name (7.9.6)."""
    try:
        names = NameTree(pdf.Root.Names.EmbeddedFiles)
        yield from [each for each in names.values() if isinstance(each, Dictionary)]
    except (AttributeError, KeyError, PdfError, ValueError, TypeError, RuntimeError) as broken:
        if "limit exceeded" in str(broken):
            raise


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
