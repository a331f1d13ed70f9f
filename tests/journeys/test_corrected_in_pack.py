"""Rule 57: a corrected report changes no pack by itself; once it is chosen it goes on."""

from __future__ import annotations

import pytest

from portal.domain.ids import VersionId
from portal.domain.packs import Others
from portal.journeys.changed import Changed
from portal.journeys.packs.preview_addendum import preview_addendum
from portal.journeys.packs.proposing_addendum import Choice
from portal.journeys.packs.send_addendum import send_addendum
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.reports.use_newer import use_newer
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.addendum import choose_page, send_addendum_page
from portal.journeys.views.pack import arrange_page, send_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.documents.making import numbered, texts
from tests.staging import BORN, REASON, Stage

pytestmark = pytest.mark.real("SQLite and folder")


def correct(stage: Stage, form: str = "F", by: str = "adeyemi", word: str = "Better") -> VersionId:
    with reading(stage.house.engine) as db:
        found = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    request = next(each.id for each in found if each.form_code == form)
    who = stage.world.who(by)
    examined = examine_report(stage.house, who, request, numbered(3, word))
    done = submit_report(
        stage.house, who, request, examined.candidate_id, BORN, "A date was wrong."
    )
    return done.version_id


def chosen(stage: Stage, version: VersionId, *names: str, after: int = 2) -> Choice:
    return Choice(version, after, frozenset(stage.id(name) for name in names))


def page_of(stage: Stage, choice: Choice):
    return send_addendum_page(stage.house, stage.world.who("helen"), stage.slot_id, choice)


def go(stage: Stage, choice: Choice):
    helen = stage.world.who("helen")
    return send_addendum(stage.house, helen, stage.slot_id, choice, page_of(stage, choice).digest,
                         stage.world.code("helen"), REASON)  # fmt: skip


def arranging(stage: Stage):
    return arrange_page(stage.house, stage.world.who("helen"), stage.slot_id)


# ---- what must not happen ----


def test_what_comes_in_does_not_change_what_was_arranged(stage: Stage) -> None:
    stage.arrange()
    newer = correct(stage)
    line = next(each for each in arranging(stage).papers if each.newer)
    assert (line.version_id, line.newer, line.tab) == (stage.papers["F"], newer, 2)
    stage.send()
    stage.accept("mark")
    pages = texts(stage.opens("mark"))
    assert any("Form F 1" in page for page in pages)
    assert not any("Better" in page for page in pages)


def test_a_correction_between_page_and_click_sends_nothing(stage: Stage) -> None:
    stage.arrange()
    digest, code = stage.digest(), stage.world.code("helen")
    correct(stage)
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest, code, REASON)
    assert stage.lines("pack.sent") == []


def test_whoever_sends_the_earlier_one_is_warned_and_says_why(stage: Stage) -> None:
    stage.arrange()
    correct(stage)
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert any("newer version of MAPPA F" in words for words in page.proposal.warnings)
    with pytest.raises(Unacceptable) as caught:
        stage.send(reason="")
    assert caught.value.field == "reason"


@pytest.mark.parametrize("name", ["alan", "joe", "sian", "dev", "adeyemi"])
def test_only_the_unit_chooses_it(stage: Stage, name: str) -> None:
    stage.arrange()
    newer = correct(stage)
    with pytest.raises(Refused) as caught:
        use_newer(stage.house, stage.world.who(name), stage.slot_id, newer)
    assert caught.value.why is Why.NOT_YOUR_ROLE


def test_only_the_newest_of_what_is_arranged_is_chosen(stage: Stage) -> None:
    stage.arrange(["A", "F"])
    older = correct(stage)
    correct(stage, word="Best")
    helen = stage.world.who("helen")
    for version in (older, stage.papers["F"], stage.papers["update"], VersionId("nothing")):
        with pytest.raises(Changed):
            use_newer(stage.house, helen, stage.slot_id, version)
    assert len(stage.lines("pack.arranged")) == 1


def test_attack_what_corrects_a_restricted_annex_is_no_late_paper(stage: Stage) -> None:
    stage.arrange(["A", "update"], annexes={"F": (Others.NOTHING, ["mark"])})
    stage.send()
    newer = correct(stage)
    assert arranging(stage).late == ()
    with pytest.raises(Refused):
        go(stage, chosen(stage, newer, "joe"))
    use_newer(stage.house, stage.world.who("helen"), stage.slot_id, newer)
    assert arranging(stage).late == ()
    with pytest.raises(Refused):
        go(stage, chosen(stage, newer, "joe"))
    assert stage.lines("addendum.sent") == []


# ---- what must ----


def test_chosen_it_takes_the_place_of_the_earlier_one_for_the_same_people(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"]}, annexes={"update": (Others.SIGNPOST, ["mark"])},
                  forms=["A", "F"])  # fmt: skip
    before = arranging(stage)
    newer = correct(stage)
    use_newer(stage.house, stage.world.who("priya"), stage.slot_id, newer)
    after = arranging(stage)
    assert [(p.tab, p.others, p.newer) for p in after.papers] == [
        (p.tab, p.others, None) for p in before.papers
    ]
    old = stage.papers["F"]
    assert after.given == {
        person: frozenset(newer if each == old else each for each in held)
        for person, held in before.given.items()
    }
    assert (after.opens_at, after.closes_at) == (before.opens_at, before.closes_at)
    assert newer in stage.lines("pack.arranged")[-1]["papers"]
    sent = stage.send()
    stage.accept("mark")
    assert any("Better 1" in page for page in texts(stage.opens("mark", sent.sending.id)))
    stage.whole()


def test_after_the_pack_it_goes_as_an_addendum_that_says_what_it_replaces(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    newer = correct(stage)
    (late,) = arranging(stage).late
    assert (late.version_id, late.replaces) == (newer, 2)
    page = choose_page(stage.house, stage.world.who("helen"), stage.slot_id, newer)
    assert page.after == 2
    assert {stage.name_of(p) for p in page.holding} == {
        stage.name_of(p) for p, _, _ in page.readers
    }
    everybody = [stage.name_of(person) for person, _name, _agency in page.readers]
    assert page_of(stage, chosen(stage, newer, *everybody)).proposal.warnings == ()
    stage.accept("mark")
    sent = go(stage, chosen(stage, newer, *everybody))
    pages = texts(stage.opens("mark", sent.sending.id))
    assert "It replaces Tab 2" in " ".join(pages[0].split())
    assert "Better 1" in pages[1]
    assert "Page 6a" in pages[1]
    stage.whole()


def test_who_has_the_old_one_and_is_left_out_is_named(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"]})
    stage.send()
    newer = correct(stage)
    warnings = page_of(stage, chosen(stage, newer, "mark")).proposal.warnings
    joe, ruth = stage.world.person("joe").name, stage.world.person("ruth").name
    assert any(ruth in words for words in warnings)
    assert not any(joe in words for words in warnings)


def test_who_has_it_by_an_addendum_is_named_when_it_is_corrected_once_more(stage: Stage) -> None:
    stage.arrange(["A", "F"], kept_back={"joe": ["F"]})
    stage.send()
    go(stage, chosen(stage, correct(stage), "joe"))
    newest = correct(stage, word="Best")
    warnings = page_of(stage, chosen(stage, newest, "mark")).proposal.warnings
    assert any(stage.world.person("joe").name in words for words in warnings)
    assert [late.version_id for late in arranging(stage).late if late.replaces] == [newest]


# ---- the preview of an addendum ----


def test_a_preview_is_marked_with_whoever_looks_and_its_line_is_left(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    choice = chosen(stage, correct(stage), "mark")
    priya = stage.world.who("priya")
    clear = preview_addendum(stage.house, priya, stage.slot_id, choice, stage.id("mark"))
    pages = texts(clear)
    assert all("PREVIEW" in page and priya.actor.name in page for page in pages)
    assert "It replaces Tab 2" in " ".join(pages[0].split())
    assert stage.lines("pack.previewed")[-1]["person"] == stage.id("mark")
    assert stage.lines("addendum.sent") == []


@pytest.mark.parametrize("name", ["alan", "joe", "mark", "sian", "dev"])
def test_only_the_unit_previews_an_addendum(stage: Stage, name: str) -> None:
    stage.arrange()
    stage.send()
    choice = chosen(stage, correct(stage), "mark")
    with pytest.raises(Refused) as caught:
        preview_addendum(stage.house, stage.world.who(name), stage.slot_id, choice,
                         stage.id("mark"))  # fmt: skip
    assert caught.value.why is Why.NOT_YOUR_ROLE


def test_there_is_no_preview_for_somebody_it_is_not_for(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    helen, newer = stage.world.who("helen"), correct(stage)
    for choice, person in (
        (chosen(stage, newer, "mark"), "joe"),
        (chosen(stage, stage.papers["F"], "mark"), "mark"),
        (chosen(stage, newer, "mark", after=9), "mark"),
    ):
        with pytest.raises(Refused) as caught:
            preview_addendum(stage.house, helen, stage.slot_id, choice, stage.id(person))
        assert caught.value.why is Why.NOT_THERE
    assert stage.lines("pack.previewed") == []


def test_by_hand(stage: Stage) -> None:
    stage.arrange()
    newer = correct(stage)
    helen = stage.world.client("helen")
    at = f"/unit/slots/{stage.slot_id}/pack"
    assert "Use the newer version" in words_of(helen.get(at))
    assert post(helen, f"{at}/newer/{newer}").status_code == 302
    assert "Use the newer version" not in words_of(helen.get(at))
    stage.send()
    late = correct(stage, "A", "carys")
    where = f"/unit/slots/{stage.slot_id}/addenda/{late}"
    assert "(has the earlier version)" in words_of(helen.get(where))
    sending = f"{where}/send?after=1&to={stage.id('mark')}"
    page = helen.get(sending).text
    action = page.partition(f'action="{where}/preview')[2].partition('"')[0].replace("&amp;", "&")
    answer = post(helen, f"{where}/preview{action}")
    assert answer.mimetype == "application/pdf"
    assert "PREVIEW" in texts(answer.data)[0]
