"""What each journey may cost somebody: pages seen, fields typed, codes. More fails the walk.

A page is an HTML answer that is shown; a date is one field; ticking and choosing are not typing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tests.browser.visitor import Spent, Visitor

BUDGETS: dict[str, Spent] = {
    "signing in": Spent(pages=3, typed=2, codes=1),
    "signing in through an agency": Spent(pages=4, typed=1, codes=0),
    "a screen is unlocked": Spent(pages=1, typed=1, codes=0),
    "another card is printed": Spent(pages=3, typed=1, codes=2),
    "something is taken away": Spent(pages=1, typed=0, codes=1),
    "a forgotten passphrase is replaced": Spent(pages=8, typed=6, codes=1),
    "somebody without codes is let in": Spent(pages=5, typed=2, codes=0),
    "somebody is vouched for": Spent(pages=3, typed=2, codes=2),
    "somebody may try again": Spent(pages=1, typed=0, codes=1),
    "a card is issued": Spent(pages=2, typed=0, codes=1),
    "somebody's roles are changed": Spent(pages=1, typed=0, codes=1),
    "a deputy is named for a time": Spent(pages=1, typed=2, codes=1),
    "it is made sure who somebody is": Spent(pages=1, typed=0, codes=1),
    "beginning anew is approved": Spent(pages=1, typed=0, codes=1),
    "an account is opened again": Spent(pages=2, typed=0, codes=1),
    "somebody leaves": Spent(pages=2, typed=0, codes=0),
    "a colleague is named": Spent(pages=2, typed=4, codes=0),
    "cover is arranged": Spent(pages=1, typed=1, codes=0),
    "the agency's people are certified": Spent(pages=2, typed=0, codes=0),
    "a case is opened": Spent(pages=6, typed=5, codes=1),
    "a meeting day is planned": Spent(pages=3, typed=2, codes=0),
    "somebody is invited": Spent(pages=2, typed=1, codes=0),
    "a report is asked for": Spent(pages=2, typed=0, codes=0),
    "somebody is asked to join": Spent(pages=3, typed=4, codes=0),
    "joining, from the letter to the practice paper": Spent(pages=7, typed=2, codes=1),
    "joining with a printed card": Spent(pages=9, typed=2, codes=1),
    "joining is gone on with": Spent(pages=2, typed=1, codes=1),
    "joining words are given": Spent(pages=2, typed=0, codes=0),
    "a second area is joined": Spent(pages=1, typed=0, codes=0),
    "a key is confirmed": Spent(pages=3, typed=0, codes=0),
    "a report is handed in": Spent(pages=5, typed=1, codes=0),
    "a pack is arranged": Spent(pages=2, typed=3, codes=0),
    "a pack is sent, once it has been looked at": Spent(pages=1, typed=0, codes=1),
    "a sending is taken back": Spent(pages=2, typed=0, codes=0),
    "more time is given": Spent(pages=2, typed=2, codes=0),
    "a pack is opened, from signing in": Spent(pages=5, typed=2, codes=1),
    "attendance is recorded": Spent(pages=2, typed=0, codes=0),
    "minutes are filed": Spent(pages=3, typed=0, codes=0),
    "minutes are approved, from signing in": Spent(pages=5, typed=2, codes=2),
    "minutes are sent, once they have been looked at": Spent(pages=1, typed=1, codes=1),
    "passing something on is asked for": Spent(pages=2, typed=2, codes=0),
    "a disclosure is approved": Spent(pages=2, typed=6, codes=1),
    "a disclosure is refused": Spent(pages=2, typed=4, codes=1),
}


class HasVisitor(Protocol):
    """Somebody at a browser."""

    @property
    def at(self) -> Visitor: ...


@contextmanager
def within(journey: str, who: HasVisitor) -> Iterator[None]:
    """What is done in this block costs `who` at most the budget of `journey`."""
    spent = who.at.begin()
    yield
    allowed = BUDGETS[journey]
    over = [
        f"{name}: {cost} of {most}"
        for name, cost, most in (
            ("pages", spent.pages, allowed.pages),
            ("typed fields", spent.typed, allowed.typed),
            ("codes", spent.codes, allowed.codes),
        )
        if cost > most
    ]
    assert over == [], f"{journey} costs too much: {', '.join(over)}"
