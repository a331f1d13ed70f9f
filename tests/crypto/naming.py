"""Names of parametrised cases that hold long or random values.

Every process of a parallel run must give a case the same name.
"""

from __future__ import annotations


def by_type(value: object) -> str | None:
    """The type of bytes and long texts, which pytest then numbers; pytest's own name otherwise."""
    if isinstance(value, bytes) or (isinstance(value, str) and len(value) > 30):
        return type(value).__name__
    return None
