"""Letters written to a folder instead of being sent: for the demonstration and a trial.

The files hold links that let somebody join, so the folder is its owner's alone (0700, files
0600). Never used where real people are written to.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.notices.letters import Letter
from portal.notices.senders import SendLater, message

_INDEX = "index.jsonl"


@dataclass(frozen=True)
class Entry:
    """One line of the folder's index: who was written to, about what, with which link."""

    id: str
    to: str
    subject: str
    link: str


class FolderSender:
    """Writes `<id>.eml` and a line in `index.jsonl`; a letter sent twice is there once."""

    def __init__(self, folder: Path, sender: str = "mappa-portal@example.org") -> None:
        self._folder = folder
        self._sender = sender
        self._lock = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def send(self, letter: Letter) -> None:
        """Write the letter and index it; raises `SendLater` if the disk does not take it."""
        raw = message(letter, self._sender).as_bytes()
        line = json.dumps(
            {"id": letter.id, "to": letter.to, "subject": letter.subject, "link": letter.link}
        )
        try:
            with self._lock:
                _write_whole(self._folder / f"{letter.id}.eml", raw)
                if all(entry.id != letter.id for entry in self.entries()):
                    _append(self._folder / _INDEX, line.encode() + b"\n")
        except OSError as trouble:
            raise SendLater(f"the folder: {type(trouble).__name__}") from None

    def entries(self) -> Iterator[Entry]:
        """Yield the letters of the folder, oldest first. A line cut by a crash is left out."""
        index = self._folder / _INDEX
        if not index.exists():
            return
        for line in index.read_bytes().split(b"\n"):
            try:
                yield Entry(**json.loads(line))
            except (ValueError, TypeError):
                continue


def _write_whole(file: Path, raw: bytes) -> None:
    # Written beside and renamed, so that a letter is there whole or not at all.
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _append(file: Path, line: bytes) -> None:
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as out:
        # A line that a crash cut short is closed first, or the next one would be lost with it.
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        out.write(b"\n" + line if torn else line)
        os.fsync(handle)
