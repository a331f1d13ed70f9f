"""The tick when a pack is sent, what the uploader reads, and taking the instruction back."""

from __future__ import annotations

import io
import re

from flask.testing import FlaskClient

from portal.domain.ids import RequestId
from tests.documents.making import numbered
from tests.journeys.test_late_reports import ask
from tests.staging import REASON, Stage
from tests.web.browsing import send, text_of


def send_pack(stage: Stage, helen: FlaskClient, **ticks: str) -> str:
    stage.digest()
    path = f"/unit/slots/{stage.slot_id}/pack/send"
    page = helen.get(path).get_data(as_text=True)
    digest = re.search(r'name="digest"[^>]*value="([0-9a-f]+)"', page)
    assert digest is not None
    answer = send(helen, path, digest=digest[1], reason=REASON, code=stage.world.code("helen"),
                  download="y", **ticks)  # fmt: skip
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def hand_in(carys: FlaskClient, request: RequestId) -> str:
    """Upload and check; returns what the check page says beforehand."""
    at = f"/agency/requests/{request}"
    send(carys, f"{at}/upload", file=(io.BytesIO(numbered(2, "Late")), "late.pdf"))
    page = carys.get(f"{at}/check")
    candidate = re.search(r'name="candidate"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert candidate is not None
    done = send(carys, f"{at}/check", candidate=candidate[1], born=["9", "3", "1984"])
    assert done.headers["Location"] == f"{at}/receipt", text_of(done)
    return text_of(page)


def test_ticked_a_late_report_goes_on_and_its_uploader_knows(stage: Stage) -> None:
    request, helen = ask(stage), stage.world.client("helen")
    stage.digest()
    asked = text_of(helen.get(f"/unit/slots/{stage.slot_id}/pack/send"))
    assert "Asked for, and not in yet: Agency update" in asked
    sent = send_pack(stage, helen, late="y")
    assert "Late reports shall wait for us" in text_of(helen.get(sent))
    carys = stage.world.client("carys")
    assert "goes to its readers at once" in hand_in(carys, request)
    assert len(stage.lines("addendum.sent")) == 1
    receipt = text_of(carys.get(f"/agency/requests/{request}/receipt"))
    assert "waits for the MAPPA unit" not in receipt


def test_not_ticked_it_waits_and_the_uploader_is_told_whom_to_ring(stage: Stage) -> None:
    request, helen = ask(stage), stage.world.client("helen")
    sent = send_pack(stage, helen)
    assert "Late reports shall wait for us" not in text_of(helen.get(sent))
    assert stage.lines("standing.signed") == []
    stage.world.code("helen")
    carys = stage.world.client("carys")
    assert "waits for the MAPPA unit to send it on" in hand_in(carys, request)
    receipt = text_of(carys.get(f"/agency/requests/{request}/receipt"))
    assert "nobody has been sent it yet" in receipt
    assert "01632 960 000" in receipt
    assert stage.lines("addendum.sent") == []


def test_the_instruction_is_withdrawn_with_one_button(stage: Stage) -> None:
    ask(stage)
    helen = stage.world.client("helen")
    sent = send_pack(stage, helen, late="y")
    assert send(helen, f"{sent}/late", sent).status_code == 302
    assert "Late reports shall wait for us" not in text_of(helen.get(sent))
    assert len(stage.lines("standing.withdrawn")) == 1
    assert helen.get(f"{sent}/late").status_code == 405
