"""A witness beside the database: the newest checkpoint of each ledger that this server has seen.

A database that is put back to yesterday is whole in itself: its lines, its tree and its checkpoints
all fit, and what was ended since is open again. Only a later checkpoint held elsewhere shows it
(C2SP tlog-witness has the same idea). This one is a small file for each area, so it shows what
somebody did who reaches the database and not the server's folder. Whoever reaches both can put both
back: against them only a checkpoint that people hold helps (`portal ledger verify --witnessed`).
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from sqlalchemy import Connection

from portal.chance import new_id
from portal.ledger import book
from portal.ledger.checkpoint import LedgerSigner, open_checkpoint
from portal.ledger.errors import NoBook, NoteRefused, RecordBehind

_AREA = re.compile(r"[a-z0-9]{1,64}\Z")


class Witness:
    """Keeps signed checkpoints as files ``<folder>/<area>``; none of it is secret."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self, area_id: str) -> str | None:
        """The newest checkpoint seen, a signed note; None when none was."""
        try:
            return self._file(area_id).read_text("utf-8")
        except FileNotFoundError:
            return None

    def require(self, db: Connection, area_id: str, signer: LedgerSigner) -> None:
        """Raises RecordBehind unless the ledger still holds the very checkpoint that was seen.

        Each commit signs one, and a signed one is never removed, so the comparison is exact: a
        ledger cut back, or cut back and grown again, has no such checkpoint.
        """
        try:
            note = self.held(area_id)
            if note is None:
                return
            seen = open_checkpoint(note, signer.ever, signer.origin)
        except (NoteRefused, OSError, UnicodeDecodeError):
            raise RecordBehind("the checkpoint that was seen last cannot be read") from None
        stored = book.checkpoint_of_size(db, area_id, seen.size)
        try:
            same = stored is not None and open_checkpoint(stored, signer.ever, signer.origin)
        except NoteRefused:
            same = False
        if same != seen:
            size = book.head(db, area_id).size
            raise RecordBehind(f"the record has {size} lines, and is not the one of {seen.size}")

    def see(self, area_id: str, note: str) -> None:
        """Hold this checkpoint from now on.

        Called after the commit that signed it, so a crash between leaves an older one, which the
        ledger holds too. A full disk does the same: what was committed is not undone by it.
        """
        part = self._folder / f".{new_id()}.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch(mode=0o600, exist_ok=False)
            part.write_text(note, "utf-8")
            part.replace(self._file(area_id))
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()

    def _file(self, area_id: str) -> Path:
        if not _AREA.match(area_id):
            raise NoBook("this is no area's identifier")
        return self._folder / area_id
