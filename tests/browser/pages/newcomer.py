"""Somebody who joins, from the link in their letter to the practice paper."""

from __future__ import annotations

import re

from tests.browser.northmere import Persona, Town
from tests.browser.pages.account import CODE
from tests.browser.visitor import Visitor


class Newcomer:
    """Somebody with a letter and no account."""

    def __init__(self, visitor: Visitor, town: Town) -> None:
        self.at = visitor
        self.town = town
        self._secret = ""

    def follows_the_link(self, letter: str) -> None:
        """The link opens a page; nothing is spent by that."""
        assert self.at.go(self.link_in(letter)) == 200
        assert self.at.heading() == "Join the MAPPA portal"

    @staticmethod
    def link_in(letter: str) -> str:
        """The address in a letter."""
        link = re.search(r"http\S+/join/\S+", letter)
        assert link is not None, letter
        return link[0]

    def begins(self) -> None:
        self.at.press("Begin")
        assert self.at.heading() == "Is this you?"

    def says_who_they_are(self, name: str) -> None:
        self.at.sees(name)
        self.at.follow_button("Yes, this is me")

    def takes_the_suggested_passphrase(self) -> str:
        suggested = self.at.page.locator(".govuk-inset-text strong").inner_text()
        self.at.fill("Passphrase", suggested)
        self.at.press("Continue")
        assert self.at.heading() == "Your code app"
        return suggested

    def sets_up_the_code_app(self) -> str:
        found = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", self.at.said())
        assert found is not None
        secret = found[0].replace(" ", "")
        self.at.give_code(CODE, self.town.code(secret))
        self.at.press("Continue")
        assert self.at.heading() == "Write these down"
        return secret

    def prints_a_card(self) -> tuple[str, ...]:
        """Without a telephone; returns the codes that are not used up by this."""
        self.at.follow("I have no telephone", begins=True)
        self.at.press("Make my card")
        codes = self.at.page.locator("ol.portal-card li").all_inner_texts()
        assert len(codes) == 40
        self.at.give_code("Code number 1 of your card", codes[0])
        self.at.press("Continue")
        assert self.at.heading() == "Write these down"
        return tuple(codes[1:])

    def writes_the_codes_down(self) -> str:
        """Types the part back that is asked for; returns the whole recovery code."""
        groups = self.at.page.locator("ol.portal-code li").all_inner_texts()
        assert len(groups) == 9
        self.at.fill("Part 4 of your recovery code", groups[3])
        self.at.press("Continue")
        assert self.at.heading() == "You have joined"
        return "-".join(groups)

    def words_of_the_key(self) -> str:
        """What they will read out on the telephone."""
        return self.at.page.locator(".govuk-inset-text strong").inner_text()

    def reads_the_practice_paper(self) -> bytes:
        self.at.follow_button("Open a practice paper")
        return self.at.save("Open the practice paper")

    def joins(self, letter: str, name: str, email: str, agency: str) -> Persona:
        """All of it, as quickly as it goes."""
        self.follows_the_link(letter)
        self.begins()
        self.says_who_they_are(name)
        passphrase = self.takes_the_suggested_passphrase()
        secret = self.sets_up_the_code_app()
        self.writes_the_codes_down()
        return Persona(name, email, agency, passphrase, secret)
