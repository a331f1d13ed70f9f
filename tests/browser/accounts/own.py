"""One's own account: signing in, locking, changing each thing that protects it, losing it."""

from __future__ import annotations

from tests.browser.budgets import within
from tests.browser.pages.account import CODE
from tests.browser.pages.own_account import (
    PART_ASKED,
    OwnAccount,
    other_letter,
    recovery_parts,
)
from tests.browser.walk.story import Story

CHOSEN = "marigold kettle seven ferries"
AFTERWARDS = "velvet harbour nineteen lamps"
CARD = "Card in my locker"
LAST = 2
"""How many codes are left on a card that must be replaced."""


def folake(story: Story, browser: str = "folake") -> OwnAccount:
    """Who works in a closed prison, at one of her browsers."""
    visitor = story.people.visitor(browser)
    return OwnAccount(visitor, story.town, story.town.people["folake"])


def slips_in_signing_in_are_told(story: Story) -> None:
    her = folake(story)
    her.at.go("/account/")
    her.at.press("Continue")
    her.at.sees("Enter your e-mail address.", "Enter your passphrase.")
    her.begins_signing_in("not her passphrase at all")
    her.at.sees("There is a problem")
    her.begins_signing_in(her.persona.passphrase)
    her.at.press("Continue")
    her.at.sees("Enter a code:")
    her.at.give_code(CODE, "2345 6789")
    her.at.press("Continue")
    her.at.sees("There is a problem")
    her.at.give_code(CODE, her.code())
    her.at.press("Continue")
    assert her.at.heading() == "My account"
    her.signs_out()
    with within("signing in", her):
        her.signs_in("/account/")


def a_screen_is_locked_and_opened_where_it_was(story: Story) -> None:
    her = folake(story)
    her.at.go("/account/lost")
    her.locks()
    her.unlocks("not her passphrase at all")
    her.at.sees("That passphrase is not right.")
    with within("a screen is unlocked", her):
        her.unlocks(her.persona.passphrase)
    assert her.at.heading() == "If you lose something"


def the_passphrase_is_changed(story: Story) -> None:
    her = folake(story)
    her.opens_account()
    her.at.follow("Change your passphrase")
    her.changes_passphrase(her.persona.passphrase, "too short")
    her.at.sees("There is a problem")
    her.changes_passphrase("not her passphrase at all", CHOSEN)
    her.at.sees("There is a problem")
    her.changes_passphrase(her.persona.passphrase, CHOSEN)
    her.at.sees("Your passphrase has changed. You are signed out everywhere else.")
    story.town.knows("folake", passphrase=CHOSEN)


def another_card_is_printed_before_the_last_code(story: Story) -> None:
    her = folake(story)
    if her.persona.card:
        story.town.uses_up_card("folake", LAST)
        her.signs_out()
        her.at.go("/account/")
        her.begins_signing_in(her.persona.passphrase)
        her.at.sees(f"{LAST} left: print a new card from your account.")
        her.at.give_code(CODE, her.code())
        her.at.press("Continue")
    with within("another card is printed", her):
        codes = her.prints_another_card(CARD)
        her.at.give_code("Code from the new one", codes[0])
        her.at.press("Continue")
    her.at.sees("It works, and counts from now on.")
    story.town.has_card("folake", codes[1:])


def the_old_one_is_taken_away(story: Story) -> None:
    her = folake(story)
    old = her.at.page.locator("tr").filter(has_text="Take away", has_not_text="Name")
    her.at.follow_in(old.filter(has_not_text=CARD).first)
    her.at.press("Take it away")
    her.at.sees("Enter a code:")
    with within("something is taken away", her):
        her.at.give_code(CODE, her.code())
        her.at.press("Take it away")
    her.at.sees("It counts no more.", CARD)


def backup_codes_are_made_anew(story: Story) -> None:
    her = folake(story)
    her.at.follow("Make new ones backup codes")
    her.at.press("Make new backup codes")
    her.at.sees("Enter a code:")
    her.at.give_code(CODE, her.code())
    her.at.press("Make new backup codes")
    assert her.at.page.locator("ul.portal-code li").count() == 10
    her.at.press("I have written them down")
    assert her.at.heading() == "My account"


def the_recovery_code_is_made_anew(story: Story) -> None:
    her = folake(story)
    her.at.follow("Make a new one recovery code")
    her.at.press("Make a new recovery code")
    her.at.sees("Enter a code:")
    her.at.give_code(CODE, her.code())
    her.at.press("Make a new recovery code")
    parts = recovery_parts(her.at)
    her.at.fill(PART_ASKED, other_letter(parts[3]))
    her.at.press("I have written them down")
    her.at.sees("That is not the part we asked for.")
    her.at.fill(PART_ASKED, parts[3].lower())
    her.at.press("I have written them down")
    assert her.at.heading() == "My account"
    story.paths["recovery code"] = " ".join(parts)


def the_keys_are_changed(story: Story) -> None:
    her = folake(story)
    her.at.follow("Everything that was done with your key")
    her.at.follow("Change my keys")
    her.at.press("Change my keys")
    her.at.sees("Enter a code:")
    her.at.give_code(CODE, her.code())
    her.at.press("Change my keys")
    her.at.sees("You have new keys, and everything of yours is sealed to them.")
    her.opens_account()
    her.at.sees("Your key counts as confirmed since")


def sessions_are_seen_and_ended(story: Story) -> None:
    her, elsewhere = folake(story), folake(story, "folake elsewhere")
    elsewhere.signs_in("/account/")
    her.opens_account()
    her.at.press("End this session")
    her.at.sees("That session has ended.")
    elsewhere.at.go("/account/")
    elsewhere.finishes_signing_in()
    her.opens_account()
    her.at.press("End all others")
    her.at.sees("Ended elsewhere: 1.")
    elsewhere.at.go("/account/")
    assert elsewhere.at.heading() == "Sign in"


def a_shared_computer_reads_only_and_forgets(story: Story) -> None:
    shared = folake(story, "folake elsewhere")
    shared.begins_signing_in(shared.persona.passphrase)
    shared.at.give_code(CODE, shared.code())
    shared.at.tick("Other people use this computer")
    shared.at.press("Continue")
    assert not shared.at.has_button("Lock")
    for path in ("/account/", "/account/lost", "/account/keys"):
        shared.at.go(path)
        shared.at.sees("You are signed in for reading only")
        for words in (
            "Change your passphrase",
            "Make a new",
            "Take",
            "Add a",
            "Replace",
            "Change my",
        ):
            assert shared.at.page.get_by_role("link", name=words).count() == 0, words
    story.town.later(minutes=11)
    shared.at.go("/account/")
    assert shared.at.heading() == "Sign in"


def a_forgotten_passphrase_is_replaced(story: Story) -> None:
    her = folake(story)
    her.is_back()
    her.signs_out()
    her.at.follow("Sign in again")
    parts = story.paths["recovery code"].split()
    with within("a forgotten passphrase is replaced", her):
        her.at.follow("I have forgotten my passphrase")
        her.at.fill("E-mail address", her.persona.email)
        her.at.fill("Recovery code", " ".join([other_letter(parts[0]), *parts[1:]]))
        her.at.press("Continue")
        her.at.sees("There is a slip in part 1 of this recovery code")
        her.at.fill("Recovery code", "".join(parts).lower())
        her.at.press("Continue")
        her.at.press("Continue")
        her.at.sees("Enter a code:")
        her.at.give_code(CODE, her.code())
        her.at.press("Continue")
        her.at.fill("New passphrase", "too short")
        her.at.press("Continue")
        her.at.sees("There is a problem")
        her.at.fill("New passphrase", AFTERWARDS)
        her.at.press("Continue")
        anew = recovery_parts(her.at)
        her.at.fill(PART_ASKED, anew[3])
        her.at.press("I have written them down")
    assert her.at.heading() == "My account"
    assert anew != parts
    story.town.knows("folake", passphrase=AFTERWARDS)
    her = folake(story)
    her.signs_out()
    her.signs_in("/account/")


CARDS = ("folake",)

STEPS = (
    slips_in_signing_in_are_told,
    a_screen_is_locked_and_opened_where_it_was,
    the_passphrase_is_changed,
    another_card_is_printed_before_the_last_code,
    the_old_one_is_taken_away,
    backup_codes_are_made_anew,
    the_recovery_code_is_made_anew,
    the_keys_are_changed,
    sessions_are_seen_and_ended,
    a_shared_computer_reads_only_and_forgets,
    a_forgotten_passphrase_is_replaced,
)

MEETS = """
    GET /sign-in                            POST /sign-in
    GET /sign-in/code                       POST /sign-in/code
    POST /lock                              POST /sign-out
    GET /locked                             POST /locked
    GET /signed-out                         GET /account/
    GET /account/lost                       GET /account/keys
    GET /account/passphrase                 POST /account/passphrase
    GET /account/factors/add                POST /account/factors/add
    GET /account/factors/<factor_id>/set-up POST /account/factors/<factor_id>/set-up
    GET /account/factors/<factor_id>/remove POST /account/factors/<factor_id>/remove
    GET /account/backup-codes               POST /account/backup-codes
    GET /account/codes                      POST /account/codes
    GET /account/recovery-code              POST /account/recovery-code
    GET /account/keys/change                POST /account/keys/change
    POST /account/sessions/<session_id>/end POST /account/sessions/end
    GET /recover                            POST /recover
    GET /recover/code                       POST /recover/code
    GET /recover/passphrase                 POST /recover/passphrase
"""
