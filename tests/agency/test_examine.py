"""A file is examined before anybody gets it, and a refused one leaves a line and no bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.ids import AgencyId, RequestId
from portal.domain.papers import RequestStatus
from portal.domain.people import Role
from portal.journeys.deed import tending
from portal.journeys.opening.opened import Spoilt
from portal.journeys.reports.answer_request import answer_request
from portal.journeys.reports.candidate import open_candidate
from portal.journeys.reports.examine_report import examine_report
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import candidates, papers
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.documents import hostile
from tests.documents.making import numbered, plain
from tests.journeys.other_area import other_area

CANARY = b"PELICANCANARY"


def whole_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("clear", "code"),
    [
        (b"", RefusalCode.EMPTY),
        (b"MZ\x90\x00" + CANARY, RefusalCode.PROGRAM),
        (b"PK\x03\x04word/" + CANARY, RefusalCode.DAMAGED),
        (b"{\\rtf1 " + CANARY, RefusalCode.WORD_FILE),
        (b"<html>" + CANARY + b"%PDF-1.7", RefusalCode.NOT_PDF),
        (b"%PDF-1.7\n" + CANARY, RefusalCode.DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + CANARY, RefusalCode.DAMAGED),
        (b"GIF89a" + CANARY, RefusalCode.PICTURE),
    ],
)
def test_a_refused_file_leaves_its_line_and_no_bytes(
    asking: Asking, clear: bytes, code: RefusalCode
) -> None:
    before = asking.kept()
    with pytest.raises(RefusedPaper) as caught:
        examine_report(asking.world.house, asking.world.who("adeyemi"), asking.f, clear)
    assert caught.value.code is code
    line = asking.lines("file.refused")[-1]
    assert (line["subject"], line["code"], line["size"]) == (asking.f, code.value, len(clear))
    assert asking.kept() == before
    assert asking.waiting() is None
    assert CANARY not in whole_of(asking.world.folder)


def test_a_file_over_the_limit_is_refused(asking: Asking) -> None:
    with pytest.raises(RefusedPaper) as caught:
        examine_report(
            asking.world.house, asking.world.who("adeyemi"), asking.f, numbered(1), Limits(bytes=64)
        )
    assert caught.value.code is RefusalCode.TOO_BIG
    assert asking.lines("file.refused")[-1]["code"] == "too_big"


def test_what_acts_is_removed_and_told(asking: Asking) -> None:
    examined = asking.examine(hostile.scripts())
    assert examined.findings
    found = asking.waiting()
    assert found is not None
    assert set(found.findings) == {finding.kind.value for finding in examined.findings}


def test_an_examined_file_is_given_to_nobody_yet(asking: Asking) -> None:
    examined = asking.examine()
    assert asking.reports() == 0
    found = asking.waiting()
    assert found is not None
    with reading(asking.world.house.engine) as db:
        request = papers.load_request(db, asking.world.area.id, asking.f)
        assert found.payload_sha256 in papers.payload_names(db)
    assert request is not None
    assert request.status is RequestStatus.REQUESTED
    assert asking.lines("file.examined")[-1]["pages"] == examined.pages


def test_only_its_uploader_opens_it(asking: Asking) -> None:
    asking.examine(plain(b"BT /F1 9 Tf 9 9 Td (%s) Tj ET" % CANARY))
    found = asking.waiting()
    assert found is not None
    house = asking.world.house
    assert open_candidate(house, asking.world.who("adeyemi"), found).startswith(b"%PDF-")
    for name in ("helen", "carys", "priya"):
        with pytest.raises(Spoilt):
            open_candidate(house, asking.world.who(name), found)


def test_no_word_of_it_stands_in_the_clear_anywhere(asking: Asking) -> None:
    asking.examine(plain(b"BT /F1 9 Tf 9 9 Td (%s) Tj ET" % CANARY))
    assert CANARY not in whole_of(asking.world.folder)
    assert all(CANARY not in asking.world.store.get(name) for name in asking.kept())


def test_choosing_again_replaces_the_file_and_forgets_its_bytes(asking: Asking) -> None:
    asking.examine()
    first = asking.waiting()
    asking.examine(numbered(3))
    second = asking.waiting()
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert second.pages == 3
    assert first.payload_sha256 not in asking.kept()
    assert second.payload_sha256 in asking.kept()


# ---- who, what, when ----


def refused(asking: Asking, by: str, request: RequestId) -> Why:
    before = asking.kept()
    with pytest.raises(Refused) as caught:
        asking.examine(by=by, request=request)
    assert asking.kept() == before
    assert asking.lines("deed.refused")[-1]["why"] == caught.value.why.value
    return caught.value.why


@pytest.mark.parametrize("name", ["carys", "ruth", "joe", "grace"])
def test_another_agencys_request_does_not_exist(asking: Asking, name: str) -> None:
    assert refused(asking, name, asking.f) is Why.NOT_THERE


@pytest.mark.parametrize("name", ["helen", "priya", "mark", "sian", "dev", "una", "alan"])
def test_who_is_no_contact_uploads_nothing(asking: Asking, name: str) -> None:
    assert refused(asking, name, asking.f) is Why.NOT_THERE


@pytest.mark.parametrize("guess", ["a" * 26, "../f", "x" * 4000])
def test_a_guessed_request_does_not_exist(asking: Asking, guess: str) -> None:
    assert refused(asking, "adeyemi", RequestId(guess)) is Why.NOT_THERE


def test_another_area_does_not_see_the_request(asking: Asking) -> None:
    olga = other_area(asking.world).olga
    with pytest.raises(Refused) as caught:
        examine_report(asking.world.house, olga, asking.f, numbered(1))
    assert caught.value.why is Why.NOT_THERE


def test_a_mappa_f_comes_from_custody_only(asking: Asking) -> None:
    """Rule 20, even where a row says that the police were asked for one."""
    with tending(asking.world.house) as db:
        db.execute(papers.report_requests.update().where(
            papers.report_requests.c.id == asking.update).values(form_code="F"))  # fmt: skip
    assert refused(asking, "carys", asking.update) is Why.WRONG_SERVICE


def test_the_window_closes_when_the_meeting_begins(asking: Asking) -> None:
    asking.wait_until(asking.begins - timedelta(microseconds=1))
    assert asking.examine().pages == 2
    asking.wait_until(asking.begins)
    assert refused(asking, "adeyemi", asking.f) is Why.WINDOW_CLOSED


def test_another_answer_can_still_become_a_report(asking: Asking) -> None:
    who = asking.world.who("adeyemi")
    answer_request(asking.world.house, who, asking.f, RequestStatus.AT_MEETING)
    assert asking.handed_in().position > 0


def test_without_a_confirmed_key_nothing_is_taken(asking: Asking) -> None:
    """A contact whose key nobody has confirmed could not sign so that the unit can tell."""
    world = asking.world
    una = world.who("una")
    housing: AgencyId = una.actor.agency_id
    contact = replace(una, actor=replace(una.actor, roles=frozenset({Role.CONTACT})))
    with tending(world.house) as db:
        db.execute(papers.report_requests.update().where(
            papers.report_requests.c.id == asking.update).values(agency_id=housing))  # fmt: skip
    with pytest.raises(Refused) as caught:
        examine_report(world.house, contact, asking.update, numbered(1))
    assert caught.value.why is Why.CANNOT_OPEN_YET
    assert asking.lines("file.examined") == []


def test_a_file_left_for_a_day_is_there_no_more(asking: Asking) -> None:
    asking.examine()
    with reading(asking.world.house.engine) as db:
        assert candidates.made_before(db, asking.world.clock.now() + timedelta(seconds=1))
    asking.skip(timedelta(hours=24))
    from portal.journeys.views.agency_request import agency_request

    page = agency_request(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert page.waiting is None
