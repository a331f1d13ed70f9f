"""The unit reads what a corrected version changed: marked, with its line first, nothing kept."""

from __future__ import annotations

import pytest

from portal.domain.ids import SlotId, VersionId
from portal.journeys.deed import tending
from portal.journeys.opening.opened import Spoilt
from portal.journeys.reports.read_changes import read_changes
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import texts
from tests.browsing import words_of
from tests.journeys.test_corrected_in_pack import correct
from tests.staging import Stage

pytestmark = pytest.mark.real("SQLite and folder")


def read(stage: Stage, version: VersionId, by: str = "helen", against: VersionId | None = None):
    return read_changes(stage.house, stage.world.who(by), stage.slot_id, version, against)


@pytest.mark.parametrize("name", ["alan", "adeyemi", "mark", "joe", "sian", "dev"])
def test_nobody_but_the_unit_reads_it(stage: Stage, name: str) -> None:
    newer = correct(stage)
    with pytest.raises(Refused) as caught:
        read(stage, newer, name)
    assert caught.value.why is Why.NOT_YOUR_ROLE
    assert stage.lines("versions.compared") == []


def test_what_has_no_version_before_it_or_is_elsewhere_is_not_there(stage: Stage) -> None:
    newer, helen = correct(stage), stage.world.who("helen")
    first = stage.papers["F"]
    for version, against in (
        (first, None),
        (first, newer),
        (newer, newer),
        (newer, stage.papers["A"]),
        (VersionId("nothing"), None),
    ):
        with pytest.raises(Refused) as caught:
            read(stage, version, against=against)
        assert caught.value.why is Why.NOT_THERE
    with pytest.raises(Refused):
        read_changes(stage.house, helen, SlotId("elsewhere"), newer)
    assert stage.lines("versions.compared") == []


def test_attack_a_reason_that_was_exchanged_is_an_alarm(stage: Stage) -> None:
    newer = correct(stage)
    with tending(stage.house) as db:
        db.execute(texts.sealed_texts.update().values(sealed=b"age-encryption.org/v1 nothing"))
    with pytest.raises(Spoilt, match="text"):
        read(stage, newer)


def test_its_line_names_both_and_the_mark_names_the_reader(stage: Stage) -> None:
    first, newer = stage.papers["F"], correct(stage)
    found = read(stage, newer, "priya")
    (line,) = stage.lines("versions.compared")
    assert (line["version"], line["earlier"], line["copy"]) == (newer, first, found.mark.reference)
    assert found.mark.name == stage.world.who("priya").actor.name
    assert found.reason == "A date was wrong."
    assert [page.now for page in found.changes.changed] == [1, 2, 3]


def test_against_the_one_that_was_sent_or_the_one_before(stage: Stage) -> None:
    second = correct(stage)
    third = correct(stage, word="Best")
    assert read(stage, third).earlier.id == second
    assert read(stage, third, against=stage.papers["F"]).earlier.number == 1


def test_nothing_of_it_is_kept(stage: Stage) -> None:
    newer = correct(stage, word="Pelicancanary")
    before = set(stage.world.store.names())
    read(stage, newer)
    assert set(stage.world.store.names()) == before
    files = [f for f in stage.world.folder.rglob("*") if f.is_file()]
    assert not any(b"Pelicancanary" in file.read_bytes() for file in files)


def test_by_hand(stage: Stage) -> None:
    stage.arrange()
    newer = correct(stage)
    helen = stage.world.client("helen")
    at = f"/unit/slots/{stage.slot_id}"
    link = f"{at}/changes/{newer}?against={stage.papers['F']}"
    assert link in helen.get(f"{at}/pack").text
    page = words_of(helen.get(link))
    assert "Page 1 changed" in page
    assert "removed: Form F end of what was removed" in page
    assert "added: Better end of what was added" in page
    assert "Page 3 is new" in page
    assert "A date was wrong." in page
    assert stage.world.who("helen").actor.name in page
