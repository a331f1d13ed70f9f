"""Signing in and out, which everybody does."""

from __future__ import annotations

from tests.browser.northmere import Persona, Town
from tests.browser.visitor import Spent, Visitor

CODE = "Code from your code app"


class Account:
    """Somebody with an account, at their browser."""

    def __init__(self, visitor: Visitor, town: Town, persona: Persona) -> None:
        self.at = visitor
        self.town = town
        self.persona = persona

    @property
    def name(self) -> str:
        return self.persona.name

    def begins(self) -> Spent:
        """A journey begins: pages, fields and codes are counted from here."""
        return self.at.begin()

    def code(self) -> str:
        """The next code of their app or card."""
        return self.town.code_of(self.persona)

    def signs_in(self, path: str = "/") -> None:
        """Ask for a page, be sent to sign in, and land on that page."""
        self.at.go(path)
        self.finishes_signing_in()

    def finishes_signing_in(self) -> None:
        """At the page that asks for it, wherever they came from."""
        assert self.at.heading() == "Sign in"
        self.at.fill("E-mail address", self.persona.email)
        self.at.fill("Passphrase", self.persona.passphrase)
        self.at.press("Continue")
        self.at.give_code(CODE, self.code())
        self.at.press("Continue")
        assert self.at.heading() not in ("Sign in", "Confirm it's you"), self.at.said()

    def is_back(self, path: str = "/") -> None:
        """Come back after a while: signed in still, or again."""
        self.at.go(path)
        if self.at.heading() == "Sign in":
            self.signs_in(path)

    def signs_out(self) -> None:
        self.at.press("Sign out")
        assert self.at.heading() == "You are signed out"

    def letters(self) -> list[str]:
        """The new letters in their mailbox."""
        return self.town.letters(self.persona.email)
