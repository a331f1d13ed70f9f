"""Step 6: who came is recorded and locked; the chair approves the minutes; who gets them."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from tests.browser.budgets import within
from tests.browser.making import file_of, report
from tests.browser.pages.meeting import Chair, Register
from tests.browser.pages.reader import Reader
from tests.browser.pages.sender import Sender
from tests.browser.reading import read
from tests.browser.walk.story import BORN, MEETING_STARTS, NAME, NEWCOMER, REFERENCE, Story

CAME = {
    "Alan Reid": "Attended",
    "Carys Lunt": "Attended",
    "Folake Adeyemi": "Attended",
    "Ruth Bannerman": "Attended in part",
    "Tom Okafor": "Attended",
    NEWCOMER: "Attended",
    "Mark Ellison": "Sent apologies",
    "Joe Farrow": "Absent",
}


def who_came_is_recorded_and_locked(story: Story) -> None:
    story.town.until(MEETING_STARTS + timedelta(hours=2))
    story.town.timers()
    priya = story.people.at(Register, "priya")
    priya.is_back("/unit/")
    priya.goes_to_the_case_at_its_meeting(REFERENCE)
    with within("attendance is recorded", priya):
        priya.records(CAME)
    priya.at.sees("The attendance is recorded.", "A coordinator, a deputy or the chair locks it")
    assert not priya.at.has_button("Lock the attendance")
    helen = story.people.at(Register, "helen")
    helen.is_back("/unit/")
    helen.at.go(urlsplit(priya.at.page.url).path)
    helen.at.press("Lock the attendance")
    helen.at.sees("The attendance is locked.")
    priya.goes_to_the_case_at_its_meeting(REFERENCE)
    priya.at.follow("See the attendance")
    priya.at.sees("Locked by Helen Marsh")
    assert not priya.at.has_button("Record the attendance")


def the_minutes_are_filed(story: Story) -> None:
    priya = story.people.at(Register, "priya")
    minutes = report("MAPPA C: minutes", NAME, BORN, ["Agreed: an exclusion zone, by 1 June."])
    priya.goes_to_the_case_at_its_meeting(REFERENCE)
    with within("minutes are filed", priya):
        priya.files_minutes(file_of(story.folder, "minutes.pdf", minutes))
    priya.at.sees("The draft is filed.", "Version 1 was filed by Priya Shah", "not approved it yet")
    story.paths["minutes"] = urlsplit(priya.at.page.url).path
    assert priya.at.go(f"{story.paths['minutes']}/send") == 403


def they_go_to_nobody_before_the_chair_approves(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    assert helen.at.go(f"{story.paths['minutes']}/send") == 403
    helen.at.sees("The chair has not approved these minutes yet.")
    alan = story.people.at(Chair, "alan")
    with within("minutes are approved, from signing in", alan):
        alan.signs_in()
        alan.at.follow(f"Minutes to approve {REFERENCE}", begins=True)
        assert "exclusion zone" in read(alan.at.save("Read the minutes")).text
        alan.approves()
    alan.at.sees("You have approved these minutes.")


def they_go_to_those_who_attended(story: Story) -> None:
    helen = story.people.at(Sender, "helen")
    helen.at.go(story.paths["minutes"])
    helen.at.follow("Minutes to whom?")
    helen.at.sees("5 people get it", "Attended in part, and nothing is chosen for them yet")
    helen.at.sees("Sent apologies, and no duty to consider is recorded")
    helen.at.sees("Did not attend, and no duty to consider is recorded")
    helen.at.follow_in(helen.at.row("Mark Ellison"))
    helen.at.fill("What they must consider", "Supervises the individual and writes the plan.")
    last = date(2026, 6, 26)
    helen.at.fill_date("Can be read until", last.day, last.month, last.year)
    helen.at.press("Record the duty")
    helen.at.follow("Minutes to whom?")
    helen.at.choose("What Ruth Bannerman gets", "All of the minutes, for a reason")
    helen.at.press("Show who gets what")
    helen.at.sees("7 people get it", "26 June 2026 at 11:59pm")
    with within("minutes are sent, once they have been looked at", helen):
        helen.sends_it(helen.code(), "She knows all of it already.", "Send the minutes")
    helen.at.sees("The minutes are sent.", "Mark Ellison")
    helen.at.does_not_see("Joe Farrow")


def those_who_were_away_get_nothing(story: Story) -> None:
    nia = story.people.at(Reader, "nia")
    nia.is_back()
    nia.goes_to("Minutes to read", REFERENCE)
    nia.accepts_the_statement()
    clear = nia.opens("Download the minutes")
    story.paths["nia's minutes"] = urlsplit(nia.at.page.url).path
    minutes = read(clear)
    assert "exclusion zone" in minutes.text
    assert all(NEWCOMER in page for page in minutes.pages)

    mark = story.people.at(Reader, "mark")
    mark.is_back()
    mark.goes_to("Minutes to read", REFERENCE)
    joe = story.people.at(Reader, "joe")
    joe.is_back()
    assert f"Minutes to read {REFERENCE}" not in joe.at.said()
    assert joe.at.go(story.paths["nia's minutes"]) == 404
