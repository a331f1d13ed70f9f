"""An agency's contact: what is asked, handing a report in, the receipt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.browser.pages.account import Account


class Contact(Account):
    """Somebody who answers for their agency."""

    def goes_to_the_request(self, reference: str) -> None:
        self.at.follow("Reports asked of us")
        self.at.follow_in(self.at.row(reference))

    def chooses_a_file(self, file: Path) -> None:
        self.at.follow_button("Send the report")
        self.at.attach("File with the report", file)
        self.at.press("Check this file")

    def chooses_another_file(self, file: Path) -> None:
        self.at.attach("File with the report", file)
        self.at.press("Check this file")

    def confirms_who_it_is_about(self, born: date) -> None:
        self.at.fill_date("Date of birth in the report", born.day, born.month, born.year)
        self.at.press("Send the report")

    def hands_in(self, reference: str, file: Path, born: date) -> None:
        """All of it, where nothing is in the way."""
        self.goes_to_the_request(reference)
        self.chooses_a_file(file)
        self.confirms_who_it_is_about(born)
        assert "Report received" in self.at.heading()

    def reads_the_own_report(self) -> bytes:
        return self.at.save("Read your report again")
