"""What was typed can't stand: which field, and what to write instead."""

from __future__ import annotations


class Unacceptable(Exception):
    """Nothing was done. `.field` names the form's field, `.words` are put beside it.

    The words never repeat what was typed: they may be written where it may not.
    """

    def __init__(self, field: str, words: str) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


def required(field: str, typed: str, words: str, longest: int = 120) -> str:
    """The text without surrounding space; raises Unacceptable when nothing printable is left, or
    it is longer than `longest` characters."""
    text = " ".join(typed.split())
    if not text or not text.isprintable():
        raise Unacceptable(field, words)
    if len(text) > longest:
        raise Unacceptable(field, f"Write at most {longest} characters.")
    return text
