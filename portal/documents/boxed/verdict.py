"""How code inside the child says no."""

from __future__ import annotations


class RefusedError(Exception):
    """Raised with one of the codes of `portal.documents.refusal.RefusalCode`."""

    def __init__(self, code: str) -> None:
        """Refuse with this code."""
        super().__init__(code)
        self.code = code
