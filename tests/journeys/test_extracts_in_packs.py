"""An extract goes into a pack in the place of its paper, for those it was chosen for (rule 36)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from portal.domain.extracts import BothWays
from portal.domain.grants import GrantState
from portal.domain.ids import VersionId
from portal.domain.packs import Item, Others
from portal.journeys.changed import Changed
from portal.journeys.extracts.offered import instead_in
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.preview_pack import preview_pack
from portal.journeys.packs.proposing import setting
from portal.journeys.packs.proposing_addendum import sent_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pack import arrange_page, send_page
from portal.records import arrangements, papers, sendings
from portal.records.database import reading
from tests.cutting import cut, unmarked
from tests.documents.making import texts
from tests.staging import REASON, Stage

pytestmark = pytest.mark.real("SQLite and folder")


def said(clear: bytes) -> list[str]:
    return [" ".join(page.split()) for page in texts(clear)]


def test_an_extract_that_nobody_looked_through_is_not_offered_and_not_kept(stage: Stage) -> None:
    extract = cut(stage, "update", checked=False)
    page = arrange_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert all(line.extracts == () for line in page.papers)
    with pytest.raises(Changed):
        stage.arrange(extracts={"joe": {"update": extract}})
    assert stage.lines("pack.arranged") == []


def test_a_row_that_says_it_was_looked_through_is_not_believed(stage: Stage) -> None:
    extract = cut(stage, "update", checked=False)
    with stage.house.engine.begin() as db:
        db.execute(text("UPDATE extracts SET checked_by = made_by, checked_at = made_at"))
    stage.arrange(extracts={"joe": {"update": extract}})
    with pytest.raises(Changed):
        stage.send()
    with pytest.raises(Changed):
        preview_pack(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"))
    assert stage.lines("pack.sent") == []


def test_attack_an_extract_of_another_paper_does_not_stand_for_this_one(stage: Stage) -> None:
    """Somebody with the database says that the extract of the F is one of the update."""
    extract = cut(stage, "F")
    with stage.house.engine.begin() as db:
        db.execute(text("UPDATE extracts SET source_id = :v"), {"v": stage.papers["update"]})
    stage.arrange(extracts={"joe": {"update": extract}})
    with pytest.raises(Spoilt):
        stage.send()
    assert stage.lines("pack.sent") == []


def test_an_extract_of_a_paper_that_is_not_in_the_pack_is_not_given(stage: Stage) -> None:
    extract = cut(stage, "update")
    now = stage.world.clock.now()
    stage.arrange(["A", "F"])
    page = arrange_page(stage.house, stage.world.who("helen"), stage.slot_id)
    given = {**page.given, stage.id("joe"): frozenset({stage.papers["A"], extract})}
    order = [stage.papers["A"], stage.papers["F"]]
    to = Arrangement(order, given, now, page.closes_at)
    arrange_pack(stage.house, stage.world.who("helen"), stage.slot_id, to)
    assert f"{stage.id('joe')} {extract}" not in stage.lines("pack.arranged")[-1]["given"]
    sent = stage.send()
    assert "Form update" not in " ".join(said(unmarked(stage, "joe", sent.sending.id)))


def test_a_restricted_annex_is_given_whole(stage: Stage) -> None:
    extract = cut(stage, "update")
    with pytest.raises(Unacceptable):
        stage.arrange(
            ["A"],
            annexes={"update": (Others.NOTHING, ["joe", "mark"])},
            extracts={"joe": {"update": extract}},
        )


def test_it_is_in_their_copy_and_the_paper_is_not(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    sent = stage.send()
    joes, marks = (said(unmarked(stage, name, sent.sending.id)) for name in ("joe", "mark"))
    assert "Form update 1" in " ".join(joes)
    assert "Form update 2" not in " ".join(joes)
    assert "It has an extract of this paper." in joes[-1]
    assert "(extract)" not in " ".join(marks)
    assert "Form update 2" in marks[-1]
    numbers = [
        [re.search(r"Page (\d+) of 8", p) is not None for p in each] for each in (joes, marks)
    ]
    assert numbers[0] == numbers[1]
    assert joes[2:6] == marks[2:6]
    stage.accept("joe")
    assert stage.opens("joe", sent.sending.id).startswith(b"%PDF")
    stage.whole()


def test_attack_nothing_joe_can_open_holds_the_rest(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    sent = stage.send()
    stage.confirm("una")
    joe, area = stage.id("joe"), stage.world.area.id
    clear = unmarked(stage, "joe", sent.sending.id)
    assert b"Form update 2" not in clear
    with reading(stage.house.engine) as db:
        # Of this meeting; particulars are kept apart from it.
        versions = db.execute(
            text("SELECT v.id FROM versions v JOIN documents d ON d.id = v.document_id "
                 "WHERE d.kind != 'particulars'")
        ).scalars().all()  # fmt: skip
        own = [v for v in versions if papers.header_for(db, area, v, joe) is not None]
        grant = stage.grant("joe")
        assert own == [grant.version_id]
        assert sendings.holds(db, area, joe, extract)
        assert not sendings.holds(db, area, joe, stage.papers["update"])
        others = sendings.grants_of_sending(db, area, sent.sending.id)
    assert {g.version_id for g in others if g.person_id != joe} != {grant.version_id}
    assert len({g.version_id for g in others}) == 2


def test_others_get_the_very_same_pack_whether_or_not_somebody_has_an_extract(
    stage: Stage,
) -> None:
    stage.arrange(kept_back={"joe": ["update"]})
    first = unmarked(stage, "mark", stage.send().sending.id)
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    second = unmarked(stage, "mark", stage.send().sending.id)
    assert [p.replace("-P2", "-P1") for p in said(second)] == said(first)


def test_the_page_and_the_preview_show_it(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    helen = stage.world.who("helen")
    readers = {
        stage.name_of(r.person_id): [(i.tab, i.version_id, i.pages) for i in r.instead]
        for r in send_page(stage.house, helen, stage.slot_id).proposal.readers
    }
    assert readers.pop("joe") == [(3, extract, 1)]
    assert not any(readers.values())
    seen = " ".join(said(preview_pack(stage.house, helen, stage.slot_id, stage.id("joe"))))
    assert "Form update 1" in seen
    assert "Form update 2" not in seen
    other = " ".join(said(preview_pack(stage.house, helen, stage.slot_id, stage.id("mark"))))
    assert "Form update 2" in other


def test_another_extract_is_another_digest(stage: Stage) -> None:
    first, second = cut(stage, "update"), cut(stage, "update", "2")
    stage.arrange(extracts={"joe": {"update": first}})
    digest = stage.digest()
    stage.arrange(extracts={"joe": {"update": second}})
    with pytest.raises(Changed):
        send_pack(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                  stage.world.code("helen"), REASON)  # fmt: skip
    assert stage.lines("pack.sent") == []


def test_whoever_waits_for_a_key_gets_the_extract_later_and_no_more(stage: Stage) -> None:
    extract = cut(stage, "update")
    stage.arrange(extracts={"una": {"update": extract}})
    sent = stage.send()
    assert sent.grants[stage.id("una")].state is GrantState.WAITING
    with reading(stage.house.engine) as db:
        assert sendings.holds(db, stage.world.area.id, stage.id("una"), extract)
        assert not sendings.holds(db, stage.world.area.id, stage.id("una"), stage.papers["update"])


def test_the_first_copy_may_be_the_one_with_the_extract(stage: Stage) -> None:
    """Late papers are numbered after the tabs of the pack, whoever's layout comes first."""
    extract = cut(stage, "A")
    names = ("alan", "carys", "adeyemi", "ruth", "joe", "mark", "una", "newcomer")
    stage.arrange(["A", "F"], extracts={name: {"A": extract} for name in names[:-1]})
    stage.send()
    with reading(stage.house.engine) as db:
        at = setting(stage.house, db, stage.world.area.id, stage.slot_id)
        pack = sent_pack(db, at)
    assert pack is not None
    assert [(tab.tab, tab.version_id, tab.last_page) for tab in pack.tabs] == [
        (1, stage.papers["A"], 4), (2, stage.papers["F"], 6),
    ]  # fmt: skip


def test_nobody_is_arranged_a_paper_in_two_forms(stage: Stage) -> None:
    first, second = cut(stage, "update"), cut(stage, "update", "2")
    helen, now = stage.world.who("helen"), stage.world.clock.now()
    whole = stage.papers["update"]
    page = arrange_page(stage.house, helen, stage.slot_id)
    for pair in ((whole, first), (first, second)):
        given = {stage.id("joe"): frozenset(pair)}
        with pytest.raises(BothWays):
            arrange_pack(stage.house, helen, stage.slot_id,
                         Arrangement([whole], given, now, page.closes_at))  # fmt: skip
    assert stage.lines("pack.arranged") == []


def test_a_correction_is_not_given_to_whoever_was_chosen_an_extract_of_what_it_corrects(
    stage: Stage,
) -> None:
    """Cut down was the earlier version; of the corrected one they get nothing until chosen."""
    extract = cut(stage, "update")
    stage.arrange(extracts={"joe": {"update": extract}})
    with reading(stage.house.engine) as db:
        given = arrangements.given_in(db, stage.world.area.id, stage.slot_id)
    corrected = Item(3, VersionId("c" * 26), "update", stage.world.agency("health").id, 2)
    found = instead_in([corrected], given, {})
    assert not any(found.values())
    assert corrected.version_id not in given[stage.id("joe")]
