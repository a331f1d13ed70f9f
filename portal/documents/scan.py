"""Asks a virus scanner, clamd, over its Unix socket; or says that there is none.

Only one answer counts as clean. Whatever else comes back, or does not come back, is a refusal.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.state import State
from portal.domain.papers import Scan

_CLEAN: Final = b"stream: OK"
_FOUND: Final = b" FOUND"
_BEHIND_LOCK: Final = b"stream: Heuristics.Encrypted."
_LIMITED: Final = b"stream: Heuristics.Limits.Exceeded"
_PIECE: Final = 256 * 1024
_LONGEST_ANSWER: Final = 4096


class BehindLock(RefusedPaper):
    """The scanner could not look inside because it is encrypted; unlocked bytes it may scan."""

    def __init__(self) -> None:
        """Refuse, unless somebody unlocks it and asks again."""
        super().__init__(RefusalCode.UNSCANNABLE)


class Scanner(Protocol):
    """Looks for malware in bytes. `scans`: there is one at all."""

    @property
    def scans(self) -> bool:
        """Whether there is a scanner, working or not."""
        ...

    def scan(self, clear: bytes, patience: float | None = None) -> Scan:
        """What may be said of these bytes, in `patience` seconds where that is given and shorter.

        Raises RefusedPaper: INFECTED, UNSCANNABLE, SCANNER_DOWN or NOT_SCANNED; BehindLock.
        """
        ...

    def state(self) -> State:
        """Whether it scans now."""
        ...


@dataclass(frozen=True)
class NoScanner:
    """No scanner is configured: papers are taken as not scanned, or not at all (`blocks`)."""

    blocks: bool = False

    @property
    def scans(self) -> bool:
        """There is none."""
        return False

    def scan(self, clear: bytes, patience: float | None = None) -> Scan:
        """Never clean. Raises RefusedPaper where unscanned papers are not taken."""
        del clear, patience
        if self.blocks:
            raise RefusedPaper(RefusalCode.NOT_SCANNED)
        return Scan.NOT_SCANNED

    def state(self) -> State:
        """Not ready, and what that means."""
        return State(
            False,
            "No virus scanner is configured: each area chooses whether papers are taken as not "
            "scanned, or not at all",
        )


@dataclass(frozen=True)
class Clamd:
    """clamd on a Unix socket, asked with INSTREAM (clamd(8)); `patience` is seconds in all."""

    path: Path
    patience: float = 60.0

    @property
    def scans(self) -> bool:
        """There is one."""
        return True

    def scan(self, clear: bytes, patience: float | None = None) -> Scan:
        """Have the bytes looked through, members of archives included, as clamd sees fit."""
        answer = self._ask(clear, self.patience if patience is None else patience)
        if answer == _CLEAN:
            return Scan.CLEAN
        if answer.startswith(_BEHIND_LOCK):
            raise BehindLock
        if answer.startswith(_LIMITED) or b"size limit exceeded" in answer:
            raise RefusedPaper(RefusalCode.UNSCANNABLE)
        if answer.startswith(b"stream: ") and answer.endswith(_FOUND):
            raise RefusedPaper(RefusalCode.INFECTED)
        raise RefusedPaper(RefusalCode.SCANNER_DOWN)

    def state(self) -> State:
        """Whether it answers."""
        try:
            answer = self._talk(b"zPING\0", b"", 5.0)
        except OSError as down:
            return State(False, f"The virus scanner does not answer: {type(down).__name__}")
        if answer != b"PONG":
            return State(False, "The virus scanner answers, but not as clamd does")
        return State(True, "Papers are scanned for viruses")

    def _ask(self, clear: bytes, patience: float) -> bytes:
        try:
            return self._talk(b"zINSTREAM\0", clear, min(patience, self.patience))
        except OSError as down:
            raise RefusedPaper(RefusalCode.SCANNER_DOWN) from down

    def _talk(self, command: bytes, clear: bytes, patience: float) -> bytes:
        """One command on one connection. Raises OSError, TimeoutError included."""
        until = time.monotonic() + patience
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            _hurry(line, until)
            line.connect(str(self.path))
            # clamd answers early and closes when it has seen too much: its answer still counts.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(command)
                if clear:
                    _send(line, clear, until)
            return _receive(line, until)


class OneUpload:
    """A scanner for one upload and all that is attached to it, in so many seconds together.

    Each file alone may take the scanner's patience; a hundred of them may not, for an upload
    holds a thread while it is looked through.
    """

    def __init__(self, scanner: Scanner, seconds: float) -> None:
        self._scanner = scanner
        self._left = seconds

    def scan(self, clear: bytes) -> Scan:
        """As the scanner does. Raises RefusedPaper too: TOOK_TOO_LONG once the time is over."""
        if self._left <= 0:
            raise RefusedPaper(RefusalCode.TOOK_TOO_LONG)
        began = time.monotonic()
        try:
            return self._scanner.scan(clear, self._left)
        except RefusedPaper as refused:
            if refused.code is RefusalCode.SCANNER_DOWN and time.monotonic() - began >= self._left:
                raise RefusedPaper(RefusalCode.TOOK_TOO_LONG) from refused
            raise
        finally:
            self._left -= time.monotonic() - began


def _send(line: socket.socket, clear: bytes, until: float) -> None:
    for at in range(0, len(clear), _PIECE):
        piece = memoryview(clear)[at : at + _PIECE]
        _hurry(line, until)
        line.sendall(struct.pack("!L", len(piece)))
        line.sendall(piece)
    line.sendall(b"\0\0\0\0")


def _receive(line: socket.socket, until: float) -> bytes:
    answer = b""
    while len(answer) <= _LONGEST_ANSWER:
        _hurry(line, until)
        try:
            piece = line.recv(_LONGEST_ANSWER)
        except ConnectionResetError:
            break
        if not piece:
            break
        answer += piece
    return answer.strip(b"\0\n")


def _hurry(line: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
