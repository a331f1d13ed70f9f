"""Whether a report was scanned stands with it from the upload to the pack."""

from __future__ import annotations

import io
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from pikepdf import Encryption

from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.scan import Clamd, NoScanner, Scanner
from portal.domain.papers import Scan
from portal.journeys.deed import tending
from portal.journeys.opening.opened import Spoilt
from portal.journeys.reports.candidate import open_candidate
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.agency_request import agency_request
from portal.journeys.views.pack import arrange_page
from portal.journeys.views.slot import slot_page
from portal.records import candidates, papers
from portal.records.database import reading
from tests.agency.conftest import Asking
from tests.browsing import words_of
from tests.documents.making import new, numbered, plain, saved
from tests.documents.test_attached_locked import SHUT, with_files
from tests.documents.test_scan import pretending
from tests.journeys.planning import BORN
from tests.real.clamd import EICAR

real = pytest.mark.real("clamd")


def examine(asking: Asking, clear: bytes, scanner: Scanner, password: str = "") -> Scan:
    house = replace(asking.world.house, scanner=scanner)
    who = asking.world.who("adeyemi")
    return examine_report(house, who, asking.f, clear, password=password).scan


def why(asking: Asking, clear: bytes, scanner: Scanner) -> RefusalCode:
    before = asking.kept()
    with pytest.raises(RefusedPaper) as refused:
        examine(asking, clear, scanner)
    assert asking.kept() == before
    assert asking.waiting() is None
    assert asking.lines("file.refused")[-1]["code"] == refused.value.code.value
    return refused.value.code


@real
def test_malware_is_refused_with_a_line_and_no_bytes(asking: Asking, clamd: Path) -> None:
    assert why(asking, plain() + EICAR, Clamd(clamd)) is RefusalCode.INFECTED
    found = b"".join(path.read_bytes() for path in asking.world.folder.rglob("*") if path.is_file())
    assert EICAR not in found


@real
def test_a_scanned_report_is_scanned_to_the_end(asking: Asking, clamd: Path) -> None:
    assert examine(asking, numbered(2), Clamd(clamd)) is Scan.CLEAN
    world = asking.world
    page = agency_request(world.house, world.who("adeyemi"), asking.f)
    assert page.waiting is not None
    assert page.waiting.viruses == "all"
    submit_report(world.house, world.who("adeyemi"), asking.f, page.waiting.id, BORN)
    helen = world.who("helen")
    assert all(line.scanned for line in arrange_page(world.house, helen, asking.slot.id).papers)
    rows = slot_page(world.house, helen, asking.slot.id).requests
    assert not any(row.unscanned for row in rows)


def test_an_unscanned_report_says_so_to_uploader_and_coordinator(asking: Asking) -> None:
    world = asking.world
    assert examine(asking, numbered(2), NoScanner()) is Scan.NOT_SCANNED
    page = agency_request(world.house, world.who("adeyemi"), asking.f)
    assert page.waiting is not None
    assert page.waiting.viruses == "none"
    version = submit_report(world.house, world.who("adeyemi"), asking.f, page.waiting.id, BORN)
    helen = world.who("helen")
    assert [line.scanned for line in arrange_page(world.house, helen, asking.slot.id).papers] == [
        False
    ]
    rows = slot_page(world.house, helen, asking.slot.id).requests
    assert [row.unscanned for row in rows if row.request.id == asking.f] == [True]
    assert [row.unscanned for row in rows if row.request.id != asking.f] == [False]
    with reading(world.house.engine) as db:
        found = papers.load_version(db, world.area.id, version.version_id)
    assert found is not None
    assert found.scan is Scan.NOT_SCANNED


def test_what_the_scanner_could_not_look_into_is_said_to_the_uploader(
    asking: Asking, tmp_path: Path
) -> None:
    def act(line: socket.socket) -> None:
        got = b""
        while not got.endswith(b"\0\0\0\0") and (piece := line.recv(65536)):
            got += piece
        line.sendall(b"stream: OK\0")

    with pretending(tmp_path, act) as path:
        assert examine(asking, saved(with_files({"a": SHUT["PDF"]})), Clamd(path, 10)) is Scan.CLEAN
    page = agency_request(asking.world.house, asking.world.who("adeyemi"), asking.f)
    assert page.waiting is not None
    assert page.waiting.viruses == "in_part"
    check = asking.world.client("adeyemi").get(f"/agency/requests/{asking.f}/check")
    said = words_of(check)
    assert "Attached file 1, counted by name, cannot be looked into by the virus scanner" in said
    assert "Viruses Scanned, and none found, but for what is locked" in said


def test_a_scanner_that_is_down_blocks(asking: Asking, tmp_path: Path) -> None:
    assert why(asking, numbered(1), Clamd(tmp_path / "nothing")) is RefusalCode.SCANNER_DOWN


def test_the_mark_cannot_be_changed_under_way(asking: Asking) -> None:
    """The uploader has signed it with the rest."""
    examine(asking, numbered(1), NoScanner())
    with tending(asking.world.house) as db:
        db.execute(candidates.candidates.update().values(scan=Scan.CLEAN))
    found = asking.waiting()
    assert found is not None
    with pytest.raises(Spoilt):
        open_candidate(asking.world.house, asking.world.who("adeyemi"), found)


def test_a_locked_file_opens_with_its_password_which_is_kept_nowhere(asking: Asking) -> None:
    secret = "Pelican-Password-7731"
    out = io.BytesIO(saved(new(), encryption=Encryption(user=secret, owner="x")))
    assert why(asking, out.getvalue(), NoScanner()) is RefusalCode.PASSWORD
    examine(asking, out.getvalue(), NoScanner(), secret)
    assert asking.waiting() is not None
    kept = b"".join(path.read_bytes() for path in asking.world.folder.rglob("*") if path.is_file())
    assert secret.encode() not in kept
    assert secret not in str(asking.lines("file.examined") + asking.lines("file.refused"))


def test_the_limits_are_those_of_the_house(asking: Asking) -> None:
    house = replace(asking.world.house, limits=Limits(pages=2))
    with pytest.raises(RefusedPaper) as refused:
        examine_report(house, asking.world.who("adeyemi"), asking.f, numbered(3))
    assert refused.value.code is RefusalCode.TOO_MANY_PAGES
