"""The unit with the accounts of its area: cards, deputies, losses, unused accounts, leaving."""

from __future__ import annotations

from tests.browser.accounts.without_code import (
    BEFORE_THE_MEETING,
    reads_after_the_words_are_typed,
)
from tests.browser.budgets import within
from tests.browser.pages.account import CODE
from tests.browser.pages.own_account import OwnAccount
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import Story

MARK, GRACE = "Mark Ellison", "Grace Oduya"
HALF_A_QUARTER = 46
"""In days; four times this, and an account that nobody used is closed."""


def helen(story: Story) -> Unit:
    """The co-ordinator."""
    return story.people.at(Unit, "helen")


def a_card_is_issued(story: Story) -> None:
    her = helen(story)
    her.signs_in("/unit/people/")
    her.at.follow(f"Issue a code card {MARK}")
    with within("a card is issued", her):
        her.at.tick("I rang them on a number")
        her.at.give_code(CODE, her.code())
        her.at.press("Make the card")
        codes = her.at.page.locator("ol.portal-card li").all_inner_texts()
        her.at.press("I have printed it")
    story.town.has_card("mark", codes)
    story.people.at(OwnAccount, "mark").signs_in("/account/")


def somebody_is_signed_out_everywhere(story: Story) -> None:
    her, mark = helen(story), story.people.at(OwnAccount, "mark")
    her.at.press(f"Sign them out everywhere: {MARK}")
    her.at.sees("They are signed out.")
    mark.at.go("/account/")
    assert mark.at.heading() == "Sign in"


def somebody_may_try_again(story: Story) -> None:
    her = helen(story)
    her.at.follow(f"Let them try again : {MARK}")
    with within("somebody may try again", her):
        her.at.give_code(CODE, her.code())
        her.at.press("Let them try again")
    her.at.sees(f"{MARK} can try to sign in again")
    assert her.at.page.locator(".portal-words li").count() == 4
    her.at.follow_button("I have read them out")


def a_deputy_is_named_for_a_time_and_ends(story: Story) -> None:
    her = helen(story)
    her.at.follow(f"Name as deputy for a time : {MARK}")
    her.at.press("Name them as deputy")
    her.at.sees("Type the first day.", "Type the last day.", "Choose why.")
    with within("a deputy is named for a time", her):
        her.at.fill_date("From and with", 12, 5, 2026)
        her.at.fill_date("Until and with", 29, 5, 2026)
        her.at.tick("A co-ordinator is away")
        her.at.give_code(CODE, her.code())
        her.at.press("Name them as deputy")
    her.at.sees("Acts as deputy from 12 May 2026 until 29 May 2026")
    her.at.press(f"End their time as deputy {MARK}")
    her.at.does_not_see("Acts as deputy from")


def who_lost_everything_begins_anew(story: Story) -> None:
    her, tom = helen(story), story.people.at(Unit, "tom")
    her.at.follow(f"They lost everything : {GRACE}")
    her.at.press("I made sure who they are")
    her.at.sees("Say how you made sure who they are.")
    with within("it is made sure who somebody is", her):
        her.at.tick("I met them")
        her.at.give_code(CODE, her.code())
        her.at.press("I made sure who they are")
    tom.signs_in("/unit/people/")
    tom.at.follow(f"They lost everything : {GRACE}")
    tom.at.sees("Helen Marsh made sure of them")
    tom.at.press("Approve: they begin anew")
    tom.at.sees("Enter a code:")
    with within("beginning anew is approved", tom):
        tom.at.give_code(CODE, tom.code())
        tom.at.press("Approve: they begin anew")
    letters = story.town.letters(story.town.people["grace"].email)
    linked = next(each for each in letters if "/join/" in each)
    story.people.newcomer("grace").follows_the_link(linked)


def somebody_without_codes_is_let_in(story: Story) -> None:
    story.town.until(BEFORE_THE_MEETING)
    her = helen(story)
    her.signs_in("/unit/people/")
    reads_after_the_words_are_typed(story.people.at(OwnAccount, "mark"), her)


def an_unused_account_is_opened_again(story: Story) -> None:
    her = helen(story)
    for _ in range(4):
        story.town.later(days=HALF_A_QUARTER)
        her.signs_in("/unit/people/")
    her.at.follow("Accounts that nobody uses")
    her.at.follow("Change the number of days")
    her.at.fill("Days without use", "many")
    her.at.press("Save")
    her.at.sees("There is a problem")
    her.at.fill("Days without use", "180")
    her.at.press("Save")
    with within("an account is opened again", her):
        her.opens_the_account_of(MARK)
    her.at.sees("The account is open again")


def somebody_leaves(story: Story) -> None:
    her = helen(story)
    her.at.go("/unit/people/")
    with within("somebody leaves", her):
        her.at.follow(f"They have left : {MARK}")
        her.at.press("They have left")
    her.at.sees("They have left, and can open nothing any more.")
    assert her.at.page.get_by_role("link", name=f"They have left : {MARK}").count() == 0


CARDS = ("helen", "tom", "mark")

STEPS = (
    a_card_is_issued,
    somebody_is_signed_out_everywhere,
    somebody_may_try_again,
    a_deputy_is_named_for_a_time_and_ends,
    who_lost_everything_begins_anew,
    somebody_without_codes_is_let_in,
    an_unused_account_is_opened_again,
    somebody_leaves,
)

MEETS = """
    GET /unit/people/<person_id>/card           POST /unit/people/<person_id>/card
    GET /unit/people/<person_id>/card/<card_id> POST /unit/people/<person_id>/card/<card_id>
    POST /unit/people/<person_id>/sessions/end
    GET /unit/people/<person_id>/try-again      POST /unit/people/<person_id>/try-again
    GET /unit/people/<person_id>/deputy         POST /unit/people/<person_id>/deputy
    POST /unit/people/<person_id>/deputy/end
    GET /unit/people/<person_id>/proofing       POST /unit/people/<person_id>/proofing
    POST /unit/people/<person_id>/proofing/approve
    GET /unit/people/<person_id>/vouch          POST /unit/people/<person_id>/vouch
    GET /unit/people/dormant
    GET /unit/people/dormant/days               POST /unit/people/dormant/days
    GET /unit/people/<person_id>/wake           POST /unit/people/<person_id>/wake
    GET /unit/people/<person_id>/remove         POST /unit/people/<person_id>/remove
"""
