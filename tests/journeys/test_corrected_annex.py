"""A restricted annex that was corrected goes to those who hold it, by itself, to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.grants import SendingKind
from portal.domain.ids import SendingId, VersionId
from portal.domain.packs import Others
from portal.journeys.changed import Changed
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.read_own_changes import read_own_changes
from portal.journeys.packs.preview_corrected_annex import preview_corrected_annex
from portal.journeys.packs.send_corrected_annex import send_corrected_annex
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.annex import send_annex_page
from portal.journeys.views.pack import sending_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sendings
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.documents.making import texts
from tests.journeys.test_corrected_in_pack import correct
from tests.staging import Stage

pytestmark = pytest.mark.real("SQLite and folder")


def annexed(stage: Stage, *names: str) -> SendingId:
    """The MAPPA F went as a restricted annex to these people; the sending of it."""
    stage.arrange(["A", "update"], annexes={"F": (Others.SIGNPOST, names)})
    stage.send()
    with reading(stage.house.engine) as db:
        found = sendings.sendings_in(db, stage.world.area.id)
    (annex,) = (each.id for each in found if each.kind is SendingKind.ANNEX)
    return annex


def page_of(stage: Stage, sending: SendingId, by: str = "helen"):
    return send_annex_page(stage.house, stage.world.who(by), sending)


def go(stage: Stage, sending: SendingId, digest: str = "", by: str = "helen", code: str = ""):
    who = stage.world.who(by)
    digest = digest or page_of(stage, sending).digest
    return send_corrected_annex(
        stage.house, who, sending, digest, code or stage.world.code(by), download=True
    )


def nothing_went(stage: Stage) -> None:
    assert len(stage.lines("annex.sent")) == 1
    stage.whole()


@pytest.mark.parametrize("name", ["priya", "alan", "mark", "joe", "sian", "dev"])
def test_only_a_coordinator_sends_it(stage: Stage, name: str) -> None:
    annex = annexed(stage, "mark", "joe")
    correct(stage)
    digest = page_of(stage, annex).digest
    for act in (
        lambda: page_of(stage, annex, name),
        lambda: go(stage, annex, digest, name, "000000"),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.why is Why.NOT_YOUR_ROLE
    nothing_went(stage)


def test_without_a_correction_and_for_a_pack_there_is_nothing(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    pack = stage.grant("ruth").sending_id
    for sending in (annex, pack, SendingId("nothing")):
        with pytest.raises(Refused) as caught:
            page_of(stage, sending)
        assert caught.value.why is Why.NOT_THERE
    correct(stage, "update", "ruth")
    with pytest.raises(Refused):
        page_of(stage, pack)
    nothing_went(stage)


def test_a_wrong_code_sends_nothing(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    with pytest.raises(CodeRefused):
        go(stage, annex, code="000000")
    nothing_went(stage)


def test_a_further_correction_between_page_and_click_sends_nothing(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    digest = page_of(stage, annex).digest
    correct(stage, word="Best")
    with pytest.raises(Changed):
        go(stage, annex, digest)
    nothing_went(stage)


def test_nor_does_it_go_to_whoever_it_was_taken_back_from(stage: Stage) -> None:
    annex = annexed(stage, "mark", "joe")
    correct(stage)
    digest = page_of(stage, annex).digest
    take_back(stage.house, stage.world.who("helen"), annex, person_id=stage.id("joe"))
    with pytest.raises(Changed):
        go(stage, annex, digest)
    (shown,) = page_of(stage, annex).proposal.annexes
    assert [stage.name_of(reader.person_id) for reader in shown.readers] == ["mark"]
    take_back(stage.house, stage.world.who("helen"), annex, person_id=stage.id("mark"))
    with pytest.raises(NothingToSend):
        go(stage, annex)
    nothing_went(stage)


def test_nor_to_whoever_is_no_longer_invited(stage: Stage) -> None:
    annex = annexed(stage, "mark", "joe")
    correct(stage)
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"))
    (shown,) = page_of(stage, annex).proposal.annexes
    assert [stage.name_of(reader.person_id) for reader in shown.readers] == ["mark"]


def test_once_the_earlier_has_ended_nothing_goes(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    stage.world.clock.advance(timedelta(days=31))
    with pytest.raises(NothingToSend):
        go(stage, annex)
    nothing_went(stage)


def test_it_goes_to_its_readers_and_no_pack_is_sent_again(stage: Stage) -> None:
    annex = annexed(stage, "mark", "una")
    before = stage.grant("joe")
    newer = correct(stage)
    sent = go(stage, annex)
    assert {stage.name_of(person) for person in sent.grants} == {"mark", "una"}
    assert [stage.name_of(person) for person in sent.waiting] == ["una"]
    assert len(stage.lines("pack.sent")) == 1
    assert stage.grant("joe") == before
    first, second = stage.lines("annex.sent")
    assert (first["version"], second["version"]) == (stage.papers["F"], newer)
    assert second["others"] == first["others"] == Others.SIGNPOST.value
    stage.accept("mark")
    pages = texts(stage.opens("mark", sent.sending.id))
    assert "It replaces NMR/26/0117-P1-A" in " ".join(pages[0].split())
    assert "Better 1" in pages[1]
    stage.whole()


def test_it_goes_once(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    sent = go(stage, annex)
    assert sent.sending.id != annex
    with pytest.raises(NothingToSend):
        go(stage, annex)
    with pytest.raises(Refused):
        page_of(stage, sent.sending.id)


def test_its_reader_reads_what_changed(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    newer: VersionId = correct(stage)
    sent = go(stage, annex)
    stage.accept("mark")
    grant = stage.grant("mark", sent.sending.id)
    found = read_own_changes(stage.house, stage.world.who("mark"), grant.id, newer)
    assert [page.how.value for page in found.changes.pages] == ["words", "words", "added"]
    stage.accept("joe")
    with pytest.raises(Refused):
        read_own_changes(stage.house, stage.world.who("joe"), grant.id, newer)


# ---- its preview ----


def preview(stage: Stage, annex: SendingId, reader: str, by: str = "priya") -> bytes:
    return preview_corrected_annex(stage.house, stage.world.who(by), annex, stage.id(reader))


def test_a_preview_shows_what_that_reader_would_get_and_leaves_its_line(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    pages = texts(preview(stage, annex, "mark"))
    name = stage.world.who("priya").actor.name
    assert all("PREVIEW" in page and name in page for page in pages)
    assert "It replaces NMR/26/0117-P1-A" in " ".join(pages[0].split())
    assert "Better 1" in pages[1]
    (told,) = stage.lines("pack.previewed")
    assert (told["slot"], told["person"]) == (stage.slot_id, stage.id("mark"))
    nothing_went(stage)


@pytest.mark.parametrize("name", ["alan", "joe", "mark", "sian", "dev"])
def test_only_the_unit_previews_it(stage: Stage, name: str) -> None:
    annex = annexed(stage, "mark")
    correct(stage)
    with pytest.raises(Refused) as caught:
        preview(stage, annex, "mark", name)
    assert caught.value.why is Why.NOT_YOUR_ROLE
    assert stage.lines("pack.previewed") == []


def test_there_is_no_preview_for_whoever_does_not_get_it_or_of_anything_else(stage: Stage) -> None:
    annex = annexed(stage, "mark", "joe")
    pack = stage.grant("ruth").sending_id
    uncorrected = [(annex, "mark"), (pack, "ruth"), (SendingId("nothing"), "mark")]
    for sending, reader in uncorrected:
        with pytest.raises(Refused) as caught:
            preview(stage, sending, reader)
        assert caught.value.why is Why.NOT_THERE
    correct(stage)
    take_back(stage.house, stage.world.who("helen"), annex, person_id=stage.id("joe"))
    for reader in ("joe", "ruth"):
        with pytest.raises(Refused) as caught:
            preview(stage, annex, reader)
        assert caught.value.why is Why.NOT_THERE
    assert stage.lines("pack.previewed") == []


def test_by_hand(stage: Stage) -> None:
    annex = annexed(stage, "mark")
    helen = stage.world.client("helen")
    at = f"/unit/sendings/{annex}"
    assert "corrected version of this annex" not in words_of(helen.get(at))
    correct(stage)
    assert f"{at}/correct" in helen.get(at).text
    assert not sending_page(
        stage.house, stage.world.who("helen"), stage.grant("ruth").sending_id
    ).corrected
    page = helen.get(f"{at}/correct")
    assert "1 person gets it" in words_of(page)
    shown = post(helen, f"{at}/correct/preview/{stage.id('mark')}", {})
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert f"{at}/correct/preview/{stage.id('mark')}" in page.text
    digest = page_of(stage, annex).digest
    wrong = post(helen, f"{at}/correct", {"digest": digest, "code": "000000"})
    assert "code" in words_of(wrong)
    done = post(helen, f"{at}/correct", {"digest": digest, "code": stage.world.code("helen")})
    assert done.status_code == 302
    assert len(stage.lines("annex.sent")) == 2
