"""Where the statement gives the decision to the chair, the chair's view is recorded (rule 61)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.deeds import Deed
from portal.domain.disclosures import ChairsView, Disclosure
from portal.domain.weighing import Approval, NotWeighed, Refusal
from portal.journeys.changed import Changed
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.meetings.want_chairs_view import read_chairs_view_wanted, want_chairs_view
from portal.policy.judge import Refused
from tests.disclosure.browsing import browser
from tests.disclosure.decisions import BOTH, nothing_happened
from tests.disclosure.scene import APPROVAL, REFUSAL, Scene, lines
from tests.documents.making import texts as pages_of
from tests.web.browsing import send, text_of

SAID = "Rang Alan Reeve on 20 May; he would rather wait."


def wanted(scene: Scene, *, yes: bool = True) -> None:
    want_chairs_view(scene.world.house, scene.world.who("helen"), wanted=yes)


def saying(decision: Approval | Refusal, view: ChairsView, said: str) -> Approval | Refusal:
    return replace(decision, weighing=replace(decision.weighing, chair=view, chair_said=said))


@BOTH
def test_nothing_is_decided_without_it(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal
) -> None:
    wanted(scene)
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, decision)
    assert missing.value.field == "chair"
    nothing_happened(scene, asked)


@BOTH
@pytest.mark.parametrize("view", [each for each in ChairsView if each is not ChairsView.NOT_ASKED])
def test_a_view_needs_its_words(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, view: ChairsView
) -> None:
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, saying(decision, view, "n/a"))
    assert missing.value.field == "chair_said"
    nothing_happened(scene, asked)


@BOTH
def test_it_stands_in_an_authority_and_not_in_the_reply_to_a_refusal(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal
) -> None:
    """The page says that a reply goes to whoever asked, and the reasons above it do not."""
    wanted(scene)
    scene.decide(asked.id, saying(decision, ChairsView.DISAGREES, SAID))
    house, helen = scene.world.house, scene.world.who("helen")
    pdf = read_decision(house, helen, asked.id, as_unit=True).pdf_clear
    text = " ".join(" ".join(pages_of(pdf)).split())
    refused = isinstance(decision, Refusal)
    assert (f"The chair disagrees. {SAID}" in text) is not refused
    assert ("chair" in text.lower()) is not refused
    found = read_disclosure(house, helen, asked.id)
    assert found.weighed["chair"] == "disagrees"
    assert found.weighed["chair_said"] == SAID
    (line,) = lines(scene.world, Deed.DISCLOSURE_APPROVED, Deed.DISCLOSURE_REFUSED)
    assert SAID not in str(line)


def test_a_setting_that_changed_meanwhile_is_looked_at_first(
    scene: Scene, asked: Disclosure
) -> None:
    before = scene.digest(asked.id)
    wanted(scene)
    with pytest.raises(Changed):
        scene.decide(asked.id, APPROVAL, digest=before)
    wanted(scene, yes=False)
    scene.decide(asked.id, REFUSAL, digest=before)


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "sian", "dev"])
def test_only_coordinators_and_deputies_say_so(scene: Scene, name: str) -> None:
    who = scene.world.who(name)
    with pytest.raises(Refused):
        want_chairs_view(scene.world.house, who, wanted=True)
    with pytest.raises(Refused):
        read_chairs_view_wanted(scene.world.house, who)


def test_the_page(scene: Scene, asked: Disclosure) -> None:
    helen, path = browser(scene, "helen"), "/unit/disclosures/chair"
    assert path in helen.get("/unit/disclosures/").get_data(as_text=True)
    assert "give the decision to the chair" in text_of(helen.get(path))
    assert send(helen, path, wanted="maybe").status_code == 200
    assert send(helen, path, wanted="yes").status_code == 302
    assert read_chairs_view_wanted(scene.world.house, scene.world.who("tom"))
    form = text_of(helen.get(f"/unit/disclosures/{asked.id}/refuse"))
    assert "The chair could not be reached" in form
