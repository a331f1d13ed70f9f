"""What a coordinator writes before deciding a disclosure (rules 64, 68, 69, 72, 74)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.disclosures import (
    LEAST_WORDS,
    LONGEST_DAYS,
    LONGEST_TEXT,
    SHORTEST_REASON,
    ChairsView,
    LawfulBasis,
    Least,
)
from portal.domain.ids import VersionId


class NotWeighed(ValueError):
    """What was written is no ground for a decision; `.field` and `.words` say what is missing.

    The words never repeat what was typed.
    """

    def __init__(self, field: str, words: str) -> None:
        super().__init__(field)
        self.field = field
        self.words = words


class ShortReason(NotWeighed):
    """A reason too short to be one."""

    def __init__(self, field: str) -> None:
        super().__init__(field, f"Write at least {SHORTEST_REASON} characters.")


REPEATED = "This needs its own text. It repeats another answer."


@dataclass(frozen=True)
class Weighing:
    """What is weighed on approval and on refusal alike; every text is required (rule 68)."""

    necessity: str
    proportionality: str
    risks_of_disclosing: str
    risks_of_withholding: str
    chair: ChairsView = ChairsView.NOT_ASKED
    chair_said: str = ""

    def check(self, *, chair_wanted: bool = False) -> None:
        """Raise NotWeighed unless each is a text of its own.

        `chair_wanted`: the area's statement gives the decision to the chair, whose view is then
        recorded, with when and how it was asked for (rule 61).
        """
        if chair_wanted and self.chair is ChairsView.NOT_ASKED:
            raise NotWeighed("chair", "Record the chair's view: your statement asks for it.")
        if self.chair is not ChairsView.NOT_ASKED:
            reason("chair_said", self.chair_said)
        _bounded("chair_said", self.chair_said)
        for field, text in self._texts.items():
            reason(field, text)
        for field in self.repeated:
            raise NotWeighed(field, REPEATED)

    @property
    def repeated(self) -> tuple[str, ...]:
        """The fields that say no more than one before them."""
        said = [_written(text).casefold() for text in self._texts.values()]
        return tuple(
            field for at, field in enumerate(self._texts) if said[at] and said[at] in said[:at]
        )

    @property
    def _texts(self) -> dict[str, str]:
        return {
            "necessity": self.necessity,
            "proportionality": self.proportionality,
            "risks_of_disclosing": self.risks_of_disclosing,
            "risks_of_withholding": self.risks_of_withholding,
        }


@dataclass(frozen=True)
class Approval:
    """An approval as written. `consulted` holds the views of the agencies that own the paper,
    `health` the overriding public interest where it is a health agency's. `extract` is the one
    that is given instead of the paper, where that serves (rule 69)."""

    weighing: Weighing
    basis: LawfulBasis
    least: Least
    days: int
    consulted: str = ""
    health: str = ""
    extract: VersionId | None = None

    @property
    def gives_extract(self) -> bool:
        """Whether an extract is given instead of the whole paper."""
        return self.least is Least.EXTRACT

    @property
    def gives_summary(self) -> bool:
        """Whether the executive summary is given instead of the paper."""
        return self.least is Least.SUMMARY

    def check(
        self,
        *,
        others_paper: bool,
        health_paper: bool,
        summary: bool = False,
        extracts: Collection[VersionId] = (),
    ) -> None:
        """Raise NotWeighed unless this can stand as a written authority.

        `extracts`: those of the paper that a coordinator has looked through; one is given by name.
        `summary`: an executive summary of the meeting is approved, and may be given (rule 69).
        `others_paper`: the paper belongs to another agency than the one that asks, so that its
        view must be on record (rule 64). `health_paper`: it belongs to a health agency (rule 72).
        """
        if self.gives_summary and not summary:
            raise NotWeighed(
                "least",
                "No executive summary of this meeting is approved yet. Write and approve one, "
                "then give it here.",
            )
        if self.gives_extract and self.extract not in extracts:
            raise NotWeighed(
                "extract" if extracts else "least",
                "Choose an extract of this paper that was looked through. If there is none, make "
                "one first.",
            )
        if self.least not in (Least.THIS_PAPER, Least.SUMMARY, Least.EXTRACT):
            raise NotWeighed(
                "least",
                f"{LEAST_WORDS[self.least]}, so the paper itself cannot be given. "
                "Refuse the request, and say in the reply what is given instead.",
            )
        self.weighing.check()
        if not 1 <= self.days <= LONGEST_DAYS:
            raise NotWeighed("days", f"Enter a number of days from 1 to {LONGEST_DAYS}.")
        if others_paper:
            reason("consulted", self.consulted)
        if health_paper:
            reason("health", self.health)
        for field, text in (("consulted", self.consulted), ("health", self.health)):
            _bounded(field, text)


@dataclass(frozen=True)
class Refusal:
    """A refusal as written: the same weighing, and the reply that goes to whoever asked."""

    weighing: Weighing
    reply: str

    def check(self) -> None:
        """Raise NotWeighed unless this can stand."""
        self.weighing.check()
        reason("reply", self.reply)


def reason(field: str, text: str) -> None:
    """Raise ShortReason or NotWeighed unless `text` has a length that can hold a reason: spaces
    at the ends and repeated, and marks that do not print, count for nothing."""
    if len(_written(text)) < SHORTEST_REASON:
        raise ShortReason(field)
    _bounded(field, text)


def _bounded(field: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise NotWeighed(field, f"Write at most {LONGEST_TEXT} characters.")


def _written(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
