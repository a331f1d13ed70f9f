"""One's own account: what protects it, changed one by one; locked, lost and found again."""

from __future__ import annotations

from tests.browser.pages.account import CODE, Account
from tests.browser.visitor import Visitor

PART_ASKED = "Part 4 of your recovery code"


class OwnAccount(Account):
    """Somebody at the pages of their account."""

    def begins_signing_in(self, passphrase: str) -> None:
        self.at.fill("E-mail address", self.persona.email)
        self.at.fill("Passphrase", passphrase)
        self.at.press("Continue")

    def locks(self) -> None:
        self.at.press("Lock")
        assert self.at.heading() == "Your screen is locked"

    def unlocks(self, passphrase: str) -> None:
        self.at.fill("Passphrase", passphrase)
        self.at.press("Unlock")

    def opens_account(self) -> None:
        self.at.follow("My account")
        assert self.at.heading() == "My account"

    def changes_passphrase(self, present: str, new: str) -> None:
        self.at.fill("New passphrase", new)
        self.at.fill("Present passphrase", present)
        self.at.give_code(CODE, self.code())
        self.at.press("Continue")

    def prints_another_card(self, name: str) -> list[str]:
        """From their account; returns its codes before the first is typed back."""
        self.at.follow("Add a code app, fob or card")
        self.at.tick("A printed card of codes")
        self.at.fill("What will you call it?", name)
        self.at.give_code(CODE, self.code())
        self.at.press("Continue")
        return self.at.page.locator("ol.portal-card li").all_inner_texts()


def recovery_parts(at: Visitor) -> list[str]:
    """The recovery code on this page, in its parts."""
    parts = at.page.locator("ol.portal-code li").all_inner_texts()
    assert len(parts) == 9
    assert all(len(part) == 4 for part in parts)
    return parts


def other_letter(part: str) -> str:
    """The part with its first letter written wrongly."""
    return ("3" if part[0] == "7" else "7") + part[1:]
