"""What the steps of the walk share: the people, the case, and what the steps before have made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from tests.browser.northmere import Town
from tests.browser.people import People

REFERENCE = "NM/2026/051"
NAME = "Gareth Lowe"
BORN = date(1985, 3, 14)
OTHER_REFERENCE = "NM/2026/052"
OTHER_NAME = "Stephen Raine"
OTHER_BORN = date(1979, 10, 2)

MEETING = date(2026, 5, 28)
MEETING_STARTS = datetime(2026, 5, 28, 9, 30, tzinfo=UTC)
"""Half past ten in London."""

NEWCOMER = "Nia Frost"
NEWCOMER_EMAIL = "nia.frost@health.northmere.example"
NEWCOMER_AGENCY = "Northmere NHS Trust"


@dataclass
class Story:
    """The walk so far."""

    people: People
    town: Town
    folder: Path
    card_alone: bool = False
    """Whether everybody has a printed card of codes, and neither telephone nor fob."""
    paths: dict[str, str] = field(default_factory=dict)
    """Addresses that a later step, or somebody who must not, asks for."""
    papers: dict[str, bytes] = field(default_factory=dict)
    """Files that were handed out."""
