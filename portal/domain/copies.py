"""What a copy is known by: a short reference that stands on every page and in one ledger line.

A copy is made each time somebody opens a paper. Its reference tells nothing by itself; the record
says which copy, opened by whom and when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that cannot be taken for one another (without I, L, O and U)."""

LENGTH = 12
_SHAPE = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")
WRITTEN = (
    rf"(?<![0-9A-Za-z])[{ALPHABET}]{{4}}(-?)[{ALPHABET}]{{4}}\1[{ALPHABET}]{{4}}(?![0-9A-Za-z])"
)
"""An expression for what may be a reference in a text, with its dashes or without."""
_WRITTEN = re.compile(WRITTEN)


def copy_reference(letters: str) -> str:
    """'7K3MQ9XD2FVA' -> '7K3M-Q9XD-2FVA'. Raises ValueError for anything else than 12 of them."""
    written = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    if not is_copy_reference(written):
        raise ValueError("a copy's reference has 12 letters of its alphabet")
    return written


def is_copy_reference(text: str) -> bool:
    """Whether this is how a copy's reference is written, dashes and all."""
    return _SHAPE.fullmatch(text) is not None


def bare(reference: str) -> str:
    """Without its dashes: 12 characters."""
    return reference.replace("-", "")


def written_in(text: str) -> Iterable[str]:
    """What may be references in a text, dashes or not, once each, in order.

    A program that takes a line to be read from right to left turns the three parts round, so each
    is told both ways: which of them there is, the record knows.
    """
    found: dict[str, None] = {}
    for match in _WRITTEN.finditer(text):
        reference = copy_reference(bare(match[0]))
        found[reference] = None
        if match[1]:
            found["-".join(reversed(reference.split("-")))] = None
    return found
