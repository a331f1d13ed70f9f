"""What co-ordinators do with packs and minutes: arrange, preview, send, take back, more time."""

from __future__ import annotations

from datetime import date

from tests.browser.pages.account import CODE, Account


class Sender(Account):
    """A co-ordinator with a pack or minutes to send."""

    def goes_to_the_case_at_its_meeting(self, reference: str) -> None:
        self.at.go("/unit/")
        self.at.follow(reference)

    def arranges_the_pack(
        self, order: list[str], kept_back: list[tuple[str, str]], left_out: str = ""
    ) -> None:
        """Papers by title, in order; `kept_back` as (person, title)."""
        self.at.follow("Arrange and send the pack")
        for place, title in enumerate(order, start=1):
            self.at.fill(f"Place of {title}", str(place))
        for person, title in kept_back:
            self.at.untick(f"Give to {person}: {title}")
        if left_out:
            self.at.untick(f"Put into the pack: {left_out}")
        self.at.press("Keep this arrangement")

    def previews(self, person: str) -> bytes:
        return self.at.save(f"Preview the copy for {person}")

    def checks_who_gets_it(self) -> None:
        self.at.follow_button("Check who gets it, and send it")

    def sends_it(self, code: str, reason: str = "", words: str = "Send the pack") -> None:
        if reason:
            self.at.fill("Why you send it all the same", reason)
        self.at.give_code(CODE, code)
        self.at.press(words)

    def takes_back_from_everybody(self, reason: str = "") -> None:
        """From the receipt: two presses, no code."""
        self.at.follow_button("Take back from everybody")
        if reason:
            self.at.fill("Why you take it back", reason)
        self.at.press("Take back")

    def takes_back_from(self, person: str) -> None:
        self.at.follow(f"Take back from {person}")
        self.at.press("Take back")

    def gives_more_time_to(self, person: str, until: date, reason: str) -> None:
        self.at.follow(f"More time for {person}")
        self.at.fill_date("Can be read until", until.day, until.month, until.year)
        self.at.fill("Why", reason)
        self.at.press("Give more time")
