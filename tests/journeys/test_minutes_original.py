"""The original of minutes that came as a file: kept sealed as evidence for the unit, for a time."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.papers import UNIT_READER, Kind
from portal.jobs.originals import job
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.minutes.examine_minutes import examine_minutes, subject_of
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.opening.opened import Spoilt
from portal.journeys.record.read_reasons import read_reasons
from portal.journeys.reports.limit_originals import limit_originals
from portal.journeys.reports.open_original import open_original, open_own_original
from portal.journeys.reports.remove_originals import remove_originals
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.original import any_original
from portal.ledger import leaf
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import originals, papers
from portal.records.database import reading
from tests.browsing import post, words_of
from tests.documents.making import plain
from tests.staging import Stage

WHY = "The chair says that a paragraph is missing."
FOREIGN = plain(b"BT /F1 12 Tf 72 700 Td (Kestrel-Minutes-4411) Tj ET") + b"% as they came\n"


def filed(stage: Stage, clear: bytes = FOREIGN, by: str = "helen") -> None:
    who = stage.world.who(by)
    file_minutes(
        stage.house, who, stage.slot_id, examine_minutes(stage.house, who, stage.slot_id, clear)
    )


def told(stage: Stage, what: str) -> list[dict[str, leaf.Value]]:
    """Of the minutes; reports of this meeting have lines of the same kinds."""
    lines = stage.lines(f"original.{what}")
    return [line for line in lines if line["subject"] == stage.slot_id]


def test_what_was_chosen_comes_back_byte_for_byte_with_a_reason(stage: Stage) -> None:
    filed(stage)
    subject = subject_of(stage.slot_id)
    opened = open_original(stage.house, stage.world.who("helen"), subject, WHY)
    assert opened.foreign == FOREIGN
    assert opened.filename.endswith(" original.pdf")
    (kept,) = told(stage, "kept")
    assert kept["sha256"] == hashlib.sha256(FOREIGN).hexdigest() == opened.sha256
    assert kept["size"] == len(FOREIGN)
    (line,) = told(stage, "opened")
    assert line["reason"]
    assert WHY not in str(line)
    written = read_reasons(stage.house, stage.world.who("helen"), stage.slot_id).reasons
    assert (written[-1].text, written[-1].about) == (WHY, ())


def test_it_is_sealed_to_the_unit_alone_and_is_no_part_of_what_is_sent(stage: Stage) -> None:
    filed(stage)
    with reading(stage.house.engine) as db:
        (original,) = originals.of_request(db, stage.world.area.id, subject_of(stage.slot_id))
        readers = db.execute(
            select(papers.headers.c.reader_id).where(
                papers.headers.c.version_id == original.version_id
            )
        ).scalars()
        assert list(readers) == [UNIT_READER]
        document = papers.load_document(db, stage.world.area.id, original.document_id)
    assert document is not None
    assert document.kind is Kind.ORIGINAL


@pytest.mark.parametrize("name", ["alan", "carys", "ruth", "sian", "adeyemi", "priya", "dev"])
def test_nobody_but_a_coordinator_opens_it(stage: Stage, name: str) -> None:
    filed(stage)
    subject = subject_of(stage.slot_id)
    with pytest.raises(Refused):
        open_original(stage.house, stage.world.who(name), subject, WHY)
    with pytest.raises(Refused):
        any_original(stage.house, stage.world.who(name), subject)
    with pytest.raises(Refused):
        open_own_original(stage.house, stage.world.who(name), subject)
    assert told(stage, "opened") == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_a_coordinator_says_why(stage: Stage, reason: str) -> None:
    filed(stage)
    with pytest.raises(Unacceptable):
        open_original(stage.house, stage.world.who("helen"), subject_of(stage.slot_id), reason)
    assert told(stage, "opened") == []


def test_before_anything_was_filed_and_of_what_is_not_there_there_is_none(stage: Stage) -> None:
    helen = stage.world.who("helen")
    examine_minutes(stage.house, helen, stage.slot_id, FOREIGN)
    for subject in (subject_of(stage.slot_id), subject_of(stage.slot_id[:-1] + "0")):
        with pytest.raises(Refused) as caught:
            open_original(stage.house, helen, subject, WHY)
        assert caught.value.why is Why.NOT_THERE


def test_minutes_that_are_overtaken_leave_none(stage: Stage) -> None:
    helen = stage.world.who("helen")
    chosen = examine_minutes(stage.house, helen, stage.slot_id, FOREIGN)
    with pytest.raises(Changed):
        file_minutes(stage.house, helen, stage.slot_id, "a" * 26)
    assert told(stage, "kept") == []
    file_minutes(stage.house, helen, stage.slot_id, chosen)
    assert len(told(stage, "kept")) == 1


def test_each_version_has_its_own(stage: Stage) -> None:
    filed(stage)
    stage.world.clock.advance(timedelta(minutes=1))
    second = plain() + b"% again\n"
    filed(stage, second, by="priya")
    helen, subject = stage.world.who("helen"), subject_of(stage.slot_id)
    found = any_original(stage.house, helen, subject)
    assert open_original(stage.house, helen, subject, WHY).foreign == second
    (older,) = found.others
    assert open_original(stage.house, helen, subject, WHY, older.version_id).foreign == FOREIGN


def test_the_draft_does_not_pass_for_it(stage: Stage) -> None:
    """Somebody with the database names the draft's version in the row of the original."""
    filed(stage)
    (line,) = stage.lines("minutes.filed")
    with tending(stage.house) as db:
        row = originals.originals
        of_these = row.c.request_id == subject_of(stage.slot_id)
        db.execute(row.update().where(of_these).values(version_id=line["version"]))
    with pytest.raises(Spoilt):
        open_original(stage.house, stage.world.who("helen"), subject_of(stage.slot_id), WHY)


def test_after_its_time_it_goes_and_the_minutes_stay(stage: Stage) -> None:
    filed(stage)
    limit_originals(stage.house, stage.world.who("helen"), 3)
    before = set(stage.house.store.names())
    stage.world.clock.advance(timedelta(days=3, minutes=-1))
    assert remove_originals(stage.house, stage.world.area.id) == 0
    stage.world.clock.advance(timedelta(minutes=1))
    gone = job(stage.house).work()
    assert gone.endswith(" removed")
    (line,) = told(stage, "removed")
    assert line["actor"] == "system"
    (filed_line,) = stage.lines("minutes.filed")
    assert filed_line["payload"] in set(stage.house.store.names()) < before
    with pytest.raises(Refused):
        open_original(stage.house, stage.world.who("helen"), subject_of(stage.slot_id), WHY)


# ---- in the browser ----


def test_a_coordinator_comes_to_it_from_the_minutes(stage: Stage) -> None:
    helen, at = stage.world.client("helen"), f"/unit/slots/{stage.slot_id}/minutes"
    assert f"{at}/original" not in helen.get(at).get_data(as_text=True)
    assert helen.get(f"{at}/original").status_code == 404
    filed(stage)
    assert f"{at}/original" in helen.get(at).get_data(as_text=True)
    shown = helen.get(f"{at}/original")
    assert hashlib.sha256(FOREIGN).hexdigest() in words_of(shown)
    assert f'href="{at}"' in shown.get_data(as_text=True)
    assert "Say why you open the original." in words_of(
        post(helen, f"{at}/original", {"reason": " "})
    )
    saved = post(helen, f"{at}/original", {"reason": WHY})
    assert saved.data == FOREIGN
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_who_may_not_open_it_is_not_offered_it(stage: Stage) -> None:
    filed(stage)
    at = f"/unit/slots/{stage.slot_id}/minutes"
    priya = stage.world.client("priya").get(at)
    assert priya.status_code == 200
    assert f"{at}/original" not in priya.get_data(as_text=True)
    assert stage.world.client("alan").get(f"{at}/original").status_code in (403, 404)


def test_the_record_says_it_in_sentences(stage: Stage) -> None:
    filed(stage)
    open_original(stage.house, stage.world.who("helen"), subject_of(stage.slot_id), WHY)
    said = words_of(stage.world.client("helen").get("/record/"))
    assert "opened the original of a file given for the meeting of" in said
