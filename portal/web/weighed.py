"""A file that somebody outside sends to see whether it comes through: weighed and dropped, piece by
piece, so that a large one takes no more memory than a small one and nothing of it is kept."""

from __future__ import annotations

import hashlib
import io

from werkzeug.exceptions import RequestEntityTooLarge


class Weighed(io.BytesIO):
    """Knows of what was written into it only how much it was, and its SHA-256. Raises
    RequestEntityTooLarge beyond `most` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: object, /) -> int:
        piece = memoryview(data)  # type: ignore[arg-type]
        self.size += piece.nbytes
        if self.size > self._most:
            raise RequestEntityTooLarge
        self._digest.update(piece)
        return piece.nbytes

    def sha256(self) -> str:
        """In hexadecimal, of all that came."""
        return self._digest.hexdigest()
