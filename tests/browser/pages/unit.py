"""What the unit prepares: cases, meeting days, people, invitations, reports."""

from __future__ import annotations

from datetime import date

from tests.browser.pages.account import CODE, Account


class Unit(Account):
    """An administrator or a co-ordinator at their desk."""

    def opens_a_case(
        self,
        reference: str,
        lead: str,
        category: str,
        level: str,
        name: str,
        born: date,
    ) -> None:
        self.at.follow("Cases")
        self.at.follow("Open a case")
        self.at.fill("Reference", reference)
        self.at.choose("Lead agency", lead)
        self.at.tick(category)
        self.at.tick(level)
        self.at.fill("Name of the individual", name)
        self.at.fill_date("Date of birth", born.day, born.month, born.year)
        self.at.press("Open the case")

    def plans_a_meeting(self, on: date, starts: str, mode: str, *references: str) -> None:
        """A meeting day on which these cases are heard, one after the other."""
        self.at.follow("Today")
        self.at.follow("Plan a meeting")
        self.at.fill_date("Day", on.day, on.month, on.year)
        self.at.fill("Starts at", starts)
        self.at.tick(mode)
        for number, reference in enumerate(references, start=1):
            rows = self.at.page.get_by_role("group", name=f"Case {number}", exact=True)
            self.at.choose("Case", reference, rows)
        self.at.press("Plan the meeting")

    def goes_to_the_case_at_its_meeting(self, reference: str) -> None:
        self.at.go("/unit/")
        self.at.follow(reference)

    def invites(self, person: str, capacity: str, reason: str) -> None:
        """From the page of the case at its meeting, and back to it."""
        self.at.follow("Invite somebody")
        self.at.choose("Who", person)
        self.at.tick(capacity)
        self.at.fill("Why they are invited", reason)
        self.at.press("Invite")

    def asks_for_a_report(self, agency: str, form: str) -> None:
        """On the day that is proposed."""
        self.at.follow("Ask an agency for a report")
        self.at.choose("Which agency", agency)
        self.at.tick(form)
        self.at.press("Ask")

    def lets_join(
        self, name: str, email: str, job: str, phone: str, agency: str, *roles: str
    ) -> None:
        self.at.follow("People")
        self.at.follow("Invite somebody to join")
        self.at.fill("Name", name)
        self.at.fill("Work e-mail address", email)
        self.at.fill("Job", job)
        self.at.fill("Telephone", phone)
        self.at.choose("Agency", agency)
        for role in roles:
            self.at.tick(role)
        self.at.press("Send the link")

    def confirms_the_key_of(self, name: str, words_heard: str) -> None:
        """Having rung the person and heard their words."""
        self.at.follow("People")
        self.at.follow(f"Confirm key {name}")
        self.at.sees(words_heard)
        self.at.tick("I rang this person")
        self.at.press("Confirm the key")

    def opens_the_account_of(self, name: str) -> None:
        """From the list of those that nobody uses."""
        self.at.follow_in(self.at.page.get_by_role("row").filter(has_text=name))
        self.at.tick("I rang them on the number shown here")
        self.at.give_code(CODE, self.code())
        self.at.press("Open the account again")
