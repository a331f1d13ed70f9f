"""The executive summary of a meeting: the normal answer to whoever asks for more (rules 63, 69).

It stands alone, under fixed headings, and names nobody but the individual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

LONGEST = 4_000
SHORTEST = 20

HEADINGS: Mapping[str, str] = {
    "why_managed": "Why the individual is managed under MAPPA",
    "risk": "Risk",
    "plan": "How the risk is managed",
    "decisions": "What the meeting decided",
}
"""The headings, in their order, by field."""


class NotSummarised(ValueError):
    """What was written is no summary yet; `.field` and `.words` say what to do."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


@dataclass(frozen=True)
class Summary:
    """What stands under each heading."""

    why_managed: str = ""
    risk: str = ""
    plan: str = ""
    decisions: str = ""

    def bounded(self) -> None:
        """Raise NotSummarised for a text that cannot be kept."""
        for field, text in asdict(self).items():
            if len(text) > LONGEST:
                raise NotSummarised(field, f"Write at most {LONGEST:,} characters.")

    def check(self) -> None:
        """Raise NotSummarised unless it can stand."""
        self.bounded()
        for field, text in asdict(self).items():
            if len(" ".join(text.split())) < SHORTEST:
                raise NotSummarised(
                    field, f"Write at least {SHORTEST} characters under this heading."
                )
