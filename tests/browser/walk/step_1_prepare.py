"""Step 1: a case is opened, a meeting day planned, people invited, reports asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.browser.budgets import within
from tests.browser.pages.unit import Unit
from tests.browser.walk.story import (
    BORN,
    MEETING,
    NAME,
    OTHER_BORN,
    OTHER_NAME,
    OTHER_REFERENCE,
    REFERENCE,
    Story,
)


def the_coordinator_prepares_a_meeting(story: Story) -> None:
    helen = story.people.at(Unit, "helen")
    with within("a case is opened", helen):
        helen.signs_in("/unit/")
        helen.opens_a_case(
            REFERENCE, "Probation Service, Northmere", "Category 2", "Level 2", NAME, BORN
        )
    helen.at.sees("The case is open.", REFERENCE, NAME, "14 March 1985")
    helen.at.sees_the_marking(REFERENCE)
    with within("a meeting day is planned", helen):
        helen.plans_a_meeting(MEETING, "10:30", "In person and remote", REFERENCE, "NM/2026/014")
    helen.at.sees("28 May 2026 at 10:30am", REFERENCE, "NM/2026/014", "11am")

    helen.goes_to_the_case_at_its_meeting(REFERENCE)
    story.paths["slot"] = urlsplit(helen.at.page.url).path
    with within("somebody is invited", helen):
        helen.invites("Carys Lunt", "Police investigator", "Holds the police information.")
    helen.at.does_not_see("MAPPA F")
    helen.invites("Folake Adeyemi", "Offender manager", "Manages the sentence.")
    helen.at.sees("Their agency has been asked for its MAPPA F", "MAPPA F: prison")
    helen.invites("Joe Farrow", "Manager who can commit", "Decides on accommodation.")
    helen.at.sees("They cannot open papers yet")
    with within("a report is asked for", helen):
        helen.asks_for_a_report("Northmere Police", "Agency update")
    helen.at.sees("The report is asked for", "Northmere Police")


def the_administrator_prepares_too(story: Story) -> None:
    priya = story.people.at(Unit, "priya")
    priya.signs_in("/unit/")
    priya.opens_a_case(
        OTHER_REFERENCE, "Northmere Police", "Category 1", "Level 3", OTHER_NAME, OTHER_BORN
    )
    priya.at.sees("The case is open.", OTHER_NAME)
    priya.goes_to_the_case_at_its_meeting(REFERENCE)
    for name, capacity in (
        ("Alan Reid", "Chair"),
        ("Mark Ellison", "Holds the case"),
        ("Ruth Bannerman", "Manager who can commit"),
        ("Tom Okafor", "Specialist"),
    ):
        priya.invites(name, capacity, "Works with the individual, or can commit resources.")
    priya.asks_for_a_report("Probation Service, Northmere", "MAPPA A")
    priya.at.sees("7 people")


def the_administrator_cannot_send_or_decide(story: Story) -> None:
    priya = story.people.at(Unit, "priya")
    priya.at.go(story.paths["slot"])
    assert not priya.at.has_button("Send")
    priya.at.go("/unit/people/")
    assert priya.at.page.get_by_role("link", name="Confirm key").count() == 0
    for path in (f"{story.paths['slot']}/pack/send", "/unit/disclosures/"):
        assert priya.at.go(path) == 403, path
        priya.at.sees("This is for other people in the unit to do. Nothing was changed.")
