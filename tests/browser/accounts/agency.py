"""A single point of contact of a custody suite: naming, cards, cover, 8.55, waking, leaving."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.accounts.without_code import (
    BEFORE_THE_MEETING,
    reads_after_the_words_are_typed,
)
from tests.browser.budgets import within
from tests.browser.northmere import Persona
from tests.browser.pages.account import CODE, Account
from tests.browser.pages.own_account import OwnAccount
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import Story

CASE = "NM/2026/021"
BEN, BENS_ADDRESS = "Ben Hale", "ben.hale@police.northmere.example"
PASSER_BY, HER_ADDRESS = "Isla Moor", "isla.moor@police.northmere.example"
UNUSED = timedelta(days=92)
"""Twice this, and an account that nobody used is closed."""


def carys(story: Story) -> Account:
    """Who speaks for the police."""
    return story.people.at(Account, "carys")


def ben(story: Story) -> OwnAccount:
    """Who works in the custody suite."""
    return story.people.at(OwnAccount, "ben")


def somebody_becomes_single_point_of_contact(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    helen.signs_in("/unit/people/")
    helen.at.follow("Change what they do : Carys Lunt")
    helen.at.press("Change what they do")
    helen.at.sees("Choose why.", "Enter a code:")
    with within("somebody's roles are changed", helen):
        helen.at.tick("Single point of contact")
        helen.at.tick("They have a new post")
        helen.at.give_code(CODE, helen.code())
        helen.at.press("Change what they do")
    carys(story).signs_in("/agency/people/")


def colleagues_are_named(story: Story) -> None:
    her = carys(story)
    her.at.follow("Name somebody")
    her.at.press("Send the link")
    her.at.sees("There is a problem", "Type the person's name.")
    her.at.go("/agency/people/")
    for name, address in ((PASSER_BY, HER_ADDRESS), (BEN, BENS_ADDRESS)):
        with within("a colleague is named", her):
            her.at.follow("Name somebody")
            her.at.fill("Name", name)
            her.at.fill("Work e-mail address", address)
            her.at.fill("Job", "Custody sergeant")
            her.at.fill("Telephone", "01632 960 119")
            her.at.tick("Attends meetings")
            her.at.tick("Contact: answers")
            her.at.press("Send the link")
        her.at.sees("They have been sent a link", name)
    her.at.press("Send a new link", her.at.row(PASSER_BY))
    her.at.sees("A new link is sent. The one before no longer works.")


def one_of_them_joins_with_a_card(story: Story) -> None:
    new = story.people.newcomer("ben")
    new.follows_the_link(story.town.letters(BENS_ADDRESS)[-1])
    new.begins()
    new.says_who_they_are(BEN)
    passphrase = new.takes_the_suggested_passphrase()
    card = new.prints_a_card()
    new.writes_the_codes_down()
    story.people.joined("ben", Persona(BEN, BENS_ADDRESS, "Northmere Police", passphrase, "", card))
    helen = story.people.at(Unit, "helen")
    helen.confirms_the_key_of(BEN, new.words_of_the_key())
    helen.goes_to_the_case_at_its_meeting(CASE)
    helen.invites(BEN, "Police investigator", "Had the individual in custody.")


def who_covers_is_said(story: Story) -> None:
    her = carys(story)
    her.at.go("/agency/people/")
    her.at.follow(f"Arrange cover for {BEN}")
    her.at.press("Arrange the cover")
    her.at.sees("Choose who covers.", "Type the last day of the cover.")
    with within("cover is arranged", her):
        her.at.choose("Who covers", "Carys Lunt")
        her.at.fill_date("Until and with", 29, 5, 2026)
        her.at.press("Arrange the cover")
    her.at.sees("The cover is arranged.", "Carys Lunt covers until 29 May 2026")


def a_card_is_issued_to_a_colleague(story: Story) -> None:
    her = carys(story)
    her.at.follow(f"Issue a code card {BEN}")
    her.at.press("Make the card")
    her.at.sees("Choose how you made sure.")
    with within("a card is issued", her):
        her.at.tick("I met them and know them")
        her.at.give_code(CODE, her.code())
        her.at.press("Make the card")
        codes = her.at.page.locator("ol.portal-card li").all_inner_texts()
        her.at.press("I have printed it")
    her.at.sees("The card's codes are shown no more.")
    assert len(codes) == 40
    story.town.has_card("ben", codes)
    ben(story).signs_out()
    ben(story).signs_in("/account/")


def a_colleague_may_try_again(story: Story) -> None:
    her = carys(story)
    her.at.follow(f"Let them try again : {BEN}")
    her.at.press("Let them try again")
    her.at.sees("Enter a code:")
    with within("somebody may try again", her):
        her.at.give_code(CODE, her.code())
        her.at.press("Let them try again")
    her.at.sees(f"{BEN} can try to sign in again")
    assert her.at.page.locator(".portal-words li").count() == 4
    her.at.follow_button("I have read them out")


def a_colleague_without_codes_is_let_in(story: Story) -> None:
    story.town.until(BEFORE_THE_MEETING)
    her = carys(story)
    her.signs_in("/agency/people/")
    reads_after_the_words_are_typed(ben(story), her)


def who_is_still_here_is_said(story: Story) -> None:
    her = carys(story)
    her.at.go("/agency/people/certify")
    for name in (BEN, "Alan Reid"):
        her.at.tick("Still here", her.at.page.get_by_role("group", name=name))
    her.at.tick("Has left", her.at.page.get_by_role("group", name=PASSER_BY))
    with within("the agency's people are certified", her):
        her.at.press("Continue")
        her.at.sees("These people lose everything at once", PASSER_BY)
        her.at.press("They have left: close their accounts")
    her.at.sees("Still here: 2. Left: 1.")


def a_colleague_who_was_away_is_woken(story: Story) -> None:
    her, him = carys(story), ben(story)
    for _ in range(2):
        story.town.later(days=UNUSED.days)
        her.signs_in("/agency/people/")
    him.at.go("/account/")
    him.begins_signing_in(him.persona.passphrase)
    him.at.give_code(CODE, him.code())
    him.at.press("Continue")
    assert him.at.heading() == "Your account is closed because it was not used"
    her.at.follow(f"Open the account again : {BEN}")
    her.at.press("Open the account again")
    her.at.sees("Choose how you made sure.")
    with within("an account is opened again", her):
        her.at.tick("I met them and know them")
        her.at.give_code(CODE, her.code())
        her.at.press("Open the account again")
    him.signs_in("/account/")


def a_colleague_leaves(story: Story) -> None:
    her, him = carys(story), ben(story)
    her.at.go("/agency/people/")
    with within("somebody leaves", her):
        her.at.follow(f"They have left : {BEN}")
        her.at.press("They have left")
    her.at.sees("They have left, and can open nothing any more.")
    him.at.go("/account/")
    assert him.at.heading() == "Sign in"


CARDS = ("helen", "carys")

STEPS = (
    somebody_becomes_single_point_of_contact,
    colleagues_are_named,
    one_of_them_joins_with_a_card,
    who_covers_is_said,
    a_card_is_issued_to_a_colleague,
    a_colleague_may_try_again,
    a_colleague_without_codes_is_let_in,
    who_is_still_here_is_said,
    a_colleague_who_was_away_is_woken,
    a_colleague_leaves,
)

MEETS = """
    GET /sign-in/no-code/                           POST /sign-in/no-code/
    GET /agency/people/                             POST /agency/people/<person_id>/link
    GET /agency/people/invite                       POST /agency/people/invite
    GET /agency/people/certify                      POST /agency/people/certify
    GET /agency/people/<person_id>/cover            POST /agency/people/<person_id>/cover
    GET /agency/people/<person_id>/card             POST /agency/people/<person_id>/card
    GET /agency/people/<person_id>/card/<card_id>   POST /agency/people/<person_id>/card/<card_id>
    GET /agency/people/<person_id>/try-again        POST /agency/people/<person_id>/try-again
    GET /agency/people/<person_id>/vouch            POST /agency/people/<person_id>/vouch
    GET /agency/people/<person_id>/wake             POST /agency/people/<person_id>/wake
    GET /agency/people/<person_id>/remove           POST /agency/people/<person_id>/remove
    GET /unit/people/<person_id>/roles              POST /unit/people/<person_id>/roles
    GET /unit/people/<person_id>/confirm            POST /unit/people/<person_id>/confirm
"""
