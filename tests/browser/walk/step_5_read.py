"""Step 5: attendees open the pack while it is open; everybody else gets the right words."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.browser.budgets import within
from tests.browser.pages.reader import Reader
from tests.browser.pages.sender import Sender
from tests.browser.pages.unit import Unit
from tests.browser.reading import read
from tests.browser.walk.story import REFERENCE, Story

PHONE = "01632 960 000"


def an_attendee_opens_it(story: Story) -> None:
    carys = story.people.at(Reader, "carys")
    carys.is_back()
    carys.signs_out()
    with within("a pack is opened, from signing in", carys):
        carys.signs_in()
        carys.goes_to("Pack to read", REFERENCE)
        carys.accepts_the_statement()
        carys.at.sees("You can read this from", "How to handle it", "Copy ")
        carys.at.sees_the_marking(REFERENCE)
        clear = carys.opens()
    story.paths["carys's pack"] = urlsplit(carys.at.page.url).path
    story.papers["pack"] = clear
    copy = read(clear)
    assert len(copy.pages) >= 5
    for number, page in enumerate(copy.pages, start=1):
        for mark in ("Carys Lunt", "Northmere Police", "OFFICIAL-SENSITIVE", "Opened 12 May 2026"):
            assert mark in page, (number, mark)
        assert f"{number} of {len(copy.pages)}" in page, page
        assert "PREVIEW" not in page
    assert "Contents" in copy.text
    assert len(copy.bookmarks) >= 3
    for paper in ("Release is planned", "Wexbourne", "Nothing since March"):
        assert paper in copy.text


def an_agency_gets_only_what_is_for_it(story: Story) -> None:
    ruth = story.people.at(Reader, "ruth")
    ruth.signs_in()
    ruth.goes_to("Pack to read", REFERENCE)
    ruth.accepts_the_statement()
    copy = read(ruth.opens())
    assert "Wexbourne" not in copy.text
    assert "Nothing since March" in copy.text
    assert ruth.at.go(story.paths["carys's pack"]) == 404
    ruth.at.sees("You are not on the list for this meeting", PHONE)


def who_waits_for_a_key_is_let_in_by_one_press(story: Story) -> None:
    joe = story.people.at(Reader, "joe")
    joe.signs_in()
    joe.at.sees("Cannot open yet", "Your key has not been confirmed", PHONE)
    joe.at.go("/account/")
    words = joe.at.page.locator(".govuk-inset-text strong").inner_text()

    helen = story.people.at(Unit, "helen")
    helen.is_back("/unit/")
    helen.confirms_the_key_of("Joe Farrow", words)
    helen.at.follow("Waiting for keys")
    helen.at.press("Let them open it", helen.at.row("Joe Farrow"))
    helen.at.sees("They can open it now")

    joe.at.go("/")
    joe.goes_to("Pack to read", REFERENCE)
    joe.accepts_the_statement()
    assert "Joe Farrow" in read(joe.opens()).text


def it_is_taken_back_from_one(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    helen.is_back(story.paths["sending"])
    helen.at.go(story.paths["sending"])
    helen.takes_back_from("Carys Lunt")
    helen.at.sees("1 person had opened it before it was taken back", "Carys Lunt, 12 May 2026")
    carys = story.people.at(Reader, "carys")
    assert carys.at.go(story.paths["carys's pack"]) == 200
    carys.at.sees("This was taken back on 12 May 2026", PHONE)
    assert not carys.at.has_button("Download the pack")


def strangers_get_nothing(story: Story) -> None:
    grace = story.people.at(Reader, "grace")
    grace.signs_in()
    grace.at.does_not_see(REFERENCE)
    assert grace.at.go(story.paths["carys's pack"]) == 404
    grace.at.sees("You are not on the list for this meeting", PHONE)

    outsider = story.people.visitor("outsider")
    told = []
    for path in (story.paths["carys's pack"], "/papers/a2345678901234567890123456", "/unit/"):
        outsider.go(path)
        assert outsider.heading() == "Sign in"
        told.append(outsider.said())
    assert len(set(told)) == 1
    assert outsider.go("/no/such/place") == 404
    nothing = outsider.said()
    assert outsider.go("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") == 404
    assert outsider.said() == nothing
    assert PHONE not in nothing
