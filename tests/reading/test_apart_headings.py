"""The heading over a page: one of so many in a pack, its label alone in what is bound apart."""

from __future__ import annotations

import re

import pytest

from portal.documents.render import Contents
from portal.domain.grants import SendingKind
from portal.domain.packs import Others
from tests.browsing import post
from tests.journeys.test_annexes import sent_of
from tests.staging import Stage


@pytest.mark.parametrize(
    ("labels", "counted"),
    [
        (("1", "2", "3"), True),
        (("1", "2", "3-12"), True),
        (("A58", "A58.1", "A58.2"), False),
        (("47, addendum", "47a"), False),
    ],
)
def test_labels_are_no_count(labels: tuple[str, ...], counted: bool) -> None:
    assert Contents(labels, ()).counted is counted


def heading(stage: Stage, grant_id: str, part: str = "") -> str:
    client = stage.world.client("mark")
    there = post(client, f"/papers/{grant_id}/read").headers["Location"]
    body = client.get(there + part).get_data(as_text=True)
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    assert found is not None
    return re.sub(r"<span.*?</span>", "", found[1]).strip()


@pytest.mark.real("SQLite and folder")
def test_a_page_of_an_annex_is_not_counted_against_its_label(stage: Stage) -> None:
    stage.arrange(["A", "F"], annexes={"update": (Others.NOTHING, ["mark"])})
    stage.send()
    stage.accept("mark")
    (annex,) = sent_of(stage, SendingKind.ANNEX)
    grant = stage.grant("mark", annex)
    assert re.fullmatch(r"Page A\w+", heading(stage, grant.id))
    assert re.fullmatch(r"Page A\w+, as text", heading(stage, grant.id, "/text"))
    (pack,) = sent_of(stage, SendingKind.PACK)
    assert re.fullmatch(r"Page 1 of \d+", heading(stage, stage.grant("mark", pack).id))
