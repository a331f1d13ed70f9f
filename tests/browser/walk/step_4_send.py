"""Step 4: a pack is arranged, looked at, sent with a code, taken back, and sent again."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from tests.browser.budgets import within
from tests.browser.pages.sender import Sender
from tests.browser.pages.unit import Unit
from tests.browser.reading import read
from tests.browser.walk.story import NAME, REFERENCE, Story

A = "MAPPA A: referral"
F = "MAPPA F: prison"
UPDATE = "Agency update"


def the_pack_is_arranged(story: Story) -> None:
    unit = story.people.at(Unit, "helen")
    unit.is_back("/unit/")
    unit.goes_to_the_case_at_its_meeting(REFERENCE)
    unit.invites("Grace Oduya", "Specialist", "Advises on treatment.")
    unit.at.press("Withdraw", unit.at.row("Grace Oduya"))
    unit.at.sees("The invitation is withdrawn")

    helen = story.people.at(Sender, "helen")
    helen.goes_to_the_case_at_its_meeting(REFERENCE)
    with within("a pack is arranged", helen):
        helen.arranges_the_pack([A, F, UPDATE], [("Ruth Bannerman", F)])
    helen.at.sees("The pack is arranged. Nothing was sent.")


def each_layout_is_previewed(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    for_carys, for_ruth = helen.previews("Carys Lunt"), helen.previews("Ruth Bannerman")
    for clear in (for_carys, for_ruth):
        for page in read(clear).pages:
            assert "PREVIEW" in page
            assert "Helen Marsh" in page
            assert "OFFICIAL-SENSITIVE" in page
    assert "Wexbourne" in read(for_carys).text
    assert "Wexbourne" not in read(for_ruth).text


def it_is_sent_with_an_unused_code(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    helen.checks_who_gets_it()
    helen.at.sees(
        A, F, UPDATE, "Carys Lunt", "Folake Adeyemi", "Ruth Bannerman", "Not: 2. MAPPA F",
        "1 person cannot open it yet", "Left out, and why", "Grace Oduya",
        "No longer invited to this case", "From 12 May 2026", "until",
    )  # fmt: skip
    assert "Cannot open yet" in helen.at.row("Joe Farrow").inner_text()
    story.paths["send"] = urlsplit(helen.at.page.url).path

    used = helen.code()
    helen.sends_it("000000")
    helen.at.sees("There is a problem")
    with within("a pack is sent, once it has been looked at", helen):
        helen.sends_it(used)
    helen.at.sees("The pack is sent.", "Carys Lunt", "Not opened", "cannot open yet")
    story.paths["first sending"] = urlsplit(helen.at.page.url).path
    helen.at.go(story.paths["send"])
    helen.sends_it(used, "To see whether a code counts twice.")
    helen.at.sees("That code has been used.")


def it_is_taken_back_at_once(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    helen.goes_to_the_case_at_its_meeting(REFERENCE)
    helen.at.page.locator("main").get_by_role("link", name=f"Pack {REFERENCE}").first.click()
    helen.at.arrived()
    with within("a sending is taken back", helen):
        helen.takes_back_from_everybody()
    helen.at.sees("It is taken back. It no longer opens.", "Nobody had opened it before it was")


def it_is_sent_again(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    helen.at.go(story.paths["send"])
    helen.sends_it(helen.code())
    helen.at.sees("The pack is sent.")
    story.paths["sending"] = urlsplit(helen.at.page.url).path
    with within("more time is given", helen):
        helen.gives_more_time_to("Ruth Bannerman", date(2026, 6, 19), "Is away until the 15th.")
    helen.at.sees("The time is given.", "19 June 2026")


def those_invited_are_told_without_content(story: Story) -> None:
    letters = story.people.at(Sender, "carys").letters()
    subjects = [letter.partition("\n")[0] for letter in letters]
    assert "Papers to read before the MAPPA meeting on Thursday 28 May 2026" in subjects
    assert "MAPPA papers have been taken back" in subjects
    for letter in letters:
        assert NAME not in letter
        assert "Lowe" not in letter
