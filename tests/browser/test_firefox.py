"""The base journey in Firefox: joining from a letter, signing in, reading one paper."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from pypdf import PdfReader

from tests.browser.northmere import Town
from tests.browser.pages.reader import Reader
from tests.browser.pages.unit import Unit
from tests.browser.people import People
from tests.browser.reading import read
from tests.browser.visitor import USUAL, Axe, Looks
from tests.real.browser import OpenPage

pytestmark = [
    pytest.mark.real("Firefox"),
    pytest.mark.real("independent TOTP"),
    pytest.mark.timeout(600),
]

NAME, EMAIL = "Nia Prosser", "nia.prosser@northmere.example"
REFERENCE = "NM/2026/021"


@pytest.fixture
def in_firefox(town: Town, open_in_firefox: OpenPage, axe: Axe) -> Iterator[People]:
    """Everybody in Northmere, each in a Firefox of their own; every page is looked at."""
    looks = Looks(axe)
    yield People(town, lambda: open_in_firefox(viewport=dict(USUAL)), looks)
    assert looks.complaints == []


def test_somebody_joins_from_their_letter(in_firefox: People, town: Town) -> None:
    helen = in_firefox.at(Unit, "helen")
    helen.signs_in("/unit/")
    helen.lets_join(
        NAME, EMAIL, "Community nurse", "01632 960 552", town.people["grace"].agency,
        "Attends meetings",
    )  # fmt: skip
    nia = in_firefox.newcomer("nia")
    persona = nia.joins(town.letters(EMAIL)[-1], NAME, EMAIL, town.people["grace"].agency)
    practice = nia.reads_the_practice_paper()
    assert "How to read a pack" in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(practice)).pages
    )
    in_firefox.joined("nia", persona)
    again = in_firefox.at(Reader, "nia")
    again.signs_out()
    again.signs_in("/account/")
    again.at.sees("Code app")


def test_an_attendee_signs_in_and_reads_a_paper(in_firefox: People) -> None:
    mark = in_firefox.at(Reader, "mark")
    mark.signs_in("/")
    mark.goes_to("Pack to read", REFERENCE)
    mark.accepts_the_statement()
    assert "Mark Ellison" in read(mark.opens()).text
    mark.signs_out()
    mark.at.go("/")
    assert mark.at.heading() == "Sign in"
