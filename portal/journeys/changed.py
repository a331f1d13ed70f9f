"""What was prepared is no longer what is there: look again before anything is done."""

from __future__ import annotations


class Changed(Exception):
    """Something changed between page and click. Nothing was done; `.words` say what to do."""

    def __init__(self, words: str = "") -> None:
        self.words = words or (
            "Something changed while you were looking at this page, so nothing was done. "
            "Look at it again, then confirm."
        )
        super().__init__(self.words)
