"""The executive summary: written by the unit, approved by a coordinator, given instead of a paper
(rules 63 and 69)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain import statement
from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState, Least
from portal.domain.summaries import Summary
from portal.domain.weighing import NotWeighed
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.minutes.approve_summary import approve_summary
from portal.journeys.minutes.read_summary import read_approved_summary, read_summary
from portal.journeys.minutes.write_summary import write_summary
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import texts
from portal.records.database import reading
from tests.disclosure.decisions import nothing_happened
from tests.disclosure.scene import APPROVAL, Scene, lines
from tests.documents.making import opened
from tests.documents.making import texts as pages_of
from tests.documents.test_still_universal import claims
from tests.web.browsing import text_of
from tests.web.sending_pages import get, post

SUMMARY = Summary(
    "Category 1, Level 2, since March, for offences against children.",
    "High risk of serious harm to children he knows.\n\n#read('x') *as typed*",
    "Supervision, visits without notice, and a curfew.",
    "The meeting keeps the case at Level 2.",
)
INSTEAD = replace(APPROVAL, least=Least.SUMMARY, consulted="")


def write(scene: Scene, summary: Summary = SUMMARY, by: str = "priya") -> str:
    house, who = scene.world.house, scene.world.who(by)
    was = read_summary(house, who, scene.slot_id).written.digest
    write_summary(house, who, scene.slot_id, summary, was)
    return read_summary(house, who, scene.slot_id).written.digest


def approve(scene: Scene, by: str = "helen") -> None:
    digest = write(scene)
    code = scene.world.code(by)
    approve_summary(scene.world.house, scene.world.who(by), scene.slot_id, digest, code)


def test_the_summary_is_given_and_the_paper_is_not(scene: Scene, asked: Disclosure) -> None:
    approve(scene)
    decided = scene.decide(asked.id, INSTEAD)
    assert (decided.state, decided.least) == (DisclosureState.APPROVED, Least.SUMMARY)
    joe, house = scene.world.who("joe"), scene.world.house
    accept_statement(house, joe, scene.slot_id, statement.CURRENT.digest)
    copy = b"".join(open_paper(house, joe, scene.grant_of("joe").id).chunks())
    text = " ".join(" ".join(pages_of(copy)).split())
    assert "Daniel Marlow" in text
    assert "#read('x') *as typed*" in text
    assert "Executive summary" in text
    assert "/StructTreeRoot" in opened(copy).Root
    told = read_decision(house, scene.world.who("helen"), asked.id, as_unit=True).pdf_clear
    assert "Executive summary, from" in " ".join(" ".join(pages_of(told)).split())
    (line,) = lines(scene.world, Deed.DISCLOSURE_APPROVED)
    assert line["version"] != asked.version_id


def test_without_an_approved_summary_none_is_given(scene: Scene, asked: Disclosure) -> None:
    write(scene)
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, INSTEAD)
    assert missing.value.field == "least"
    nothing_happened(scene, asked)


def test_a_summary_approved_meanwhile_is_looked_at_first(scene: Scene, asked: Disclosure) -> None:
    before = scene.digest(asked.id)
    approve(scene)
    with pytest.raises(Changed):
        scene.decide(asked.id, INSTEAD, digest=before)
    nothing_happened(scene, asked)


def test_the_unit_writes_and_a_coordinator_approves(scene: Scene) -> None:
    digest, house = write(scene), scene.world.house
    for name in ("priya", "carys", "sian", "dev", "joe"):
        with pytest.raises(Refused):
            approve_summary(house, scene.world.who(name), scene.slot_id, digest, "000000")
    for name in ("carys", "sian", "dev", "joe"):
        who = scene.world.who(name)
        with pytest.raises(Refused):
            read_summary(house, who, scene.slot_id)
        with pytest.raises(Refused):
            write_summary(house, who, scene.slot_id, SUMMARY, digest)
        with pytest.raises(Refused):
            read_approved_summary(house, who, scene.slot_id)
    with pytest.raises(CodeRefused):
        approve_summary(house, scene.world.who("tom"), scene.slot_id, digest, "000000")
    with pytest.raises(Refused):
        read_approved_summary(house, scene.world.who("helen"), scene.slot_id)


def test_what_was_read_is_what_is_approved(scene: Scene) -> None:
    digest, house = write(scene), scene.world.house
    write(scene, replace(SUMMARY, risk="Another text altogether, longer than before."))
    code = scene.world.code("helen")
    with pytest.raises(Changed):
        approve_summary(house, scene.world.who("helen"), scene.slot_id, digest, code)
    with pytest.raises(Changed, match="Somebody else"):
        write_summary(house, scene.world.who("tom"), scene.slot_id, SUMMARY, digest)


@pytest.mark.parametrize("field", ["why_managed", "risk", "plan", "decisions"])
def test_an_empty_heading_is_not_approved(scene: Scene, field: str) -> None:
    digest = write(scene, replace(SUMMARY, **{field: "n/a"}))
    helen, house = scene.world.who("helen"), scene.world.house
    with pytest.raises(Unacceptable) as missing:
        approve_summary(house, helen, scene.slot_id, digest, scene.world.code("helen"))
    assert missing.value.field == field
    with pytest.raises(Unacceptable):
        write_summary(house, helen, scene.slot_id, replace(SUMMARY, plan="x" * 5000), digest)


def test_an_earlier_draft_put_back_is_not_believed(scene: Scene) -> None:
    write(scene, replace(SUMMARY, risk="An earlier text of a good length."))
    area = scene.world.area.id
    with reading(scene.world.house.engine) as db:
        old = texts.load(db, area, scene.slot_id, "summary")
    assert old is not None
    write(scene)
    with tending(scene.world.house) as db:
        now = scene.world.clock.now()
        texts.save(db, texts.SealedText(area, scene.slot_id, "summary", old, now))
    with pytest.raises(Spoilt):
        read_summary(scene.world.house, scene.world.who("helen"), scene.slot_id)


def test_the_pages(scene: Scene, asked: Disclosure) -> None:
    priya, helen = scene.world.client("priya"), scene.world.client("helen")
    path = f"/unit/slots/{scene.slot_id}/summary"
    assert "no victim, no child" in get(priya, path)
    typed = {f: getattr(SUMMARY, f) for f in ("why_managed", "risk", "plan", "decisions")}
    long = post(priya, path, **{**typed, "risk": "r" * 4001})
    assert "Write at most 4,000 characters." in text_of(long)
    assert "r" * 4001 in long.get_data(as_text=True)
    assert post(priya, path, **typed).headers["Location"].endswith("/summary/check")
    assert "A coordinator approves it." in text_of(priya.get(f"{path}/check"))
    body = get(helen, f"{path}/check")
    assert "Supervision, visits without notice" in body
    refused = helen.post(f"{path}/approve", data={**hidden(body), "code": "000000"})
    assert "That code is not right" in text_of(refused)
    done = helen.post(f"{path}/approve", data={**hidden(body), "code": scene.world.code("helen")})
    assert done.status_code == 302, text_of(done)
    assert "Version 1 is approved." in text_of(helen.get(path))
    read = helen.post(f"{path}/read", data=hidden(body))
    assert claims(read.data)
    assert f"{path}" in helen.get(f"/unit/disclosures/{asked.id}/approve").get_data(as_text=True)


def hidden(body: str) -> dict[str, str]:
    def value(name: str) -> str:
        return body.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]

    return {"csrf_token": value("csrf_token"), "digest": value("digest")}
