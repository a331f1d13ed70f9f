"""Asking to pass a paper on, and deciding it in writing."""

from __future__ import annotations

from tests.browser.pages.account import CODE, Account

WEIGHED = {
    "Necessity": "Treatment cannot be planned without knowing what was agreed on 28 May.",
    "Proportionality": "The minutes alone, to one clinician, for the time of one appointment.",
    "Risks of passing it on": "The individual may learn what was said about the exclusion zone.",
    "Risks of not passing it on": "Treatment that sets the plan back, and harm to a known adult.",
}


class Asker(Account):
    """A reader who asks to pass something on."""

    def asks_to_pass_on(self, paper: str, receiver: str, purpose: str, need: str) -> None:
        """From the page of what was sent to them."""
        self.at.follow("Ask to pass this on")
        self.at.tick(paper)
        self.at.choose("Who is it for?", receiver)
        self.at.fill("What will they use it for?", purpose)
        self.at.fill("Why do they need it, and by when?", need)
        self.at.press("Send the request")


class Decider(Account):
    """A co-ordinator who decides what may be passed on."""

    def goes_to_the_request(self, asker: str, receiver: str) -> None:
        self.at.go("/unit/disclosures/")
        self.at.follow_in(self.at.row(asker, receiver))

    def approves(self, least: str, basis: str, consulted: str, days: int) -> None:
        self.at.follow_button("Approve")
        self.at.tick(least)
        self._weighs()
        self.at.tick(basis)
        self.at.fill("Views of the agencies that own the information", consulted)
        self.at.fill("For how many days may they read it?", str(days))
        self.at.give_code(CODE, self.code())
        self.at.press("Approve and give the paper")

    def refuses(self) -> None:
        """With the reply that is proposed."""
        self.at.follow_button("Refuse")
        self._weighs()
        self.at.give_code(CODE, self.code())
        self.at.press("Refuse and send the reply")

    def _weighs(self) -> None:
        for label, text in WEIGHED.items():
            self.at.fill(label, text)
        self.at.tick("Not asked: the statement leaves the decision to the co-ordinator")
