"""The doors of attendance and minutes, the chair's too."""

from __future__ import annotations

from io import BytesIO

from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.journeys.deed import tending
from portal.records import keys
from tests.cutting import minutes_of
from tests.documents.making import numbered
from tests.staging import INVITED, Stage
from tests.web.browsing import send, text_of, token
from tests.web.sending_pages import base, get, hidden, post

REASON = "The referral was read out at the strategy meeting."


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
        data={"csrf_token": token(helen, minutes), "file": (io(b"\x89PNG picture"), "m.png")},
    )
    assert "There is a problem" in text_of(refused)
    assert stage.lines("file.refused")[0]["subject"] == stage.slot_id
    filed = helen.post(
        minutes,
        data={"csrf_token": token(helen, minutes), "file": (io(numbered(2)), "m.pdf")},
    )
    assert filed.headers["Location"] == f"{minutes}/file"
    shown = get(helen, f"{minutes}/file")
    assert "What we found, and what becomes of it" in shown
    assert stage.lines("minutes.filed") == []
    chosen = hidden(shown, "candidate")
    assert post(helen, f"{minutes}/file", candidate=chosen).status_code == 302
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
    assert "What Joe Tarn gets" in get(helen, path)
    path += f"?part={stage.id('joe')}+{minutes_of(stage)}"
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
