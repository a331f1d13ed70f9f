"""A job: its name, how often it runs, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """`work` returns what it did in a few words without names, or an empty text for nothing."""

    name: str
    every: timedelta
    work: Callable[[], str]


class WentWrong(Exception):
    """A job found something that needs somebody; the message names counts and identifiers only."""
