"""Step 7: a paper is passed on by written authority, or is not, and whoever asked is told."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from tests.browser.budgets import within
from tests.browser.pages.disclosing import Asker, Decider
from tests.browser.pages.reader import Reader
from tests.browser.reading import read
from tests.browser.walk.story import NEWCOMER, REFERENCE, Story

PURPOSE = "To plan the treatment that the meeting asked for, before the appointment."
NEED = "Without it the clinician cannot know what was agreed. By the second week of June."


def an_attendee_asks(story: Story) -> None:
    carys = story.people.at(Asker, "carys")
    carys.is_back()
    Reader(carys.at, carys.town, carys.persona).goes_to("Minutes to read", REFERENCE)
    with within("passing something on is asked for", carys):
        carys.asks_to_pass_on("MAPPA C", "Grace Oduya", PURPOSE, NEED)
    carys.at.sees("Your request has been sent to the MAPPA unit.", "Pass nothing on")


def a_deputy_asks_and_cannot_decide_it(story: Story) -> None:
    tom = story.people.at(Asker, "tom")
    tom.signs_in("/")
    Reader(tom.at, tom.town, tom.persona).goes_to("Minutes to read", REFERENCE)
    if tom.at.heading() == "Confidentiality statement":
        Reader(tom.at, tom.town, tom.persona).accepts_the_statement()
    tom.asks_to_pass_on("MAPPA C", "Grace Oduya", PURPOSE, NEED)
    tom.at.sees("Your request has been sent")
    own = urlsplit(tom.at.page.url).path.rpartition("/")[2]
    deciding = Decider(tom.at, tom.town, tom.persona)
    deciding.goes_to_the_request("Tom Okafor", "Grace Oduya")
    deciding.at.sees("Another coordinator must decide it.")
    assert not tom.at.page.locator("main a.govuk-button").count()
    for deed in ("approve", "refuse"):
        tom.at.go(f"/unit/disclosures/{own}/{deed}")
        assert tom.at.heading() == "Request to pass a paper on"


def the_coordinator_approves_one(story: Story) -> None:
    helen = story.people.at(Decider, "helen")
    helen.is_back("/unit/")
    helen.goes_to_the_request("Carys Lunt", "Grace Oduya")
    helen.at.sees(PURPOSE, NEED)
    with within("a disclosure is approved", helen):
        helen.approves(
            "Only this paper serves",
            "Criminal Justice Act 2003",
            "Probation, Mark Ellison, by telephone on 28 May: agrees.",
            14,
        )
    helen.at.sees("Your decision has been recorded", "Approved", "Number")
    story.papers["authority"] = helen.at.save("Read the written authority")
    authority = read(story.papers["authority"]).text
    assert "Grace Oduya" in authority
    assert REFERENCE in authority


def the_coordinator_refuses_the_other(story: Story) -> None:
    helen = story.people.at(Decider, "helen")
    helen.goes_to_the_request("Tom Okafor", "Grace Oduya")
    with within("a disclosure is refused", helen):
        helen.refuses()
    helen.at.sees("Your decision has been recorded", "Refused")
    tom = story.people.at(Asker, "tom")
    tom.at.go("/")
    tom.at.follow(f"Your request to pass something on {REFERENCE}", begins=True)
    tom.at.sees("Refused", "The reply")
    tom.at.does_not_see("a known adult")
    assert "Grace Oduya" in read(tom.at.save("Read the reply as a PDF")).text
    carys = story.people.at(Asker, "carys")
    carys.at.go("/")
    carys.at.follow(f"Your request to pass something on {REFERENCE}", begins=True)
    carys.at.sees("Approved", "Written authority", "You need send them nothing.")


def the_receiver_reads_that_paper_only(story: Story) -> None:
    grace = story.people.at(Reader, "grace")
    grace.is_back()
    grace.goes_to("Paper disclosed to you", "DA/2026/")
    if grace.at.heading() == "Confidentiality statement":
        grace.accepts_the_statement()
    grace.at.sees("A paper disclosed to you")
    story.paths["grace's paper"] = urlsplit(grace.at.page.url).path
    copy = read(grace.opens("Download the paper"))
    assert "exclusion zone" in copy.text
    assert "Wexbourne" not in copy.text
    assert all("Grace Oduya" in page for page in copy.pages)
    assert NEWCOMER not in copy.text
    for path in (story.paths["nia's minutes"], story.paths["carys's pack"]):
        assert grace.at.go(path) == 404
    story.town.later(days=15)
    story.town.timers()
    grace.is_back()
    grace.at.go(story.paths["grace's paper"])
    grace.at.sees("This closed on 11 June 2026")
    assert not grace.at.has_button("Download the paper")


def times_end_by_themselves(story: Story) -> None:
    story.town.later(days=timedelta(weeks=20).days)
    story.town.timers()
    nia = story.people.at(Reader, "nia")
    nia.is_back(story.paths["nia's minutes"])
    nia.at.sees("This closed on")
