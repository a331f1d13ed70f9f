"""After a meeting: who came, the draft of the minutes, the chair's approval."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.browser.pages.account import CODE, Account


class Register(Account):
    """The unit with the attendance and the minutes."""

    def goes_to_the_case_at_its_meeting(self, reference: str) -> None:
        self.at.go("/unit/")
        self.at.follow(reference)

    def records(self, came: Mapping[str, str]) -> None:
        """One press for each person."""
        self.at.follow("Record the attendance")
        for name, presence in came.items():
            group = self.at.page.get_by_role("group", name=name)
            group.get_by_label(presence, exact=True).check()
        self.at.press("Record the attendance")

    def files_minutes(self, file: Path) -> None:
        self.at.follow("Minutes")
        self.at.attach("File with the minutes", file)
        self.at.press("Check this file")
        self.at.press("File the draft")


class Chair(Account):
    """The chair of a case, from home."""

    def approves(self) -> None:
        self.at.give_code(CODE, self.code())
        self.at.press("Approve the minutes")
