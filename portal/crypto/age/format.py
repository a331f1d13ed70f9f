"""The header of an age file: version line, recipient stanzas, MAC.

Source: age v1, "Header".  Strict on the way in: canonical base64, exact grammar, a size limit.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass

from portal.crypto.age.errors import CutHeader, DamagedHeader, MalformedHeader, Refused
from portal.crypto.age.hkdf import hkdf
from portal.crypto.age.source import Source

VERSION_LINE = b"age-encryption.org/v1\n"
FILE_KEY_SIZE = 16
FOREIGN_HEADER_LIMIT = 64 * 1024

_COLUMNS = 64
_MAC_SIZE = 32
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*")
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient stanza: its arguments (the first is the kind) and its body."""

    arguments: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        """The stanza as it stands in a header; its last line is always a short one."""
        text = to_base64(self.body)
        lines = [text[i : i + _COLUMNS] for i in range(0, len(text) + 1, _COLUMNS)]
        return "\n".join(["-> " + " ".join(self.arguments), *lines, ""]).encode()


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header.  `covered` is what the MAC covers: all of it up to and with `---`."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes

    def check(self, file_key: bytes) -> None:
        """Raises `DamagedHeader` unless this header was made under `file_key`."""
        if not hmac.compare_digest(_mac(file_key, self.covered), self.mac):
            raise DamagedHeader("the header was changed after it was sealed")


def to_base64(data: bytes) -> str:
    """Standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode()


def from_base64(text: bytes) -> bytes:
    """Reads canonical base64 without padding; raises `MalformedHeader` on any other."""
    if not _BASE64.fullmatch(text) or len(text) % 4 == 1:
        raise MalformedHeader("the header holds text that is not base64")
    data = base64.b64decode(text + b"=" * (-len(text) % 4))
    if to_base64(data).encode() != text:
        raise MalformedHeader("the header holds base64 that is not canonical")
    return data


def _mac(file_key: bytes, covered: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, None, b"header"), covered, "sha256")


def write_header(file_key: bytes, stanzas: tuple[Stanza, ...]) -> bytes:
    """The header bytes for these stanzas (one or more), with their MAC under `file_key`."""
    if not stanzas:
        raise ValueError("a header needs a recipient")
    covered = VERSION_LINE + b"".join(s.encode() for s in stanzas) + b"---"
    return covered + b" " + to_base64(_mac(file_key, covered)).encode() + b"\n"


def read_header(source: Source, limit: int = FOREIGN_HEADER_LIMIT) -> Header:
    """Parses one header and leaves `source` at the first byte behind it.

    Raises `MalformedHeader` where the grammar is broken, `CutHeader` where the file ends too
    early, `Refused` where the header is longer than `limit` bytes.
    """
    lines = _Lines(source, limit)
    if lines.next_line() + b"\n" != VERSION_LINE:
        raise MalformedHeader("this is not an age file of version 1")
    covered = [VERSION_LINE]
    stanzas: list[Stanza] = []
    while True:
        line = lines.next_line()
        if line.startswith(b"-> "):
            arguments = line[3:].split(b" ")
            if not all(_ARGUMENT.fullmatch(a) for a in arguments):
                raise MalformedHeader("a recipient line is malformed")
            body_lines = lines.body()
            covered += [line, b"\n", *(part + b"\n" for part in body_lines)]
            body = from_base64(b"".join(body_lines))
            stanzas.append(Stanza(tuple(a.decode("ascii") for a in arguments), body))
        elif line.startswith(b"--- ") and stanzas:
            mac = from_base64(line[4:])
            if len(mac) != _MAC_SIZE:
                raise MalformedHeader("the header's last line has the wrong length")
            return Header(tuple(stanzas), mac, b"".join([*covered, b"---"]))
        else:
            raise MalformedHeader("the header holds an unknown line")


class _Lines:
    """The lines of one header, counted against its limit."""

    def __init__(self, source: Source, limit: int) -> None:
        self._source = source
        self._left = limit
        self._begun = False

    def next_line(self) -> bytes:
        line = self._source.line(self._left)
        self._left -= len(line)
        if line.endswith(b"\n"):
            self._begun = True
            return line[:-1]
        if self._left == 0 and self._begun:
            raise Refused("the header is longer than the portal takes")
        if self._begun or (line and VERSION_LINE.startswith(line)):
            raise CutHeader("the file ends inside its header")
        raise MalformedHeader("this is not an age file")

    def body(self) -> list[bytes]:
        lines = []
        while True:
            line = self.next_line()
            if len(line) > _COLUMNS:
                raise MalformedHeader("a line of the header is too long")
            lines.append(line)
            if len(line) < _COLUMNS:
                return lines
