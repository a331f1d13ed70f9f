"""The pages on which two people ask whose copy something is, over HTTP and in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.ids import TraceId
from portal.journeys.copies.ask_trace import ask_trace
from tests.documents.making import numbered
from tests.record.test_accessible import signed_in
from tests.staging import Stage
from tests.web.browsing import send, text_of

REASON = "Found in the waiting room of a surgery in Elmsworth on Monday."
NEW = "/record/traces/new"


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth")
    return stage


def asked(stage: Stage) -> TraceId:
    return ask_trace(stage.house, stage.world.who("helen"), REASON, file=stage.opens("ruth"))


def test_two_people_ask_and_both_are_told(sent: Stage) -> None:
    helen, tom = sent.world.client("helen"), sent.world.client("tom")
    file = (io.BytesIO(sent.opens("ruth")), "leak.pdf")
    answer = send(helen, NEW, file=file, reason=REASON, written="")
    assert answer.status_code == 302
    path = answer.headers["Location"]
    waits = text_of(helen.get(path))
    assert "Somebody else confirms it until" in waits
    assert REASON in waits
    assert "Ruth" not in waits
    assert "Waits until" in text_of(tom.get("/record/traces/"))
    assert "you and Helen Marsh are told" in text_of(tom.get(path))
    assert send(tom, path, code=sent.world.code("tom")).status_code == 302
    for client in (helen, tom):
        told = text_of(client.get(path))
        for words in ("Opened by Ruth Okell", "Northmere Adult Social Care", "NMR/26/0117-P1",
                      "Confirmed by Tom Adair"):  # fmt: skip
            assert words in told
    other = text_of(sent.world.client("sian").get(path))
    assert "Ruth" not in other
    assert "Those who asked and confirmed were told" in other
    record = text_of(tom.get("/record/"))
    assert "Tom Adair confirmed what Helen Marsh had asked" in record


def test_an_auditor_confirms_and_may_not_ask(sent: Stage) -> None:
    path = f"/record/traces/{asked(sent)}"
    sian = sent.world.client("sian")
    assert "Ask whose copy it is" not in text_of(sian.get("/record/traces/"))
    assert sian.get(NEW).status_code == 403
    assert f'portal-exact">{REASON}</p>' in sian.get(path).get_data(as_text=True)
    send(sian, path, code=sent.world.code("sian"))
    assert "Opened by Ruth Okell" in text_of(sian.get(path))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": REASON}, "Choose a file, or type the reference of a copy."),
        ({"reason": REASON, "written": "0000-1111-2222"}, "No copy that was opened in this area"),
        ({"reason": REASON, "written": "seven"}, "No reference of a copy stands in this."),
        ({"reason": "", "written": "0000-1111-2222"}, "Say where it turned up"),
        ({"reason": REASON, "file": (io.BytesIO(b"no pdf"), "x.pdf")}, "cannot be read as a PDF"),
        ({"reason": REASON, "file": (io.BytesIO(numbered(1)), "x.pdf")}, "No reference of a copy"),
    ],
)
def test_what_cannot_be_asked_says_why_and_loses_nothing(
    sent: Stage, fields: dict[str, Any], words: str
) -> None:
    helen = sent.world.client("helen")
    assert "In 20 to 2,000 characters." in text_of(helen.get(NEW))
    answer = send(helen, NEW, **{"written": "", **fields})
    page = text_of(answer)
    assert answer.status_code == 200
    assert words in page
    assert fields["reason"] in answer.get_data(as_text=True)
    assert fields.get("written", "") in answer.get_data(as_text=True)


def test_a_wrong_code_and_a_late_one_tell_nothing(sent: Stage) -> None:
    path, tom = f"/record/traces/{asked(sent)}", sent.world.client("tom")
    wrong = text_of(send(tom, path, code="000000"))
    assert "That code is not right" in wrong
    assert "Ruth" not in wrong
    sent.world.clock.advance(timedelta(minutes=61))
    tom = sent.world.client("tom")
    late = send(tom, path, form="/record/traces/new", code=sent.world.code("tom"))
    assert late.status_code == 403
    assert "The time in which this could be confirmed is over" in text_of(late)
    page = text_of(tom.get(path))
    assert "The hour in which this could be confirmed is over" in page
    assert "Not confirmed" in text_of(tom.get("/record/traces/"))
    assert not sent.lines("trace.answered")


@pytest.mark.real("Chromium")
def test_axe_finds_nothing(
    sent: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    answered, waits = asked(sent), asked(sent)
    send(sent.world.client("tom"), f"/record/traces/{answered}", code=sent.world.code("tom"))
    for name in ("helen", "tom"):
        page, server = open_page(), serve(signed_in(sent, name))
        for path in ("", "new", answered, waits):
            page.goto(f"{server}/record/traces/{path}")
            axe(page)
            width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert width <= 0, "the page is wider than the window"
