"""Rule 57: a report that is in is corrected by a new version; the one before stays, provably."""

from __future__ import annotations

import re
import threading
from datetime import date, datetime, timedelta

import pytest

from portal.documents.refusal import RefusedPaper
from portal.domain.ids import VersionId
from portal.domain.papers import UNIT_READER, Document, Version
from portal.journeys.changed import Changed
from portal.journeys.digests import read_text
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.opening.opened import open_version
from portal.journeys.reports.correcting import FIELD, SAME, is_in_already
from portal.journeys.reports.examine_report import Examined, examine_report
from portal.journeys.reports.open_original import open_original, open_own_original
from portal.journeys.reports.remove_originals import remove_originals
from portal.journeys.reports.right_person import WrongBirthDate
from portal.journeys.reports.submit_report import Submitted, submit_report
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.agency_requests import report_receipt
from portal.journeys.views.original import any_original
from portal.ledger import receipt
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import originals, papers, texts
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.agency.test_doors import Contact, contact
from tests.browsing import post, words_of
from tests.documents.making import numbered, plain
from tests.documents.making import texts as texts_of
from tests.documents.test_bombs import stacked_flate
from tests.journeys.planning import BORN, told

__all__ = ["contact"]

WRONG = date(1984, 2, 28)
WHY = "The address on page 2 was that of his brother."
FIRST = numbered(2)
BETTER = numbered(3, "Corrected")


def versions(asking: Asking) -> list[Version]:
    with reading(asking.world.house.engine) as db:
        request = papers.load_request(db, asking.world.area.id, asking.f)
        assert request is not None
        if request.document_id is None:
            return []
        return papers.versions_of(db, asking.world.area.id, request.document_id)


def correct(asking: Asking, examined: Examined | None = None, reason: str = WHY) -> Submitted:
    found = examined or asking.examine(BETTER)
    world = asking.world
    return submit_report(
        world.house, world.who("adeyemi"), asking.f, found.candidate_id, BORN, reason
    )


def unchanged(asking: Asking) -> None:
    """One version, one line; and every payload in the store is named by a row."""
    assert [each.number for each in versions(asking)] == [1]
    assert asking.lines("report.corrected") == []
    with reading(asking.world.house.engine) as db:
        assert asking.kept() == papers.payload_names(db)


# ---- what must not happen ----


@pytest.mark.parametrize("reason", ["", "  \n ", "\x00", "x" * 1001])
def test_without_a_reason_in_a_sentence_nothing_is_corrected(asking: Asking, reason: str) -> None:
    asking.handed_in()
    examined = asking.examine(BETTER)
    with pytest.raises(Unacceptable) as caught:
        correct(asking, examined, reason)
    assert caught.value.field == "reason"
    unchanged(asking)
    assert correct(asking, examined).position > 0


def test_once_the_meeting_began_nothing_is_corrected(asking: Asking) -> None:
    asking.handed_in()
    examined = asking.examine(BETTER)
    asking.wait_until(asking.begins)
    for attempt in (lambda: asking.examine(numbered(4)), lambda: correct(asking, examined)):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.why is Why.WINDOW_CLOSED
    unchanged(asking)


@pytest.mark.parametrize("name", ["carys", "ruth", "helen", "sian", "mark"])
def test_another_agency_corrects_nothing(asking: Asking, name: str) -> None:
    asking.handed_in()
    examined = asking.examine(BETTER)
    who = asking.world.who(name)
    with pytest.raises(Refused) as caught:
        examine_report(asking.world.house, who, asking.f, numbered(4))
    assert caught.value.why is Why.NOT_THERE
    with pytest.raises(Refused) as caught:
        submit_report(asking.world.house, who, asking.f, examined.candidate_id, BORN, WHY)
    assert caught.value.why is Why.NOT_THERE
    unchanged(asking)


def test_a_wrong_date_of_birth_corrects_nothing(asking: Asking) -> None:
    asking.handed_in()
    examined = asking.examine(BETTER)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongBirthDate) as caught:
            submit_report(asking.world.house, asking.world.who("adeyemi"), asking.f,
                          examined.candidate_id, WRONG, WHY)  # fmt: skip
        assert caught.value.left == left
    with pytest.raises(Changed):
        correct(asking, examined)
    unchanged(asking)


def test_the_very_same_file_is_not_a_correction(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    with pytest.raises(Unacceptable) as caught:
        asking.examine(FIRST)
    assert (caught.value.field, caught.value.words) == ("file", SAME)
    assert asking.waiting() is None
    assert asking.lines("file.refused")[-1]["code"] == "same_file"
    unchanged(asking)


def test_nor_is_it_after_the_original_was_removed(asking: Asking) -> None:
    """What its SHA-256 was stands in the record for ever."""
    asking.submit(asking.examine(FIRST))
    with asking.world.house.engine.begin() as db:
        long_ago = datetime.fromisoformat("2024-01-01T00:00:00+00:00")
        db.execute(originals.originals.update().values(received_at=long_ago))
    assert remove_originals(asking.world.house, asking.world.area.id) == 1
    with pytest.raises(Unacceptable):
        asking.examine(FIRST)
    unchanged(asking)


def test_a_file_that_waited_and_meanwhile_came_in_is_not_handed_in_again(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    with reading(asking.world.house.engine) as db:
        request = papers.load_request(db, asking.world.area.id, asking.f)
        assert request is not None
        assert not is_in_already(asking.world.house, db, request, "0" * 64)
    first = asking.examine(BETTER)
    correct(asking, first)
    with pytest.raises(Changed):
        correct(asking, first)
    assert [each.number for each in versions(asking)] == [1, 2]


def test_a_bomb_as_second_version_costs_its_own_child_and_the_first_stays(asking: Asking) -> None:
    asking.handed_in()
    before = asking.kept()
    with pytest.raises(RefusedPaper):
        asking.examine(stacked_flate())
    assert asking.waiting() is None
    assert asking.kept() == before
    unchanged(asking)


def test_of_two_corrections_at_once_one_wins(asking: Asking) -> None:
    asking.handed_in()
    examined = asking.examine(BETTER)
    who, house = asking.world.who("adeyemi"), asking.world.house
    outcomes: list[str] = []

    def submit() -> None:
        try:
            submit_report(house, who, asking.f, examined.candidate_id, BORN, WHY)
        except (Refused, Changed) as lost:
            outcomes.append(type(lost).__name__)
        else:
            outcomes.append("received")

    threads = [threading.Thread(target=submit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("received") == 1
    assert [each.number for each in versions(asking)] == [1, 2]
    assert len(asking.lines("report.corrected")) == 1
    with reading(house.engine) as db:
        assert asking.kept() == papers.payload_names(db)


def test_a_reason_is_not_asked_for_a_first_report_and_none_is_kept(asking: Asking) -> None:
    done = submit_report(asking.world.house, asking.world.who("adeyemi"), asking.f,
                         asking.examine().candidate_id, BORN, WHY)  # fmt: skip
    assert asking.lines("report.corrected") == []
    with reading(asking.world.house.engine) as db:
        assert texts.load(db, asking.world.area.id, done.version_id, FIELD) is None


# ---- what must ----


def opened(asking: Asking, version: Version) -> bytes:
    world = asking.world
    with reading(world.house.engine) as db:
        unit = open_unit_of(world.house, db, world.who("helen"))
        row = papers.manifests_of(db, world.area.id, version.id)[0]
        return open_version(world.house, db, version, row, UNIT_READER, unit.public.fingerprint,
                            [unit.key.opener()])  # fmt: skip


def document_of(asking: Asking, version: Version) -> Document:
    with reading(asking.world.house.engine) as db:
        found = papers.load_document(db, asking.world.area.id, version.document_id)
    assert found is not None
    return found


def test_it_is_the_next_version_of_the_same_document_and_both_open(asking: Asking) -> None:
    first = asking.handed_in()
    before = versions(asking)[0]
    second = correct(asking)
    assert [each.id for each in versions(asking)] == [first.version_id, second.version_id]
    assert versions(asking)[0] == before
    assert asking.reports() == 1
    assert "Sheet 1" in texts_of(opened(asking, before))[0]
    assert "Corrected 1" in texts_of(opened(asking, versions(asking)[1]))[0]
    assert document_of(asking, before).owner_agency_id == asking.world.agency("prison").id


def test_the_line_names_both_versions_and_the_reason_is_sealed(asking: Asking) -> None:
    first, second = asking.handed_in(), correct(asking)
    (line,) = asking.lines("report.corrected")
    assert (line["version"], line["corrects"]) == (second.version_id, first.version_id)
    world = asking.world
    with reading(world.house.engine) as db:
        sealed = texts.load(db, world.area.id, second.version_id, FIELD)
        unit = open_unit_of(world.house, db, world.who("helen"))
    assert sealed is not None
    assert b"brother" not in sealed
    for openers in ([unit.key.opener()], world.who("adeyemi").identities()):
        found = read_text(sealed, openers)
        assert (found.text, found.digest) == (WHY, line["reason"])


def test_the_unit_is_told_and_nothing_of_the_report_is_in_the_notice(asking: Asking) -> None:
    asking.handed_in()
    correct(asking)
    notice = told(asking.world, "report_corrected")[-1]
    assert notice.address == asking.world.area.unit_email
    assert set(notice.fields) == {"area", "reference", "form", "path"}


def test_the_receipt_proves_every_version(asking: Asking) -> None:
    first, second = asking.handed_in(), correct(asking)
    world = asking.world
    found = report_receipt(world.house, world.who("adeyemi"), asking.f)
    assert (found.number, found.position) == (2, second.position)
    signer = world.house.signer(world.area.id)
    (earlier,) = found.earlier
    assert earlier.position == first.position
    for each in (found, earlier):
        place, _ = receipt.check(each.proof, each.line.encode(), signer.known, signer.origin)
        assert place == each.position
        assert each.payload_sha256 in each.line


def test_what_was_corrected_can_be_corrected_again_even_back(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    correct(asking)
    correct(asking, asking.examine(FIRST))
    assert [each.number for each in versions(asking)] == [1, 2, 3]
    lines = asking.lines("report.corrected")
    assert lines[1]["corrects"] == lines[0]["version"]


def test_the_original_that_opens_is_that_of_the_newest(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    asking.world.clock.advance(timedelta(seconds=1))
    correct(asking)
    found = open_own_original(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert found.foreign == BETTER


def test_the_original_that_opens_is_the_newest_also_while_the_clock_stands(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    correct(asking)
    found = open_own_original(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert found.foreign == BETTER


def test_the_originals_of_earlier_versions_open_like_the_newest(asking: Asking) -> None:
    asking.submit(asking.examine(FIRST))
    correct(asking)
    house, world = asking.world.house, asking.world
    seen = any_original(house, world.who("helen"), asking.f)
    (older,) = seen.others
    found = open_original(house, world.who("helen"), asking.f, WHY, older.version_id)
    assert found.foreign == FIRST
    own = open_own_original(house, world.who("adeyemi"), asking.f, older.version_id)
    assert own.foreign == FIRST
    opened = asking.lines("original.opened")
    assert [line["version"] for line in opened] == [older.version_id] * 2
    for named in (VersionId("nothing"), versions(asking)[0].id):
        with pytest.raises(Refused) as caught:
            open_original(house, world.who("helen"), asking.f, WHY, named)
        assert caught.value.why is Why.NOT_THERE


def test_by_hand_an_earlier_original_is_one_link_away(contact: Contact) -> None:
    contact.upload(FIRST)
    contact.check("29", "2", "1984")
    contact.upload(BETTER)
    contact.check("29", "2", "1984", reason=WHY)
    page = contact.client.get(f"{contact.at}/original")
    assert "Of other versions of this paper" in words_of(page)
    link = re.search(r'href="([^"]*\?of=[^"]*)"', page.text)
    assert link is not None
    button = re.search(r'action="([^"]*\?of=[^"]*)"', contact.client.get(link[1]).text)
    assert button is not None
    assert post(contact.client, button[1]).data == FIRST
    newest = re.search(r'action="([^"]*\?of=[^"]*)"', page.text)
    assert newest is not None
    assert post(contact.client, newest[1]).data == BETTER


def test_by_hand_the_same_steps_as_the_first_time(contact: Contact) -> None:
    contact.upload(FIRST)
    contact.check("29", "2", "1984")
    shown = words_of(contact.client.get(contact.at))
    assert "Send a corrected report" in shown
    assert "Or answer without a report" not in shown
    assert "Choose the corrected report" in words_of(contact.client.get(f"{contact.at}/upload"))
    again = words_of(contact.upload(FIRST))
    assert "This is the file that was handed in already" in again
    assert contact.upload(plain()).status_code == 302
    page = words_of(contact.client.get(f"{contact.at}/check"))
    assert "What is corrected, and why" in page
    refused = words_of(contact.check("29", "2", "1984"))
    assert "Say in a sentence what is corrected." in refused
    done = contact.check("29", "2", "1984", reason=WHY)
    assert done.headers["Location"].endswith("/receipt")
    receipt_page = words_of(contact.client.get(f"{contact.at}/receipt"))
    assert "Earlier versions" in receipt_page
    told_text = contact.client.get(f"{contact.at}/receipt.txt").text
    assert told_text.count("report.corrected") == 1
    assert told_text.count("report.received") == 1
    assert WHY not in told_text + receipt_page
