"""Handing a report in: the right person, once, sealed and signed, with a receipt that proves it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.crypto.commitment import key_commit
from portal.crypto.sealing import header_for, new_file_key, seal_payload
from portal.domain.papers import UNIT_READER, Kind, RequestStatus
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.opening.opened import Spoilt, open_version
from portal.journeys.reports.right_person import WrongBirthDate
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.agency_requests import report_receipt
from portal.ledger import receipt
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import candidates, papers
from portal.records.database import reading
from tests.agency.conftest import DUE, Asking
from tests.agency.test_examine import CANARY, whole_of
from tests.documents.making import plain
from tests.journeys.planning import BORN, NAME, told

WRONG = date(1984, 2, 28)


def test_the_unit_and_the_uploader_can_open_what_was_handed_in_and_nobody_else(
    asking: Asking,
) -> None:
    done = asking.handed_in()
    world = asking.world
    with reading(world.house.engine) as db:
        version = papers.load_version(db, world.area.id, done.version_id)
        assert version is not None
        document = papers.load_document(db, world.area.id, version.document_id)
        rows = papers.manifests_of(db, world.area.id, version.id)
        unit = open_unit_of(world.house, db, world.who("helen"))
        clear = open_version(
            world.house, db, version, rows[0], UNIT_READER, unit.public.fingerprint,
            [unit.key.opener()],
        )  # fmt: skip
        readers = papers.readers_of(db, world.area.id, version.id)
    assert clear.startswith(b"%PDF-")
    assert readers == {UNIT_READER, world.secrets("adeyemi").person_id}
    assert document is not None
    assert (document.kind, document.slot_id, document.form_code, document.owner_agency_id) == (
        Kind.REPORT,
        asking.slot.id,
        "F",
        world.agency("prison").id,
    )


def test_the_request_is_answered_the_file_gone_and_the_unit_told(asking: Asking) -> None:
    examined = asking.examine()
    left = asking.waiting()
    done = asking.submit(examined)
    world = asking.world
    with reading(world.house.engine) as db:
        request = papers.load_request(db, world.area.id, asking.f)
    assert request is not None
    assert request.status is RequestStatus.RECEIVED
    assert asking.waiting() is None
    assert left is not None
    assert left.payload_sha256 not in asking.kept()
    notice = told(world, "report_received")[-1]
    assert notice.address == world.area.unit_email
    assert NAME.split()[0] not in str(notice.fields)
    line = asking.lines("report.received")[-1]
    assert (line["request"], line["late"]) == (asking.f, False)
    # The line after it is of the original, kept beside it.
    assert done.position == len_before(asking) - 2


def len_before(asking: Asking) -> int:
    from portal.ledger import book

    with reading(asking.world.house.engine) as db:
        return book.head(db, asking.world.area.id).size


def test_no_word_of_it_stands_in_the_clear_anywhere(asking: Asking) -> None:
    asking.submit(asking.examine(plain(b"BT /F1 9 Tf 9 9 Td (%s) Tj ET" % CANARY)))
    assert CANARY not in whole_of(asking.world.folder)
    assert all(CANARY not in asking.world.store.get(name) for name in asking.kept())


def test_late_is_after_the_due_day_as_london_counts_days(asking: Asking) -> None:
    """Rule 21: taken all the same."""
    with tending(asking.world.house) as db:
        db.execute(papers.report_requests.update().values(due_on=DUE))
    from portal.domain.clocks import from_london

    asking.wait_until(from_london(DUE, 23, 30))
    first = asking.examine(by="carys", request=asking.update)
    assert not asking.submit(first, by="carys", request=asking.update).late
    asking.wait_until(from_london(DUE + timedelta(days=1), 0, 0))
    assert asking.handed_in().late


# ---- the right person ----


def test_a_wrong_date_of_birth_hands_nothing_in_and_says_why(asking: Asking) -> None:
    examined = asking.examine()
    with pytest.raises(WrongBirthDate) as caught:
        asking.submit(examined, WRONG)
    assert "not the date of birth of this case" in caught.value.words
    assert caught.value.left == 4
    assert asking.reports() == 0
    assert asking.submit(examined).position > 0


def test_after_five_wrong_dates_the_file_is_dropped(asking: Asking) -> None:
    examined = asking.examine()
    left = asking.waiting()
    for remaining in (4, 3, 2, 1, 0):
        with pytest.raises(WrongBirthDate) as caught:
            asking.submit(examined, WRONG)
        assert caught.value.left == remaining
    assert "removed" in caught.value.words
    assert left is not None
    assert left.payload_sha256 not in asking.kept()
    with pytest.raises(Changed):
        asking.submit(examined, BORN)
    assert asking.lines("file.refused")[-1]["code"] == "wrong_date_of_birth"
    assert asking.reports() == 0


def test_the_right_date_after_five_wrong_ones_at_once_comes_too_late(asking: Asking) -> None:
    examined = asking.examine()
    with tending(asking.world.house) as db:
        for _ in range(5):
            candidates.count_try(db, asking.world.area.id, examined.candidate_id)
    with pytest.raises(WrongBirthDate) as caught:
        asking.submit(examined, BORN)
    assert caught.value.left == 0
    assert asking.reports() == 0


# ---- once, by the right person, in time ----


def test_another_page_than_the_one_that_was_shown_hands_nothing_in(asking: Asking) -> None:
    first = asking.examine()
    asking.examine()
    with pytest.raises(Changed):
        asking.submit(first)
    assert asking.reports() == 0


@pytest.mark.parametrize("name", ["carys", "helen", "ruth", "sian"])
def test_nobody_else_hands_it_in(asking: Asking, name: str) -> None:
    examined = asking.examine()
    with pytest.raises(Refused) as caught:
        asking.submit(examined, by=name)
    assert caught.value.why is Why.NOT_THERE
    assert asking.reports() == 0


def test_after_the_meeting_began_it_is_not_taken(asking: Asking) -> None:
    asking.wait_until(asking.begins - timedelta(minutes=1))
    examined = asking.examine()
    asking.wait_until(asking.begins)
    with pytest.raises(Refused) as caught:
        asking.submit(examined)
    assert caught.value.why is Why.WINDOW_CLOSED


def test_handed_in_twice_it_is_received_once(asking: Asking) -> None:
    examined = asking.examine()
    asking.submit(examined)
    with pytest.raises(Changed):
        asking.submit(examined)
    assert asking.reports() == 1
    assert asking.lines("report.corrected") == []


def test_of_many_at_once_exactly_one_is_received(asking: Asking) -> None:
    examined = asking.examine()
    who = asking.world.who("adeyemi")
    outcomes: list[str] = []

    def submit() -> None:
        try:
            submit_report(asking.world.house, who, asking.f, examined.candidate_id, BORN)
        except (Refused, Changed) as lost:
            outcomes.append(type(lost).__name__)
        else:
            outcomes.append("received")

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("received") == 1
    assert asking.reports() == 1
    assert len(asking.lines("report.received")) == 1
    with reading(asking.world.house.engine) as db:
        named = papers.payload_names(db)
    assert asking.kept() == named


# ---- spoilt ----


def test_a_file_put_in_its_place_by_somebody_else_is_not_signed_for(asking: Asking) -> None:
    """Anybody who holds the database can seal to the uploader's public key; nobody can sign."""
    examined = asking.examine()
    left = asking.waiting()
    assert left is not None
    key = new_file_key()
    forged = seal_payload(key, b"%PDF-1.7 forged")
    asking.world.store.put(forged.sha256, forged)
    with tending(asking.world.house) as db:
        candidates.drop(db, left.area_id, left.id)
        candidates.save(
            db,
            replace(
                left,
                payload_sha256=forged.sha256,
                clear_size=forged.clear_size,
                key_commit=key_commit(key, left.id, forged.sha256),
                header=header_for(key, asking.world.who("adeyemi").keyring.recipient()),
            ),
        )
    with pytest.raises(Spoilt, match="candidate"):
        asking.submit(examined)
    assert asking.reports() == 0


def test_a_file_moved_to_another_request_is_not_handed_in_there(asking: Asking) -> None:
    """Rule 22: bound to the case at upload."""
    examined = asking.examine(by="carys", request=asking.update)
    with tending(asking.world.house) as db:
        db.execute(candidates.candidates.update().values(pages=99))
    with pytest.raises(Spoilt):
        asking.submit(examined, by="carys", request=asking.update)


# ---- the receipt ----


def test_the_receipt_proves_the_line_without_the_portal(asking: Asking) -> None:
    done = asking.handed_in()
    world = asking.world
    found = report_receipt(world.house, world.who("adeyemi"), asking.f)
    assert found.position == done.position
    signer = world.house.signer(world.area.id)
    place, _ = receipt.check(found.proof, found.line.encode(), signer.known, signer.origin)
    assert place == done.position
    assert found.payload_sha256 in found.line
    assert found.manifest_sha256 in found.line


def test_there_is_no_receipt_before_and_none_for_others(asking: Asking) -> None:
    world = asking.world
    with pytest.raises(Refused):
        report_receipt(world.house, world.who("adeyemi"), asking.f)
    asking.handed_in()
    for name in ("carys", "helen", "mark"):
        with pytest.raises(Refused):
            report_receipt(world.house, world.who(name), asking.f)
