"""Step 8: everybody allowed to sees who did what as a story, and it is proven whole."""

from __future__ import annotations

from tests.browser.pages.account import Account
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import NEWCOMER, REFERENCE, Story

TOLD = (
    f"Helen Marsh opened case {REFERENCE}",
    "Helen Marsh confirmed the key of",
    "Folake Adeyemi handed in the report of HMP Elmsworth",
    f"Helen Marsh sent pack {REFERENCE}-P1",
    f"Carys Lunt opened {REFERENCE}-P2",
    "Helen Marsh took back",
    "Alan Reid approved the minutes",
    "Carys Lunt asked to pass",
)


def whoever_was_away_too_long_is_let_in_again(story: Story) -> None:
    """The auditor's account was not used for half a year: closed, until somebody rings them."""
    sian = story.people.at(Account, "sian")
    sian.signs_in("/record/")
    assert sian.at.heading() == "Your account is closed because it was not used"
    helen = story.people.at(Unit, "helen")
    helen.is_back("/unit/people/dormant")
    helen.opens_the_account_of(sian.name)
    helen.at.sees("The account is open again")


def the_auditor_reads_it_as_a_story(story: Story) -> None:
    sian = story.people.at(Account, "sian")
    sian.signs_in("/record/")
    told = sian.at.said()
    while sian.at.page.get_by_role("link", name="Older lines").count():
        sian.at.follow("Older lines")
        told += " " + sian.at.said()
    missing = [each for each in TOLD if each not in told]
    assert missing == [], told
    for name in (NEWCOMER, "Tom Okafor", "Grace Oduya"):
        assert name in told
    assert "Gareth Lowe" not in told
    sian.at.go("/record/")
    sian.at.follow("Prove that it is whole")
    assert sian.at.heading() == "The record is whole"


def others_do_not_read_it(story: Story) -> None:
    priya = story.people.at(Account, "priya")
    priya.is_back("/unit/")
    assert priya.at.go("/record/") == 403
    assert "Record of who did what" not in priya.at.page.inner_text("body")


def it_is_whole(story: Story) -> None:
    done = story.town.command("ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The ledger is whole." in done.stdout
