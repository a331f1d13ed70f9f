"""Reading a request, answering it otherwise, and reading one's own report again."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest

from portal.domain.papers import RequestStatus
from portal.journeys.deed import tending
from portal.journeys.digests import read_text
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.reports.answer_request import answer_request
from portal.journeys.reports.read_own_report import read_own_report
from portal.journeys.reports.read_request import read_request
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.agency_requests import agency_requests
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, texts
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.agency.test_examine import whole_of
from tests.journeys.other_area import other_area
from tests.journeys.planning import BORN, NAME, slot_of

SECRET = "Our QUOKKACANARY source would be known by it."


def status(asking: Asking) -> RequestStatus:
    with reading(asking.world.house.engine) as db:
        found = papers.load_request(db, asking.world.area.id, asking.f)
    assert found is not None
    return found.status


# ---- the list and the request ----


def test_the_list_holds_ones_own_agencys_requests_only(asking: Asking) -> None:
    world = asking.world
    prison = agency_requests(world.house, world.who("adeyemi"))
    police = agency_requests(world.house, world.who("carys"))
    assert [row.id for row in prison.rows] == [asking.f]
    assert [row.id for row in police.rows] == [asking.update]
    assert agency_requests(world.house, world.who("ruth")).rows == ()
    assert NAME not in repr(prison)


@pytest.mark.parametrize("name", ["helen", "mark", "sian", "una"])
def test_the_list_is_for_contacts(asking: Asking, name: str) -> None:
    with pytest.raises(Refused):
        agency_requests(asking.world.house, asking.world.who(name))


def test_reading_a_request_leaves_its_line_and_shows_who_it_is_about(asking: Asking) -> None:
    found = read_request(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert found.individual is not None
    assert (found.individual.name, found.individual.born) == (NAME, BORN)
    line = asking.lines("particulars.read")[-1]
    assert (line["case"], line["actor"]) == (
        asking.slot.case_id,
        asking.world.secrets("adeyemi").person_id,
    )


def test_without_a_wrap_no_name_is_shown_and_no_line_claims_it_was(asking: Asking) -> None:
    world = asking.world
    with reading(world.house.engine) as db:
        request = papers.load_request(db, world.area.id, asking.f)
    assert request is not None
    with tending(world.house) as db:
        papers.remove_headers_of(db, world.area.id, world.secrets("adeyemi").person_id)
    found = read_request(world.house, world.who("adeyemi"), asking.f)
    assert found.individual is None
    assert not found.page.may_upload
    assert asking.lines("particulars.read") == []


@pytest.mark.parametrize("name", ["carys", "helen", "joe", "una", "dev"])
def test_another_agencys_request_does_not_exist(asking: Asking, name: str) -> None:
    with pytest.raises(Refused) as caught:
        read_request(asking.world.house, asking.world.who(name), asking.f)
    assert caught.value.why is Why.NOT_THERE
    assert asking.lines("particulars.read") == []


def test_another_area_sees_nothing(asking: Asking) -> None:
    olga = other_area(asking.world).olga
    for journey in (read_request, read_own_report):
        with pytest.raises(Refused) as caught:
            journey(asking.world.house, olga, asking.f)
        assert caught.value.why is Why.NOT_THERE


# ---- other answers ----


@pytest.mark.parametrize(
    "answer", [RequestStatus.NOTHING_KNOWN, RequestStatus.NOTHING_NEW, RequestStatus.AT_MEETING]
)
def test_an_answer_takes_one_act_and_leaves_one_line(asking: Asking, answer: RequestStatus) -> None:
    answer_request(asking.world.house, asking.world.who("adeyemi"), asking.f, answer)
    assert status(asking) is answer
    line = asking.lines("report.answered")[-1]
    assert (line["answer"], line["reason"]) == (answer.value, None)


def test_not_sharing_needs_a_reason_that_is_kept_sealed(asking: Asking) -> None:
    """Rule 19."""
    world = asking.world
    for empty in ("", "   "):
        with pytest.raises(Unacceptable) as caught:
            answer_request(
                world.house, world.who("adeyemi"), asking.f, RequestStatus.DECLINED, empty
            )
        assert caught.value.field == "reason"
    answer_request(world.house, world.who("adeyemi"), asking.f, RequestStatus.DECLINED, SECRET)
    assert status(asking) is RequestStatus.DECLINED
    with reading(world.house.engine) as db:
        (kept,) = texts.of_subjects(db, world.area.id, [asking.f])
        unit = open_unit_of(world.house, db, world.who("helen"))
    assert read_text(kept.sealed, [unit.key.opener()]).text == SECRET
    assert read_text(kept.sealed, world.who("adeyemi").identities()).text == SECRET
    assert b"QUOKKACANARY" not in whole_of(world.folder)


@pytest.mark.parametrize("answer", [RequestStatus.RECEIVED, RequestStatus.REQUESTED])
def test_nobody_claims_a_report_that_never_came(asking: Asking, answer: RequestStatus) -> None:
    with pytest.raises(Unacceptable):
        answer_request(asking.world.house, asking.world.who("adeyemi"), asking.f, answer)
    assert status(asking) is RequestStatus.REQUESTED


@pytest.mark.parametrize("name", ["carys", "helen", "joe"])
def test_nobody_answers_for_another_agency(asking: Asking, name: str) -> None:
    with pytest.raises(Refused) as caught:
        answer_request(
            asking.world.house, asking.world.who(name), asking.f, RequestStatus.NOTHING_KNOWN
        )
    assert caught.value.why is Why.NOT_THERE
    assert status(asking) is RequestStatus.REQUESTED


def test_an_answer_does_not_undo_a_report_and_comes_before_the_meeting(asking: Asking) -> None:
    world = asking.world
    asking.handed_in()
    with pytest.raises(Refused) as caught:
        answer_request(world.house, world.who("adeyemi"), asking.f, RequestStatus.NOTHING_KNOWN)
    assert caught.value.why is Why.ALREADY_ANSWERED
    asking.wait_until(asking.begins)
    with pytest.raises(Refused) as caught:
        answer_request(world.house, world.who("carys"), asking.update, RequestStatus.NOTHING_KNOWN)
    assert caught.value.why is Why.WINDOW_CLOSED


# ---- one's own report ----


def test_the_uploader_reads_it_again_stamped_and_written_down(asking: Asking) -> None:
    done = asking.handed_in()
    found = read_own_report(asking.world.house, asking.world.who("adeyemi"), asking.f)
    with pikepdf.open(io.BytesIO(found.pdf_clear)) as pdf:
        told = str(pdf.docinfo) + str(pdf.open_metadata())
    assert "Sola Adeyemi" in told
    assert "Own report" in told
    assert asking.lines("report.read")[-1]["version"] == done.version_id


def test_before_it_was_handed_in_there_is_nothing_to_read(asking: Asking) -> None:
    asking.examine()
    with pytest.raises(Refused) as caught:
        read_own_report(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert caught.value.why is Why.NOT_THERE


@pytest.mark.parametrize("name", ["carys", "helen", "ruth", "alan"])
def test_nobody_else_reads_it_this_way(asking: Asking, name: str) -> None:
    asking.handed_in()
    with pytest.raises(Refused) as caught:
        read_own_report(asking.world.house, asking.world.who(name), asking.f)
    assert caught.value.why is Why.NOT_THERE
    assert asking.lines("report.read") == []


def test_a_colleague_without_a_wrap_does_not_read_it(asking: Asking) -> None:
    asking.handed_in()
    world = asking.world
    carys, adeyemi = world.who("carys"), world.who("adeyemi")
    colleague = replace(carys, actor=replace(carys.actor, agency_id=adeyemi.actor.agency_id))
    with pytest.raises(Refused) as caught:
        read_own_report(world.house, colleague, asking.f)
    assert caught.value.why is Why.NOT_THERE


def test_it_can_be_read_until_the_meeting_begins(asking: Asking) -> None:
    asking.handed_in()
    asking.wait_until(asking.begins - timedelta(microseconds=1))
    assert read_own_report(asking.world.house, asking.world.who("adeyemi"), asking.f)
    asking.wait_until(asking.begins)
    with pytest.raises(Refused) as caught:
        read_own_report(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert caught.value.why is Why.WINDOW_CLOSED


def test_more_cases_do_not_cost_more_queries(asking: Asking) -> None:
    from sqlalchemy import event

    counted: list[str] = []
    engine = asking.world.house.engine
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    who = asking.world.who("adeyemi")
    counted.clear()
    agency_requests(asking.world.house, who)
    few = len(counted)
    for number in range(3):
        slot_of(asking.world, f"NM/2026/{100 + number}")
    counted.clear()
    agency_requests(asking.world.house, who)
    assert len(counted) == few
