"""Reads an archive without believing it: bytes are counted as they come, not as announced."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.documents.boxed.verdict import RefusedError

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LOCAL: Final = 30
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_MOST_DIRECTORY: Final = 4 * 1024 * 1024
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError
)  # fmt: skip
_PIECE: Final = 64 * 1024
_SMALL: Final = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """Bytes of all parts, bytes of one part of text, parts, and how often its packed size."""

    total: int
    part: int
    entries: int
    ratio: int


class Archive:
    """A ZIP (APPNOTE 6.3) that begins at its first byte and holds plain files only.

    Raises RefusedError on opening: `hostile` for names that lead out or stand twice, links,
    overlapping parts, ZIP64 and packing nobody uses; `locked`; `too_heavy` for too many parts;
    `damaged`.
    """

    def __init__(self, clear: bytes, bounds: Bounds) -> None:
        """Read the directory; nothing is unpacked yet."""
        _weigh_directory(clear, bounds)
        self._bounds = bounds
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(clear))
        except _BROKEN as broken:
            raise RefusedError("damaged") from broken
        entries = self._zip.infolist()
        if len(entries) > bounds.entries:
            raise RefusedError("too_heavy")
        for entry in entries:
            _check(entry)
        names = [entry.filename.casefold() for entry in entries]
        if len(set(names)) != len(names):
            raise RefusedError("hostile")
        _refuse_overlap(entries)
        self.names = frozenset(entry.filename for entry in entries if not entry.is_dir())

    def part(self, name: str) -> bytes:
        """One file that stands in `names`. Raises RefusedError as `parts` does."""
        return self._whole(self._zip.getinfo(name), 0)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Each file with its bytes. Raises RefusedError `too_heavy` as soon as it is too much."""
        total = 0
        for entry in self._zip.infolist():
            if entry.is_dir():
                continue
            body = self._whole(entry, total)
            total += len(body)
            yield entry.filename, body

    def _whole(self, entry: zipfile.ZipInfo, before: int) -> bytes:
        """One file, weighed while it is unpacked, with what came `before` it."""
        pieces, size = [], 0
        for piece in self._pieces(entry):
            size += len(piece)
            self._weigh(entry, size, before + size)
            pieces.append(piece)
        return b"".join(pieces)

    def _weigh(self, entry: zipfile.ZipInfo, size: int, total: int) -> None:
        bounds = self._bounds
        long = size > bounds.part and entry.filename.lower().endswith((".xml", ".rels", ".rdf"))
        dense = size > _SMALL and size > bounds.ratio * max(1, entry.compress_size)
        if total > bounds.total or long or dense:
            raise RefusedError("too_heavy")

    def _pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(entry) as opened:
                while piece := opened.read(_PIECE):
                    yield piece
        except _BROKEN as broken:
            raise RefusedError("damaged") from broken


def _weigh_directory(clear: bytes, bounds: Bounds) -> None:
    """Before the directory is read: how large it says it is, and that it is a plain one."""
    at = clear.rfind(_END)
    if not clear.startswith(b"PK\x03\x04") or at < 0 or at + _END_SIZE > len(clear):
        raise RefusedError("damaged")
    disk, start, here, count, size, offset, _ = struct.unpack_from("<4H2LH", clear, at + 4)
    if disk or start or here != count or 0xFFFF in (count, here) or offset == 0xFFFFFFFF:
        raise RefusedError("hostile")
    if count > bounds.entries or size > _MOST_DIRECTORY:
        raise RefusedError("too_heavy")
    if offset + size != at:
        raise RefusedError("hostile")


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    steps = name.split("/")
    if not name or name.startswith("/") or ".." in steps or "\\" in name or "\x00" in name:
        raise RefusedError("hostile")
    if ":" in name or entry.orig_filename != name:
        raise RefusedError("hostile")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or entry.compress_type not in _PACKED:
        raise RefusedError("hostile")
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedError("locked")


def _refuse_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise RefusedError("hostile")
        end = entry.header_offset + _LOCAL + len(entry.filename.encode()) + entry.compress_size


def pack(parts: list[tuple[str, bytes]]) -> bytes:
    """A new archive of these files, in this order, with nothing else in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts:
            made = zipfile.ZipInfo(name)
            text = name.endswith((".xml", ".rels", ".rdf"))
            made.compress_type = zipfile.ZIP_DEFLATED if text else zipfile.ZIP_STORED
            archive.writestr(made, body, compresslevel=1)
    return out.getvalue()
