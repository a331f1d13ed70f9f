"""Each restricted annex has its own tick: whether its readers may download it."""

from __future__ import annotations

import pytest

from portal.domain.grants import SendingKind
from portal.domain.packs import Others
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sendings
from portal.records.database import reading
from tests.documents.making import texts
from tests.staging import REASON, Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import base, get, post

EACH = (Others.NOTHING, ("mark",))
QUESTION = "Which restricted annexes may their readers download?"


def annexes_sent(stage: Stage) -> list[str]:
    with reading(stage.house.engine) as db:
        found = sendings.sendings_of(db, stage.world.area.id, stage.slot_id)
    return [sending.id for sending in found if sending.kind is SendingKind.ANNEX]


def test_only_the_one_that_is_ticked_may_be_saved(stage: Stage) -> None:
    stage.arrange(["F"], annexes={"update": EACH, "A": EACH})
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    shown = get(helen, path)
    assert QUESTION in shown
    boxes = [part.partition(">")[0] for part in shown.split("<input")]
    boxes = [box for box in boxes if 'name="download_annexes"' in box]
    assert len(boxes) == 2
    assert not any(" checked" in box for box in boxes)
    chosen = stage.papers["A"]
    wrong = post(helen, path, code="000000", reason=REASON, download_annexes=[chosen])
    kept = [
        box for box in wrong.get_data(as_text=True).split("<input") if f'value="{chosen}"' in box
    ]
    assert any("checked" in box.partition(">")[0] for box in kept)
    answer = post(
        helen, path, code=stage.world.code("helen"), reason=REASON, download_annexes=[chosen]
    )
    assert answer.status_code == 302, text_of(answer)
    stage.accept("mark")
    said = []
    for annex in annexes_sent(stage):
        try:
            said += texts(stage.opens("mark", annex))
        except Refused as refused:
            if refused.why is not Why.READ_HERE_ONLY:
                raise
    assert "Form A 1" in " ".join(said)
    assert "Form update 1" not in " ".join(said)


@pytest.mark.parametrize("ticked", [[], ["a" * 26], ["-"]])
def test_a_tick_for_what_is_no_annex_lets_nobody_save_anything(
    stage: Stage, ticked: list[str]
) -> None:
    stage.arrange(["F"], annexes={"update": EACH})
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    answer = post(
        helen, path, code=stage.world.code("helen"), reason=REASON, download_annexes=ticked
    )
    assert answer.status_code == 302, text_of(answer)
    stage.accept("mark")
    with pytest.raises(Refused) as refused:
        stage.opens("mark", annexes_sent(stage)[0])
    assert refused.value.why is Why.READ_HERE_ONLY


def test_without_annexes_nothing_is_asked(stage: Stage) -> None:
    stage.arrange(["F"])
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    assert QUESTION not in get(helen, path)
