"""The doors of what was sent, and who may come to which of these doors."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from portal.domain.grants import GrantState
from tests.staging import INVITED, WAITING, Stage
from tests.web.browsing import send, text_of, token
from tests.web.sending_pages import base, get, post


def test_taking_back_from_one_then_from_all(stage: Stage) -> None:
    sent = stage.send()
    stage.accept("ruth", "joe")
    stage.opens("ruth")
    helen, path = stage.world.client("helen"), f"/unit/sendings/{sent.sending.id}"
    assert "Take back" in get(helen, base(stage))
    get(helen, f"{path}/take-back")
    one = f"{path}/take-back/{stage.id('joe')}"
    assert "Take back from Joe Tarn" in get(helen, one)
    assert post(helen, one, reason="").status_code == 302
    assert "Nobody had opened it before it was taken back." in text_of(helen.get(path))
    assert stage.states()["ruth"] is GrantState.GRANTED
    assert post(helen, f"{path}/take-back", reason="Wrong case").status_code == 302
    body = text_of(helen.get(path))
    assert "1 person had opened it before it was taken back: Ruth Okell, 4 May 2026 at 10am" in body
    assert "Take back from everybody" not in body
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}


def test_a_get_of_take_back_takes_nothing_back(stage: Stage) -> None:
    sent = stage.send()
    stage.world.client("helen").get(f"/unit/sendings/{sent.sending.id}/take-back")
    assert GrantState.TAKEN_BACK not in stage.states().values()


def test_more_time(stage: Stage) -> None:
    stage.send()
    path = f"/unit/grants/{stage.grant('joe').id}/more-time"
    helen = stage.world.client("helen")
    assert "More time for Joe Tarn" in get(helen, path)
    bad = post(helen, path, until_on=["5", "5", "2026"], until="9:00", reason="On leave.")
    assert "later than now" in text_of(bad)
    assert "On leave." in bad.get_data(as_text=True)
    assert "Say why" in text_of(post(helen, path, until_on=["5", "8", "2026"], until="9:00"))
    done = post(helen, path, until_on=["5", "8", "2026"], until="9:00", reason="On leave.")
    assert done.status_code == 302
    assert f"{stage.grant('joe').closes_at:%Y-%m-%d %H:%M}" == "2026-08-05 08:00"


def test_those_who_wait(stage: Stage) -> None:
    stage.send()
    helen = stage.world.client("helen")
    body = text_of_page(get(helen, "/unit/waiting"))
    assert "Una Berg Northmere Homes 1 Not confirmed Confirm the key" in body
    assert "Not yet joined" in body
    assert "Let them open it" not in body
    refused = send(helen, f"/unit/waiting/{stage.id('una')}", "/unit/waiting")
    assert refused.status_code == 302
    assert "Nothing was changed" in text_of(helen.get("/unit/waiting"))
    stage.confirm("una")
    assert "Let them open it" in get(helen, "/unit/waiting")
    assert "Let them open it" not in get(stage.world.client("priya"), "/unit/waiting")
    assert send(helen, f"/unit/waiting/{stage.id('una')}", "/unit/waiting").status_code == 302
    assert stage.states()["una"] is GrantState.GRANTED


def text_of_page(body: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def pages(stage: Stage) -> list[str]:
    sending = stage.grant("joe").sending_id
    return [
        f"{base(stage)}/pack",
        f"{base(stage)}/pack/send",
        f"/unit/sendings/{sending}",
        f"/unit/sendings/{sending}/take-back",
        f"/unit/sendings/{sending}/take-back/{stage.id('joe')}",
        f"/unit/grants/{stage.grant('joe').id}/more-time",
        "/unit/waiting",
        f"{base(stage)}/attendance",
        f"{base(stage)}/attendance/lock",
        f"{base(stage)}/minutes",
        f"{base(stage)}/minutes/send",
        f"{base(stage)}/duty/{stage.id('joe')}",
        f"/minutes/{stage.slot_id}",
    ]


DECIDERS_ONLY = ("pack/send", "minutes/send", "/take-back", "/more-time", "/duty/")


def may(name: str, path: str) -> bool:
    if path.startswith("/minutes/"):
        return name == "alan"
    if name in ("helen", "tom"):
        return True
    return name == "priya" and not any(part in path for part in DECIDERS_ONLY)


@pytest.mark.parametrize("name", ["helen", "tom", "priya", "alan", "joe", "ruth", "sian", "dev"])
def test_who_sees_which_page(stage: Stage, name: str) -> None:
    stage.send()
    stage.minutes_ready()
    client = stage.world.client(name)
    for path in pages(stage):
        answer = client.get(path)
        expected = {200} if may(name, path) else {403, 404}
        assert answer.status_code in expected, path
        if not may(name, path):
            assert "Joe Tarn" not in text_of(answer)


def test_an_outsider_is_asked_to_sign_in(stage: Stage) -> None:
    stage.send()
    client = stage.world.client()
    for path in pages(stage):
        answer = client.get(path)
        assert answer.status_code in (302, 303)
        assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_posts_of_those_who_may_not_decide_change_nothing(stage: Stage, name: str) -> None:
    stage.send()
    stage.minutes_ready()
    client = stage.world.client(name)
    before = stage.states()
    held = token(client, "/")
    for path in (page for page in pages(stage) if any(part in page for part in DECIDERS_ONLY)):
        answer = client.post(
            path,
            data={
                "csrf_token": held, "code": "123456", "digest": "0" * 64, "reason": "x" * 30,
                "until_on": ["5", "8", "2026"], "until": ["5", "8", "2026"],
            },
        )  # fmt: skip
        assert answer.status_code in (403, 404), path
    assert (
        client.post(f"/unit/waiting/{stage.id('una')}", data={"csrf_token": held}).status_code
        == 403
    )
    assert stage.states() == before
    assert stage.lines("minutes.sent") == []


def test_what_is_not_there_looks_the_same(stage: Stage) -> None:
    helen = stage.world.client("helen")
    other = "a" * 26
    for path in (
        f"/unit/slots/{other}/pack",
        f"/unit/slots/{other}/pack/send",
        f"/unit/sendings/{other}",
        f"/unit/sendings/{other}/take-back",
        f"/unit/grants/{other}/more-time",
        f"/unit/slots/{other}/attendance",
        f"/unit/slots/{other}/attendance/lock",
        f"/unit/slots/{other}/minutes",
        f"/unit/slots/{other}/minutes/send",
        f"/unit/slots/{other}/duty/{stage.id('joe')}",
        f"/minutes/{other}",
    ):
        assert helen.get(path).status_code == 404, path


def test_an_ended_copy_says_so_and_can_be_given_more_time(stage: Stage) -> None:
    sent = stage.send()
    closes = stage.grant("joe").closes_at
    assert closes is not None
    stage.world.clock.set(closes + timedelta(hours=1))
    helen = stage.world.client("helen")
    body = text_of(helen.get(f"/unit/sendings/{sent.sending.id}"))
    assert body.count("Ended") == len(INVITED)
    assert len(WAITING) == 2
    page = text_of(helen.get(f"/unit/grants/{stage.grant('joe').id}/more-time"))
    assert "Their time ended on" in page
