"""Somebody invited to a meeting: what waits for them, the statement, opening what was sent."""

from __future__ import annotations

from tests.browser.pages.account import Account

AGREE = "I agree"


class Reader(Account):
    """An attendee, at their own computer."""

    def opens_home(self) -> None:
        self.at.go("/")

    def goes_to(self, what: str, reference: str) -> None:
        """From the first page to something on it: `goes_to("Pack to read", "NM/2026/021")`."""
        self.at.follow(f"{what} {reference}", begins=True)

    def accepts_the_statement(self) -> None:
        assert self.at.heading() == "Confidentiality statement"
        self.at.tick(AGREE)
        self.at.press("Continue")

    def opens(self, what: str = "Download the pack") -> bytes:
        """Open it: the copy that is made for them, whole."""
        return self.at.save(what)
