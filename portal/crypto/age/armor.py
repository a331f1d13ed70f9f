"""The text armour of age files: strict PEM, read and written as a stream.

Source: age v1, "ASCII armor" (RFC 7468, figure 3; label AGE ENCRYPTED FILE).  Lines of 64
columns, canonical base64, LF or CRLF; only whitespace may stand before and after.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from portal.crypto.age.errors import MalformedArmor
from portal.crypto.age.source import Source

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_LINE_BYTES = 48
_LINE_LIMIT = 128
_SPACE_LIMIT = 4096
_BLOCK = 65 * 256
_FULL_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{64}\n)*")
_WHITESPACE = b" \t\r\n"


def skip_to_armor(source: Source) -> bool:
    """Whether `source` is armoured; if so it then stands at the armour's first line.

    Up to 4096 bytes of whitespace before the armour are skipped; a binary file is left alone.
    """
    begin = source.peek(_SPACE_LIMIT + len(BEGIN))
    spaces = len(begin) - len(begin.lstrip(_WHITESPACE))
    if not begin[spaces:].startswith(b"-----"):
        return False
    source.read(spaces)
    return True


class ArmorReader:
    """Reads the binary file out of an armoured one, in constant memory.

    `read` raises `MalformedArmor` where the armour is not strict, and reports the end only once
    everything behind the armour was seen to be whitespace.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._begun = False
        self._ended = False
        self._short = False
        self._ready = b""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        parts = [self._ready]
        length = len(self._ready)
        while length < size and not self._ended:
            parts.append(self._next_line())
            length += len(parts[-1])
        ready = b"".join(parts)
        self._ready = ready[size:]
        return ready[:size]

    def _next_line(self) -> bytes:
        if not self._begun:
            if self._text_line() != BEGIN:
                raise MalformedArmor("the armour does not begin as that of an age file")
            self._begun = True
        if not self._short and (data := self._full_lines()):
            return data
        line = self._text_line()
        if line.startswith(END) and not line[len(END) :].strip(_WHITESPACE):
            self._ended = True
            self._only_whitespace_follows()
            return b""
        if not 0 < len(line) <= _COLUMNS or self._short:
            raise MalformedArmor("a line of the armour has the wrong length, or the end is missing")
        data = _decoded(line)
        self._short = len(data) < _LINE_BYTES
        return data

    def _full_lines(self) -> bytes:
        # Many lines at once, for speed; full lines without padding are always canonical.
        found = _FULL_LINES.match(self._source.peek(_BLOCK))
        lines = self._source.read(found.end()) if found and found.end() else b""
        return base64.b64decode(lines.replace(b"\n", b""))

    def _text_line(self) -> bytes:
        line = self._source.line(_LINE_LIMIT)
        if line.endswith(b"\r\n"):
            return line[:-2]
        return line.removesuffix(b"\n")

    def _only_whitespace_follows(self) -> None:
        while block := self._source.read(_SPACE_LIMIT):
            if block.strip(_WHITESPACE):
                raise MalformedArmor("something follows the end of the armour")


def _decoded(line: bytes) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except binascii.Error:
        raise MalformedArmor("the armour holds text that is not base64") from None
    if base64.b64encode(data) != line:
        raise MalformedArmor("the armour holds base64 that is not canonical")
    return data


class ArmorWriter:
    """Writes binary as armoured text; `close` writes the rest and the last line."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._rest = b""
        write(BEGIN + b"\n")

    def write(self, data: bytes | memoryview) -> None:
        """Adds bytes.  Holds back fewer than 48."""
        data = self._rest + bytes(data)
        whole = len(data) - len(data) % _LINE_BYTES
        self._rest = data[whole:]
        text = base64.b64encode(data[:whole])
        self._write(b"".join(text[i : i + 64] + b"\n" for i in range(0, len(text), _COLUMNS)))

    def close(self) -> None:
        """Ends the armour; nothing may be written after."""
        if self._rest:
            self._write(base64.b64encode(self._rest) + b"\n")
        self._write(END + b"\n")
