"""The doors of packs, sendings, attendance and minutes, as each persona meets them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.crypto.keyring import new_keyring
from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.journeys.deed import tending
from portal.journeys.take_back import take_back
from portal.records import keys, outbox
from portal.records.database import reading
from tests.documents.making import numbered
from tests.staging import INVITED, WAITING, Stage
from tests.web.browsing import send, text_of, token

REASON = "The referral was read out at the strategy meeting."


def base(stage: Stage) -> str:
    return f"/unit/slots/{stage.slot_id}"


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, text_of(answer))
    html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "OFFICIAL-SENSITIVE" in answer.get_data(as_text=True) or path == "/unit/waiting"
    return answer.get_data(as_text=True)


def hidden(body: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', body)
    assert found is not None
    return unescape(found[1])


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send the form at `path`, with the hidden fields that stand in it."""
    body = client.get(path).get_data(as_text=True)
    for name in ("digest", "version"):
        if f'name="{name}"' in body:
            fields.setdefault(name, hidden(body, name))
    return client.post(path, data={"csrf_token": hidden(body, "csrf_token"), **fields})


def arrangement(stage: Stage, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the arranging form when nothing is changed."""
    fields: dict[str, Any] = {
        "opens_on": ["4", "5", "2026"], "opens_at": "10:00",
        "closes_on": ["11", "6", "2026"], "closes_at": "23:59",
    }  # fmt: skip
    for place, form in enumerate(("A", "F", "update"), 1):
        fields[f"in_{stage.papers[form]}"] = "y"
        fields[f"tab_{stage.papers[form]}"] = str(place)
    return {**fields, **changes}


# ---- arranging ----


def test_arranging_by_number_and_tick_without_javascript(stage: Stage) -> None:
    helen = stage.world.client("helen")
    get(helen, f"{base(stage)}/pack")
    papers = stage.papers
    answer = post(
        helen,
        f"{base(stage)}/pack",
        **arrangement(
            stage,
            **dict(
                zip((f"tab_{papers[form]}" for form in ("update", "A", "F")), "123", strict=True)
            ),
            kept=[f"{stage.id('joe')} {papers['A']}"],
        ),
    )
    assert answer.status_code == 302, text_of(answer)
    told = stage.lines("pack.arranged")[0]
    assert told["papers"] == [papers["update"], papers["A"], papers["F"]]
    assert told["kept_back"] == [f"{stage.id('joe')} {papers['A']}"]
    body = get(helen, f"{base(stage)}/pack")
    kept = re.search(rf'id="kept-{stage.id("joe")}-{papers["A"]}"[^>]*>', body)
    assert kept is not None
    assert "checked" in kept[0]
    assert len(re.findall(r'name="kept"[^>]* checked', body)) == 1


def test_a_paper_that_is_not_ticked_is_not_in_the_pack(stage: Stage) -> None:
    helen, fields = stage.world.client("helen"), arrangement(stage)
    del fields[f"in_{stage.papers['F']}"]
    assert post(helen, f"{base(stage)}/pack", **fields).status_code == 302
    assert stage.papers["F"] not in stage.lines("pack.arranged")[0]["papers"]
    body = text_of(helen.get(f"{base(stage)}/pack/send"))
    assert "Here, and not in the pack: MAPPA F: prison or youth custody report" in body


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"opens_at": "noonish"}, "Write a time such as 10:30."),
        ({"closes_on": ["31", "2", "2026"]}, "There is no such day"),
        ({"closes_on": ["1", "5", "2026"]}, "must close after it opens"),
        ({"closes_on": ["1", "5", "2029"]}, "at most six months"),
        ({"closes_on": ["", "", ""]}, "Type the day"),
        ({"tab": "first"}, "Write a whole number"),
        ({"none": True}, "Choose at least one paper"),
        ({"kept": ["stranger paper"]}, "is not a valid choice"),
    ],
)
def test_a_bad_arrangement_keeps_what_was_typed(stage: Stage, changes: Any, words: str) -> None:
    helen, fields = stage.world.client("helen"), arrangement(stage)
    if "tab" in changes:
        changes = {f"tab_{stage.papers['F']}": changes["tab"]}
    if "none" in changes:
        fields = {name: value for name, value in fields.items() if not name.startswith("in_")}
        changes = {}
    fields["kept"] = [f"{stage.id('ruth')} {stage.papers['A']}"]
    answer = post(helen, f"{base(stage)}/pack", **{**fields, **changes})
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(body)
    assert words in text_of(answer)
    if "kept" not in changes:
        assert len(re.findall(r'name="kept"[^>]* checked', body)) == 1
    if "opens_at" in changes:
        assert 'value="noonish"' in body
    assert stage.lines("pack.arranged") == []


def test_a_preview_is_an_attachment_and_leaves_a_line(stage: Stage) -> None:
    priya = stage.world.client("priya")
    path = f"{base(stage)}/pack/preview/{stage.id('joe')}"
    answer = send(priya, path, f"{base(stage)}/pack")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"%PDF")
    assert stage.lines("pack.previewed")[0]["person"] == stage.id("joe")
    assert priya.get(path).status_code == 405
    assert (
        send(priya, f"{base(stage)}/pack/preview/{'f' * 26}", f"{base(stage)}/pack").status_code
        == 404
    )


# ---- sending ----


def test_the_page_names_everybody_and_the_code_sends_it(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"]})
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    body = text_of(helen.get(path))
    for name in INVITED:
        assert stage.world.person(name).name in body
    assert "2 people cannot open it yet" in body
    assert "Not: 2. MAPPA F: prison or youth custody report (HMP Elmsworth)" in body
    answer = post(helen, path, code=stage.world.code("helen"))
    assert answer.status_code == 302, text_of(answer)
    receipt = get(helen, answer.headers["Location"])
    assert "Take back from everybody" in receipt
    assert f'<dd class="govuk-summary-list__value">{len(stage.lines()) - 1}</dd>' in receipt
    assert set(stage.states()) == set(INVITED)
    stage.whole()


def test_a_warning_shows_and_takes_a_reason(stage: Stage) -> None:
    stage.arrange(["F"])
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    assert "There is no referral (MAPPA A) in this pack." in text_of(helen.get(path))
    code = stage.world.code("helen")
    answer = post(helen, path, code=code)
    assert "Say why you send it all the same." in text_of(answer)
    assert stage.states() == {}
    assert post(helen, path, code=code, reason=REASON).status_code == 302


def test_a_wrong_or_used_code_keeps_the_reason_and_sends_nothing(stage: Stage) -> None:
    stage.arrange(["F"])
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    answer = post(helen, path, code="000000", reason=REASON)
    assert answer.status_code == 200
    assert "That code is not right." in text_of(answer)
    assert REASON in answer.get_data(as_text=True)
    assert "000000" not in answer.get_data(as_text=True)
    code = stage.world.code("helen")
    sent = post(helen, path, code=code, reason=REASON)
    take_back(stage.house, stage.world.who("tom"), sent.headers["Location"].rsplit("/", 1)[1])
    assert "That code has been used." in text_of(post(helen, path, code=code, reason=REASON))
    assert len(stage.lines("pack.sent")) == 1


def test_what_changed_is_shown_anew_and_only_that_can_be_sent(stage: Stage) -> None:
    stage.arrange()
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    before = hidden(get(helen, path), "digest")
    stage.arrange(["A", "F"])
    code = stage.world.code("helen")
    answer = post(helen, path, code=code, digest=before)
    assert answer.status_code == 409
    assert "Something changed" in text_of(answer)
    fresh = hidden(answer.get_data(as_text=True), "digest")
    assert fresh != before
    assert stage.states() == {}
    # The code was not spent on what could not be sent.
    assert post(helen, path, code=code, digest=fresh).status_code == 302


def test_without_a_token_nothing_is_sent(stage: Stage) -> None:
    helen = stage.world.client("helen")
    answer = helen.post(
        f"{base(stage)}/pack/send", data={"digest": stage.digest(), "code": "123456"}
    )
    assert answer.status_code == 400
    assert stage.states() == {}


def test_a_swapped_key_stops_it_and_leaves_alarm_line_and_notice(stage: Stage) -> None:
    helen, path = stage.world.client("helen"), f"{base(stage)}/pack/send"
    body = get(helen, path)
    fields = {name: hidden(body, name) for name in ("digest", "csrf_token")}
    with tending(stage.house) as db:
        db.execute(
            update(keys.public_keys)
            .where(keys.public_keys.c.person_id == stage.id("joe"))
            .values(recipient=new_keyring().recipient())
        )
    answer = helen.post(path, data={**fields, "code": stage.world.code("helen")})
    assert answer.status_code == 409
    assert "Nothing was sent" in text_of(answer)
    assert stage.states() == {}
    assert stage.lines("pack.sent") == []
    (alarm,) = stage.lines("key.alarm")
    assert alarm["person"] == stage.id("joe")
    with reading(stage.house.engine) as db:
        found = outbox.due(db, stage.world.clock.now(), 1000)
    assert [each.address for each in found if each.letter == "key_alarm"] == [
        "unit@northmere.example"
    ]


# ---- afterwards ----


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


# ---- attendance and minutes ----


def test_the_whole_way_of_the_minutes(stage: Stage) -> None:
    helen, alan = stage.world.client("helen"), stage.world.client("alan")
    path = f"{base(stage)}/attendance"
    body = get(helen, path)
    assert "checked" not in body
    register = {f"of_{stage.id(name)}": "attended" for name in INVITED}
    register[f"of_{stage.id('joe')}"] = "apologies"
    missing = {k: v for k, v in register.items() if not k.endswith(stage.id("mark"))}
    answer = post(helen, path, **missing)
    assert "Choose what is true of Mark Pell." in text_of(answer)
    assert answer.get_data(as_text=True).count(" checked") == len(INVITED) - 1
    assert post(helen, path, **register).status_code == 302
    assert "Sent apologies" in get(helen, f"{path}/lock")
    assert post(helen, f"{path}/lock").status_code == 302
    assert "Locked by Helen Marsh" in get(helen, path)

    minutes = f"{base(stage)}/minutes"
    get(helen, minutes)
    refused = helen.post(
        minutes,
        data={"csrf_token": token(helen, minutes), "file": (io(b"PK\x03\x04word/"), "m.docx")},
    )
    assert "This is a Word or text document." in text_of(refused)
    filed = helen.post(
        minutes,
        data={"csrf_token": token(helen, minutes), "file": (io(numbered(2)), "m.pdf")},
    )
    assert filed.status_code == 302
    assert "Version 1 was filed by Helen Marsh" in text_of(helen.get(minutes))
    assert send(helen, f"{minutes}/read", minutes).data.startswith(b"%PDF")
    assert helen.get(f"{minutes}/send").status_code == 403

    chair = f"/minutes/{stage.slot_id}"
    assert chair in alan.get("/").get_data(as_text=True)
    get(alan, chair)
    assert send(alan, f"{chair}/read", chair).data.startswith(b"%PDF")
    assert "That code is not right" in text_of(post(alan, chair, code="000000"))
    assert post(alan, chair, code=stage.world.code("alan")).status_code == 302
    assert "You have approved these minutes." in text_of(alan.get(chair))

    body = get(helen, f"{minutes}/send")
    assert "Sent apologies, and no duty to consider is recorded" in body
    duty = f"{base(stage)}/duty/{stage.id('joe')}"
    assert duty in body
    get(helen, duty)
    assert "At least 20 characters" in text_of(helen.get(duty))
    bad = post(helen, duty, reason="n/a", until=["1", "7", "2026"])
    assert "Say what duty they have" in text_of(bad)
    why = "Must weigh whether the tenancy can go on, and who lives near."
    assert post(helen, duty, reason=why, until=["1", "7", "2026"]).status_code == 302
    assert "8 people get it" in text_of(helen.get(f"{minutes}/send"))
    sent = post(helen, f"{minutes}/send", code=stage.world.code("helen"))
    assert sent.status_code == 302, text_of(sent)
    assert "Minutes NMR/26/0117-M1" in get(helen, sent.headers["Location"])
    assert stage.states()["joe"] is GrantState.GRANTED
    stage.whole()


def io(content: bytes) -> BytesIO:
    return BytesIO(content)


def test_a_file_must_be_chosen(stage: Stage) -> None:
    path = f"{base(stage)}/minutes"
    assert "Choose a file." in text_of(send(stage.world.client("helen"), path))


def test_minutes_of_somebody_there_in_part_take_a_reason(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.PART)
    helen, path = stage.world.client("helen"), f"{base(stage)}/minutes/send"
    assert "Joe Tarn was there for part of the meeting." in get(helen, path)
    code = stage.world.code("helen")
    assert "Say why you send it all the same." in text_of(post(helen, path, code=code))
    assert post(helen, path, code=code, reason=REASON).status_code == 302


def test_a_chair_without_a_wrap_reads_what_to_do(stage: Stage) -> None:
    with tending(stage.house) as db:
        kept = keys.confirmations_of_area(db, stage.world.area.id)[stage.id("alan")]
        keys.remove_confirmation(db, stage.world.area.id, stage.id("alan"))
    stage.file()
    with tending(stage.house) as db:
        keys.save_confirmation(db, kept)
    alan = stage.world.client("alan")
    body = get(alan, f"/minutes/{stage.slot_id}")
    assert "Ask the unit to file the draft again." in body
    assert "Approve the minutes" not in body


# ---- who may come here ----


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
