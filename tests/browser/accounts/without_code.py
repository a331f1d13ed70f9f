"""8.55 in the morning: somebody without their codes, and a colleague who knows them."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.browser.budgets import within
from tests.browser.pages.account import CODE, Account
from tests.browser.pages.own_account import OwnAccount

BEFORE_THE_MEETING = datetime(2026, 5, 21, 7, 55, tzinfo=UTC)
"""8.55 in London; the meeting of the case that both are invited to is at ten."""


def reads_after_the_words_are_typed(left_at_home: OwnAccount, colleague: Account) -> None:
    """`colleague` is at their list of people; what was left at home is every code."""
    him = left_at_home
    him.at.go("/")
    with within("somebody without codes is let in", him):
        him.begins_signing_in(him.persona.passphrase)
        him.at.follow("I do not have my phone or my codes")
        spoken = him.at.page.locator(".portal-spoken").inner_text()
        him.at.press("They have typed the words")
        him.at.sees("Nobody has typed these words yet.")
        with within("somebody is vouched for", colleague):
            colleague.at.follow(f"They have no code : {him.name}")
            colleague.at.fill("The four words", " ".join(reversed(spoken.split())))
            colleague.at.give_code(CODE, colleague.code())
            colleague.at.press("Let them read")
            colleague.at.sees("There is a problem")
            colleague.at.fill("The four words", spoken)
            colleague.at.give_code(CODE, colleague.code())
            colleague.at.press("Let them read")
        colleague.at.sees(f"{him.name} can read until")
        him.at.press("They have typed the words")
    assert him.at.heading() == "What waits for you"
    him.opens_account()
    him.at.sees("You are signed in for reading only")
