"""Everybody in Northmere, each at a browser of their own, by what they come to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.browser.northmere import Persona, Town
from tests.browser.pages.account import Account
from tests.browser.pages.newcomer import Newcomer
from tests.browser.visitor import Looks, Visitor

Desk = TypeVar("Desk", bound=Account)


class People:
    """Opens a browser for somebody, once, and hands out what they do there."""

    def __init__(
        self,
        town: Town,
        new_page: Callable[[], Page],
        looks: Looks,
        kind: type[Visitor] = Visitor,
    ) -> None:
        self.town = town
        self._kind = kind
        self._new_page = new_page
        self._looks = looks
        self._visitors: dict[str, Visitor] = {}

    def visitor(self, key: str) -> Visitor:
        """The browser of this person; `stranger` or any other name for somebody of no account."""
        if key not in self._visitors:
            self._visitors[key] = self._kind(self._new_page(), self.town.address, self._looks)
        return self._visitors[key]

    def at(self, desk: type[Desk], key: str) -> Desk:
        """This person, doing the work of `desk`: `people.at(Reader, "carys")`."""
        return desk(self.visitor(key), self.town, self.town.people[key])

    def newcomer(self, key: str) -> Newcomer:
        """Somebody who has been invited by mail."""
        return Newcomer(self.visitor(key), self.town)

    def asked(self) -> set[tuple[str, str]]:
        """All that their browsers have gone to or sent: (method, path)."""
        return self._looks.asked

    def joined(self, key: str, persona: Persona) -> None:
        """Somebody new has an account."""
        self.town.people[key] = persona
