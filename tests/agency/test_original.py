"""The original of a report: kept sealed as evidence, for its owner and the unit, for a time."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.papers import Kind, Scan
from portal.jobs.originals import job
from portal.journeys.deed import tending
from portal.journeys.opening.opened import Spoilt
from portal.journeys.reports.limit_originals import limit_originals
from portal.journeys.reports.open_original import open_original, open_own_original
from portal.journeys.reports.remove_originals import remove_originals
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import originals, papers
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.agency.test_doors import Contact
from tests.browsing import post, words_of
from tests.documents import hostile
from tests.documents.making import plain

WHY = "The agency says a page is missing."
FOREIGN = plain(b"BT /F1 12 Tf 72 700 Td (Kestrel-Evidence-4410) Tj ET") + b"% as it came\n"


@pytest.fixture
def handed_in(asking: Asking) -> Asking:
    asking.submit(asking.examine(FOREIGN))
    return asking


def test_what_was_uploaded_comes_back_byte_for_byte(handed_in: Asking) -> None:
    world = handed_in.world
    own = open_own_original(world.house, world.who("adeyemi"), handed_in.f)
    assert own.foreign == FOREIGN
    assert own.filename == "NM/2026/014 original.pdf"
    unit = open_original(world.house, world.who("helen"), handed_in.f, WHY)
    assert unit.foreign == FOREIGN
    (kept,) = handed_in.lines("original.kept")
    assert kept["sha256"] == hashlib.sha256(FOREIGN).hexdigest() == own.sha256
    assert kept["size"] == len(FOREIGN)
    first, second = handed_in.lines("original.opened")
    assert (first["reason"], first["actor"]) == (None, world.secrets("adeyemi").person_id)
    assert second["reason"]
    assert WHY not in str(second)


def test_it_lies_nowhere_in_the_clear(handed_in: Asking) -> None:
    open_original(handed_in.world.house, handed_in.world.who("helen"), handed_in.f, WHY)
    files = [path for path in handed_in.world.folder.rglob("*") if path.is_file()]
    found = b"".join(path.read_bytes() for path in files)
    assert b"as it came" not in found
    assert WHY.encode() not in found


@pytest.mark.parametrize("name", ["carys", "ruth", "sian", "helen", "dev"])
def test_nobody_else_opens_it_as_its_owner(handed_in: Asking, name: str) -> None:
    with pytest.raises(Refused) as caught:
        open_own_original(handed_in.world.house, handed_in.world.who(name), handed_in.f)
    assert caught.value.why is Why.NOT_THERE
    assert handed_in.lines("original.opened") == []


@pytest.mark.parametrize("name", ["carys", "ruth", "sian", "adeyemi", "dev"])
def test_nobody_but_a_coordinator_opens_it_for_the_unit(handed_in: Asking, name: str) -> None:
    with pytest.raises(Refused):
        open_original(handed_in.world.house, handed_in.world.who(name), handed_in.f, WHY)
    assert handed_in.lines("original.opened") == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_coordinator_says_why(handed_in: Asking, reason: str) -> None:
    with pytest.raises(Unacceptable):
        open_original(handed_in.world.house, handed_in.world.who("helen"), handed_in.f, reason)
    assert handed_in.lines("original.opened") == []


def test_before_anything_was_handed_in_there_is_none(asking: Asking) -> None:
    asking.examine(FOREIGN)
    with pytest.raises(Refused) as caught:
        open_original(asking.world.house, asking.world.who("helen"), asking.f, WHY)
    assert caught.value.why is Why.NOT_THERE


def test_choosing_another_file_forgets_the_first_with_its_original(asking: Asking) -> None:
    asking.examine(FOREIGN)
    before = asking.kept()
    asking.examine(plain())
    after = asking.kept()
    assert len(after) == len(before)
    assert len(before - after) == 2


def test_another_file_in_its_place_is_not_handed_over(handed_in: Asking) -> None:
    """Somebody with the database lets the report's own payload pass for the original."""
    world = handed_in.world
    with tending(world.house) as db:
        report = next(
            document
            for document in papers.documents_of_slot(db, world.area.id, handed_in.slot.id)
            if document.kind is Kind.REPORT
        )
        version = papers.latest_version(db, world.area.id, report.id)
        assert version is not None
        db.execute(originals.originals.update().values(version_id=version.id))
    for opening in (
        lambda: open_own_original(world.house, world.who("adeyemi"), handed_in.f),
        lambda: open_original(world.house, world.who("helen"), handed_in.f, WHY),
    ):
        with pytest.raises(Spoilt):
            opening()


def test_what_a_row_says_of_the_scan_must_be_what_the_line_says(handed_in: Asking) -> None:
    world = handed_in.world
    assert handed_in.lines("report.received")[-1]["scan"] == Scan.NOT_SCANNED.value
    assert handed_in.lines("file.examined")[-1]["scan"] == Scan.NOT_SCANNED.value
    from portal.journeys.reports.read_own_report import read_own_report

    read_own_report(world.house, world.who("adeyemi"), handed_in.f)
    with tending(world.house) as db:
        db.execute(papers.versions.update().values(scan=Scan.CLEAN))
    with pytest.raises(Spoilt):
        read_own_report(world.house, world.who("adeyemi"), handed_in.f)


# ---- for as long as the area says ----


def test_after_its_time_it_goes_with_its_wraps_and_a_line(handed_in: Asking) -> None:
    world = handed_in.world
    before = handed_in.kept()
    limit_originals(world.house, world.who("helen"), 3)
    handed_in.skip(timedelta(days=3, minutes=-1))
    assert remove_originals(world.house, world.area.id) == 0
    handed_in.skip(timedelta(minutes=1))
    assert job(world.house).work() == "1 removed"
    assert job(world.house).work() == ""
    assert len(before - handed_in.kept()) == 1
    (removed,) = handed_in.lines("original.removed")
    assert removed["actor"] == "system"
    with reading(world.house.engine) as db:
        version = str(removed["version"])
        for table, column in (
            (papers.headers, papers.headers.c.version_id),
            (papers.manifests, papers.manifests.c.version_id),
            (papers.versions, papers.versions.c.id),
        ):
            assert db.execute(select(table).where(column == version)).first() is None
    with pytest.raises(Refused):
        open_own_original(world.house, world.who("adeyemi"), handed_in.f)
    assert handed_in.reports() == 1


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_a_number_of_days_that_makes_no_sense_is_refused(asking: Asking, days: int) -> None:
    with pytest.raises(Unacceptable):
        limit_originals(asking.world.house, asking.world.who("helen"), days)
    assert asking.lines("originals.limited") == []


@pytest.mark.parametrize("name", ["carys", "sian", "adeyemi"])
def test_only_a_coordinator_says_how_long(asking: Asking, name: str) -> None:
    with pytest.raises(Refused):
        limit_originals(asking.world.house, asking.world.who(name), 30)


# ---- in the browser ----


def test_the_owner_saves_it_with_a_warning_and_never_sees_it_shown(contact_done: Contact) -> None:
    receipt = contact_done.client.get(f"{contact_done.at}/receipt")
    assert f"{contact_done.at}/original" in receipt.get_data(as_text=True)
    assert hashlib.sha256(FOREIGN).hexdigest() in words_of(receipt)
    page = words_of(contact_done.client.get(f"{contact_done.at}/original"))
    assert "Open it only where you would open a file from outside." in page
    saved = post(contact_done.client, f"{contact_done.at}/original", {})
    assert saved.data == FOREIGN
    assert saved.mimetype == "application/octet-stream"
    assert saved.headers["Content-Disposition"] == 'attachment; filename="NM-2026-014-original.pdf"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert saved.headers["Cache-Control"] == "no-store"


def test_a_coordinator_comes_to_it_from_the_case(contact_done: Contact) -> None:
    helen = contact_done.asking.world.client("helen")
    slot = helen.get(f"/unit/slots/{contact_done.asking.slot.id}").get_data(as_text=True)
    address = f"/unit/requests/{contact_done.asking.f}/original"
    assert address in slot
    assert "365" not in words_of(helen.get(address))
    refused = words_of(post(helen, address, {"reason": " "}))
    assert "Say why you open the original." in refused
    assert post(helen, address, {"reason": WHY}).data == FOREIGN
    assert 'value="365"' in helen.get("/unit/originals").get_data(as_text=True)
    assert post(helen, "/unit/originals", {"days": "30"}).status_code == 302
    assert "from 1 to" in words_of(post(helen, "/unit/originals", {"days": "0"}))
    assert 'value="30"' in helen.get("/unit/originals").get_data(as_text=True)


def test_a_hostile_file_is_kept_as_it_was_and_handed_over_to_be_saved(asking: Asking) -> None:
    foreign = hostile.scripts()
    asking.submit(asking.examine(foreign))
    client = asking.world.client("adeyemi")
    saved = post(client, f"/agency/requests/{asking.f}/original", {})
    assert saved.data == foreign
    assert saved.headers["Content-Disposition"].startswith("attachment")


@pytest.fixture
def contact_done(handed_in: Asking) -> Contact:
    return Contact(handed_in, handed_in.world.client("adeyemi"))
