"""A pack whose sender left downloading out is read in the browser, and saved by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.grants import READ_HERE_ONLY, SendingKind, may_download, terms_of
from portal.journeys.deed import tending
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import grant_waiting
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.opened import Spoilt
from portal.journeys.opening.read_page import draw_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from tests.browsing import post, words_of
from tests.staging import REASON, Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send(download=False)
    stage.accept("ruth")
    return stage


def paper(stage: Stage, name: str = "ruth") -> str:
    return f"/papers/{stage.grant(name).id}"


def saves_nothing(stage: Stage, name: str = "ruth") -> None:
    with pytest.raises(Refused) as caught:
        open_paper(stage.house, stage.world.who(name), stage.grant(name).id)
    assert caught.value.why is Why.READ_HERE_ONLY
    assert stage.lines("paper.opened") == []
    assert stage.lines()[-1]["why"] == "read_here_only"


def test_it_is_read_and_not_saved(sent: Stage) -> None:
    saves_nothing(sent)
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    begin_reading(sent.house, who, grant.id)
    assert draw_page(sent.house, who, grant.id, 3).body_clear
    sent.whole()


def test_its_page_offers_no_download_and_its_door_gives_none(sent: Stage) -> None:
    client = sent.world.client("ruth")
    words = words_of(client.get(paper(sent)))
    assert "Read the pack" in words
    assert "Download" not in words
    answer = post(client, f"{paper(sent)}/open")
    assert answer.status_code == 403
    assert "The sender lets you read this here, and not download it." in words_of(answer)
    assert b"%PDF" not in answer.data


def test_more_time_gives_no_more_than_time(sent: Stage) -> None:
    closes = sent.grant("ruth").closes_at
    assert closes is not None
    until = closes + timedelta(days=1)
    give_more_time(sent.house, sent.world.who("helen"), sent.grant("ruth").id, until, "On leave.")
    saves_nothing(sent)


def test_who_is_let_in_later_gets_the_same_terms(sent: Stage) -> None:
    sent.confirm("una")
    grant_waiting(sent.house, sent.world.who("helen"), sent.id("una"))
    sent.accept("una")
    saves_nothing(sent, "una")


def test_terms_that_were_changed_in_the_database_open_nothing(sent: Stage) -> None:
    grant = sent.grant("ruth")
    assert grant.manifest_id is not None
    with tending(sent.house) as db:
        row = papers.load_manifest(db, grant.area_id, grant.manifest_id)
        assert row is not None
        changed = row.body.replace(READ_HERE_ONLY.encode(), b"")
        assert changed != row.body
        db.execute(papers.manifests.update().values(body=changed))
    with pytest.raises(Spoilt):
        open_paper(sent.house, sent.world.who("ruth"), grant.id)
    assert sent.lines("paper.opened") == []


@pytest.mark.parametrize("kind", SendingKind)
def test_only_known_terms_let_a_copy_be_saved(kind: SendingKind) -> None:
    assert may_download(terms_of(kind, download=True))
    assert not may_download(terms_of(kind, download=False))
    for odd in ("", kind.value.upper(), f"{kind.value} ", f"{kind.value},", "None"):
        assert not may_download(odd)


@pytest.mark.parametrize("ticked", [True, False])
def test_the_sender_chooses_on_the_page(stage: Stage, ticked: bool) -> None:
    stage.arrange()
    helen, path = stage.world.client("helen"), f"/unit/slots/{stage.slot_id}/pack/send"
    page = helen.get(path).get_data(as_text=True)
    assert "Readers may download their copy" in page
    box = page[page.index('name="download"') :]
    assert "checked" in box[: box.index(">")]
    fields = {"digest": stage.digest(), "reason": REASON, "code": stage.world.code("helen")}
    answer = post(helen, path, {**fields, **({"download": "y"} if ticked else {})})
    assert answer.status_code == 302
    stage.accept("ruth")
    shown = words_of(stage.world.client("ruth").get(paper(stage)))
    assert ("Download the pack" in shown) is ticked
    if not ticked:
        saves_nothing(stage)
