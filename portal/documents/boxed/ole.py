"""Looks into the container of an old Office file ([MS-CFB]) far enough to tell what it is."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.documents.boxed.verdict import RefusedError

_LAST: Final = 0xFFFFFFFA  # sector numbers from here on mean something else ([MS-CFB] 2.1)
_NONE: Final = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_ENTRY: Final = 128
_SMALL, _TINY = 4096, 64
_MOST_ENTRIES: Final = 20_000
_WORD: Final = frozenset({0xA5EC, 0xA5DC})  # [MS-DOC] 2.5.2, and Word 6 to 95
_IS_ENCRYPTED: Final = 0x0100
_IS_OBFUSCATED: Final = 0x8000
# Rights management ([MS-OFFCRYPTO] 2.2.4 to 2.2.11): names that begin so, after a control letter.
_MANAGED: Final = ("DRMEncrypted", "DRMContent", "DRMViewerContent")
_CONTROL: Final = "".join(map(chr, range(32)))
# What tells that an older file of Excel or PowerPoint is locked ([MS-XLS] 2.4.117, [MS-PPT] 2.3.2).
_LOCKABLE: Final = ("WordDocument", "Workbook", "Book", "Current User")
_FILE_PASS: Final = 0x2F
_RECORDS: Final = 5
_SHUT_SLIDES: Final = b"\xdf\xc4\xd1\xf3"
_PROGRAMS: Final = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def task(_: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Answer that this is a Word file ("doc") and what is embedded; that it is one with a lock
    ("locked_doc"), which `unlock_doc` opens; or the container of a newer one that is locked
    ("locked"), which `unlock` opens.

    Raises RefusedError: `protected` where rights are managed, so that no password opens it,
    `locked` for a lock of before 1997, `macros`, `office_file` for other programs' files,
    `damaged`.
    """
    try:
        container = _Container(blobs[0])
        top = {entry.name: entry for entry in container.below(0)}
    except (struct.error, IndexError) as broken:
        raise RefusedError("damaged") from broken
    if any(entry.name.lstrip(_CONTROL).startswith(_MANAGED) for entry in container.entries):
        raise RefusedError("protected")
    if "EncryptedPackage" in top:
        if "EncryptionInfo" not in top:
            raise RefusedError("protected")
        return {"kind": "locked", "findings": {}}, []
    text = top.get("WordDocument")
    if text is None or text.kind != _STREAM:
        raise RefusedError("office_file")
    if _PROGRAMS & {entry.name.lower() for entry in container.entries}:
        raise RefusedError("macros")
    ident, flags = struct.unpack_from("<H8xH", container.head(text))
    if ident not in _WORD:
        raise RefusedError("damaged")
    if flags & _IS_ENCRYPTED:
        if flags & _IS_OBFUSCATED:
            raise RefusedError("locked")
        return {"kind": "locked_doc", "findings": {}}, []
    pool = top.get("ObjectPool")
    embedded = 0 if pool is None else sum(1 for _ in container.below(container.place(pool)))
    return {"kind": "doc", "findings": {"embedded_files": embedded} if embedded else {}}, []


def is_shut(body: bytes) -> bool:
    """Whether a password or somebody's rights lock a file of Word, Excel or PowerPoint."""
    try:
        container = _Container(body)
        top = {entry.name: entry for entry in container.below(0)}
        if any(entry.name.lstrip(_CONTROL).startswith(_MANAGED) for entry in container.entries):
            return True
        heads = {name: container.head(top[name]) for name in _LOCKABLE if name in top}
        text = heads.get("WordDocument")
        return (
            "EncryptedPackage" in top
            or (text is not None and bool(struct.unpack_from("<10xH", text)[0] & _IS_ENCRYPTED))
            or any(_book_is_shut(heads[name]) for name in ("Workbook", "Book") if name in heads)
            or heads.get("Current User", b"")[12:16] == _SHUT_SLIDES
        )
    except (struct.error, IndexError, RefusedError):
        return False


def _book_is_shut(head: bytes) -> bool:
    """A record that says so stands near the beginning ([MS-XLS] 2.1.7.20.3)."""
    at = 0
    for _ in range(_RECORDS):
        if at + 4 > len(head):
            return False
        kind, size = struct.unpack_from("<HH", head, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + int(size)
    return False


class _Container:
    def __init__(self, clear: bytes) -> None:
        self._clear = clear
        self._shift = struct.unpack_from("<H", clear, 30)[0]
        if self._shift not in (9, 12):
            raise RefusedError("damaged")
        self._table = self._read_table()
        self.entries = list(self._read_entries(struct.unpack_from("<L", clear, 48)[0]))
        if not self.entries or self.entries[0].kind != _ROOT:
            raise RefusedError("damaged")

    def sector(self, number: int) -> bytes:
        size = 1 << self._shift
        at = (number + 1) * size
        found = self._clear[at : at + size]
        if number >= _LAST or not found:
            raise RefusedError("damaged")
        return found

    def head(self, entry: _Entry) -> bytes:
        """The first bytes of a stream; small ones lie within the stream of the root (2.6.4)."""
        if entry.size >= _SMALL:
            return self.sector(entry.start)
        step, at = divmod(entry.start * _TINY, 1 << self._shift)
        number = self.entries[0].start
        for _ in range(step):
            number = self._table[number]
        return self.sector(number)[at : at + _TINY]

    def place(self, entry: _Entry) -> int:
        return self.entries.index(entry)

    def below(self, place: int) -> Iterator[_Entry]:
        """The entries directly in a storage: a tree of siblings, each visited once."""
        waiting, seen = [self.entries[place].child], set()
        while waiting:
            number = waiting.pop()
            if number == _NONE:
                continue
            if number in seen or number >= len(self.entries):
                raise RefusedError("damaged")
            seen.add(number)
            entry = self.entries[number]
            waiting += [entry.left, entry.right]
            yield entry

    def _read_table(self) -> list[int]:
        """The table of chains, from the sectors that the header and its continuation name."""
        sectors = list(struct.unpack_from("<109L", self._clear, 76))
        more, each = struct.unpack_from("<L", self._clear, 68)[0], (1 << self._shift) // 4
        most = len(self._clear) >> self._shift
        while more < _LAST:
            if len(sectors) > most + 109 + each:
                raise RefusedError("damaged")
            *named, more = struct.unpack(f"<{each}L", self.sector(more).ljust(each * 4, b"\xff"))
            sectors += named
        table: list[int] = []
        for number in [sector for sector in sectors if sector < _LAST][: most + 1]:
            body = self.sector(number).ljust(each * 4, b"\xff")
            table += struct.unpack(f"<{each}L", body)
        return table

    def _read_entries(self, sector: int) -> Iterator[_Entry]:
        seen: set[int] = set()
        count = 0
        while sector < _LAST:
            if sector in seen or count > _MOST_ENTRIES:
                raise RefusedError("damaged")
            seen.add(sector)
            body = self.sector(sector)
            for at in range(0, len(body) - _ENTRY + 1, _ENTRY):
                count += 1
                yield _entry(body[at : at + _ENTRY])
            sector = self._table[sector]


def _entry(body: bytes) -> _Entry:
    length = min(64, max(2, struct.unpack_from("<H", body, 64)[0]))
    name = body[: length - 2].decode("utf-16-le", "replace")
    left, right, child = struct.unpack_from("<3L", body, 68)
    start, size = struct.unpack_from("<LL", body, 116)
    return _Entry(name, body[66], left, right, child, start, size)
