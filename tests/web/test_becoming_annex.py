"""A paper that becomes a restricted annex goes to nobody who was not chosen for it as such."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest

from portal.domain.packs import Others
from portal.journeys.packs.arrange_pack import Arrangement, BecomesAnnex, arrange_pack
from portal.journeys.views.pack import arrange_page, send_page
from tests.staging import INVITED, Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import base, get, post
from tests.web.test_pack_doors import arrangement, ticks

pytestmark = pytest.mark.real("SQLite and folder")


def as_annex(stage: Stage, form: str = "update", **changes: Any) -> dict[str, Any]:
    return arrangement(stage, **{f"as_{stage.papers[form]}": Others.NOTHING.value, **changes})


def column(body: str, version: str) -> list[str]:
    """The boxes of one paper that are ticked."""
    boxes: list[str] = re.findall(rf'<input[^>]* name="gets" value="\w+ {version}"[^>]*>', body)
    assert len(boxes) == len(INVITED)
    return [box for box in boxes if " checked" in box]


def kept(stage: Stage) -> int:
    return len(stage.lines("pack.arranged"))


def holders(stage: Stage) -> dict[str, set[str]]:
    page = send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    return {
        annex.item.form_code: {stage.name_of(reader.person_id) for reader in annex.readers}
        for annex in page.proposal.annexes
    }


def test_a_first_arrangement_keeps_no_tick_that_was_only_proposed(stage: Stage) -> None:
    helen, update = stage.world.client("helen"), stage.papers["update"]
    answer = post(
        helen, f"{base(stage)}/pack", **as_annex(stage, **{f"tab_{stage.papers['A']}": "3"})
    )
    assert answer.status_code == 200
    assert kept(stage) == 0
    body = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(body)
    assert "There is a problem" in body
    said = text_of(answer)
    assert "Agency update, Northmere Adult Social Care becomes a restricted annex." in said
    assert "Nobody is ticked for it now" in said
    assert column(body, update) == []
    assert len(column(body, stage.papers["A"])) == len(INVITED)
    assert re.search(rf'name="tab_{stage.papers["A"]}" value="3"', body)
    assert re.search(rf'name="looked" value="{update}"', body)
    link = re.search(rf'href="#(gets-\w+-{update})"', body)
    assert link is not None
    assert f'id="{link[1]}"' in body


def test_then_it_goes_to_those_who_are_ticked_for_it(stage: Stage) -> None:
    helen, update = stage.world.client("helen"), stage.papers["update"]
    others = [tick for tick in ticks(stage) if not tick.endswith(update)]
    answer = post(
        helen,
        f"{base(stage)}/pack",
        **as_annex(stage, gets=[*others, f"{stage.id('mark')} {update}"], looked=[update]),
    )
    assert answer.status_code == 302, text_of(answer)
    assert holders(stage) == {"update": {"mark"}}
    said = get(helen, f"{base(stage)}/pack/send")
    assert "Mark" in said.partition("Restricted annex:")[2].partition("Not to:")[0]


def test_then_it_may_go_to_nobody(stage: Stage) -> None:
    helen, update = stage.world.client("helen"), stage.papers["update"]
    others = [tick for tick in ticks(stage) if not tick.endswith(update)]
    assert post(helen, f"{base(stage)}/pack", **as_annex(stage, gets=others)).status_code == 302
    assert holders(stage) == {"update": set()}
    assert "Nobody was chosen for it" in get(helen, f"{base(stage)}/pack/send")


def test_those_who_were_chosen_by_hand_stay_and_are_named_first(stage: Stage) -> None:
    helen, update = stage.world.client("helen"), stage.papers["update"]
    some = ticks(stage, **dict.fromkeys(set(INVITED) - {"mark", "joe"}, "update"))
    answer = post(helen, f"{base(stage)}/pack", **as_annex(stage, gets=some))
    assert kept(stage) == 0
    assert re.search(r"goes to Joe Tarn, Mark \w+ alone", text_of(answer))
    assert len(column(answer.get_data(as_text=True), update)) == 2
    post(helen, f"{base(stage)}/pack", **as_annex(stage, gets=some, looked=[update]))
    assert holders(stage) == {"update": {"mark", "joe"}}


def test_what_was_arranged_in_the_pack_is_asked_again_as_well(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["update"]})
    helen, update = stage.world.client("helen"), stage.papers["update"]
    fields = as_annex(stage, gets=ticks(stage, joe="update"))
    answer = post(helen, f"{base(stage)}/pack", **fields)
    assert kept(stage) == 1
    assert column(answer.get_data(as_text=True), update) == []
    assert holders(stage) == {}


def test_one_that_was_looked_at_says_nothing_of_another(stage: Stage) -> None:
    helen, papers = stage.world.client("helen"), stage.papers
    both = as_annex(stage, "F", **{f"as_{papers['update']}": Others.SIGNPOST.value})
    answer = post(helen, f"{base(stage)}/pack", **both, looked=[papers["F"]])
    assert kept(stage) == 0
    body = answer.get_data(as_text=True)
    assert column(body, papers["update"]) == []
    assert len(column(body, papers["F"])) == len(INVITED)
    assert set(re.findall(r'name="looked" value="(\w+)"', body)) == {papers["F"], papers["update"]}


def test_an_annex_that_is_one_already_is_kept_as_it_is(stage: Stage) -> None:
    stage.arrange(["A", "F"], annexes={"update": (Others.NOTHING, ["mark"])})
    helen = stage.world.client("helen")
    some = ticks(stage, **dict.fromkeys(set(INVITED) - {"mark", "joe"}, "update"))
    assert post(helen, f"{base(stage)}/pack", **as_annex(stage, gets=some)).status_code == 302
    assert holders(stage) == {"update": {"mark", "joe"}}


def test_the_journey_asks_whoever_comes_by_another_way(stage: Stage) -> None:
    helen, update = stage.world.who("helen"), stage.papers["update"]
    stage.arrange()
    with pytest.raises(BecomesAnnex) as refused:
        arrange_pack(stage.house, helen, stage.slot_id, careless(stage))
    assert refused.value.papers == (update,)
    assert kept(stage) == 1


def careless(stage: Stage) -> Arrangement:
    page = arrange_page(stage.house, stage.world.who("helen"), stage.slot_id)
    order = [paper.version_id for paper in page.papers]
    annexes = {stage.papers["update"]: Others.NOTHING}
    return Arrangement(order, page.given, page.opens_at, page.closes_at, annexes)
