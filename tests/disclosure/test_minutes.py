"""Minutes are passed on like any other paper: asked for, decided, one copy, one time."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from portal.domain.disclosures import DisclosureState
from portal.domain.meetings import Presence
from portal.journeys.disclosure.ask_disclosure import Wish, ask_disclosure
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.deciding import deciding
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.views.pass_on import pass_on_page
from portal.policy.judge import Refused
from portal.records import sendings
from portal.records.database import reading
from tests.disclosure.scene import APPROVAL, NEED, PURPOSE
from tests.staging import Stage
from tests.staging_fixture import stage, staged

__all__ = ["stage", "staged"]


@pytest.fixture
def sent(stage: Stage) -> Stage:
    """The minutes went to those who attended; Ruth had sent apologies."""
    stage.minutes_ready(ruth=Presence.APOLOGIES)
    stage.send_minutes()
    stage.accept("carys")
    return stage


def test_minutes_are_passed_on_whole_to_one_person(sent: Stage) -> None:
    house, world, grant = sent.house, sent.world, sent.grant("carys")
    page = pass_on_page(house, world.who("carys"), grant.id)
    ((paper, title, owner),) = page.papers
    assert (title, owner) == ("MAPPA C: minutes of the meeting", "Probation Service")
    wish = Wish(paper, world.person("grace").id, PURPOSE, NEED)
    asked = ask_disclosure(house, world.who("carys"), grant.id, wish)
    with reading(house.engine) as db:
        digest = deciding(house, db, world.area.id, asked.id).digest
    code = world.code("tom")
    done = decide_disclosure(house, world.who("tom"), asked.id, APPROVAL, digest, code)
    assert done.state is DisclosureState.APPROVED
    sent.accept("grace")
    with reading(house.engine) as db:
        (given,) = sendings.grants_of_person(db, world.area.id, world.person("grace").id)
    copy = b"".join(open_paper(house, world.who("grace"), given.id).chunks())
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(copy)).pages)
    assert "DA/2026/001" in text
    assert "Minute 1" in text
    assert "Form F" not in text
    sent.whole()


def test_apologies_pass_nothing_on(sent: Stage) -> None:
    with pytest.raises(Refused):
        pass_on_page(sent.house, sent.world.who("ruth"), sent.grant("carys").id)
