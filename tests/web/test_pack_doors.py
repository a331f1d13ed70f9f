"""The doors of a pack: arranging, previewing, sending."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from sqlalchemy import update

from portal.crypto.keyring import new_keyring
from portal.journeys.deed import tending
from portal.journeys.giving.take_back import take_back
from portal.records import keys, outbox
from portal.records.database import reading
from tests.staging import INVITED, Stage
from tests.web.browsing import send, text_of
from tests.web.sending_pages import base, get, hidden, post

REASON = "The referral was read out at the strategy meeting."


def arrangement(stage: Stage, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the arranging form when nothing is changed."""
    fields: dict[str, Any] = {
        "opens_on": ["4", "5", "2026"], "opens_at": "10:00",
        "closes_on": ["11", "6", "2026"], "closes_at": "23:59",
    }  # fmt: skip
    for place, form in enumerate(("A", "F", "update"), 1):
        fields[f"in_{stage.papers[form]}"] = "y"
        fields[f"tab_{stage.papers[form]}"] = str(place)
    fields["gets"] = ticks(stage)
    return {**fields, **changes}


def ticks(stage: Stage, **without: str) -> list[str]:
    """Everybody gets everything, except a person the one form that is named."""
    return [
        f"{stage.id(name)} {stage.papers[form]}"
        for name in INVITED
        for form in ("A", "F", "update")
        if without.get(name) != form
    ]


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
            gets=ticks(stage, joe="A"),
        ),
    )
    assert answer.status_code == 302, text_of(answer)
    told = stage.lines("pack.arranged")[0]
    assert told["papers"] == [papers["update"], papers["A"], papers["F"]]
    assert sorted(told["given"]) == sorted(ticks(stage, joe="A"))
    body = get(helen, f"{base(stage)}/pack")
    left = re.search(rf'id="gets-{stage.id("joe")}-{papers["A"]}"[^>]*>', body)
    assert left is not None
    assert "checked" not in left[0]
    assert len(re.findall(r'name="gets"[^>]* checked', body)) == 3 * len(INVITED) - 1


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
        ({"gets": ["stranger paper"]}, "is not a valid choice"),
    ],
)
def test_a_bad_arrangement_keeps_what_was_typed(stage: Stage, changes: Any, words: str) -> None:
    helen, fields = stage.world.client("helen"), arrangement(stage)
    if "tab" in changes:
        changes = {f"tab_{stage.papers['F']}": changes["tab"]}
    if "none" in changes:
        fields = {name: value for name, value in fields.items() if not name.startswith("in_")}
        changes = {}
    fields["gets"] = [f"{stage.id('ruth')} {stage.papers['A']}"]
    answer = post(helen, f"{base(stage)}/pack", **{**fields, **changes})
    assert answer.status_code == 200
    body = answer.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(body)
    assert words in text_of(answer)
    if "gets" not in changes:
        assert len(re.findall(r'name="gets"[^>]* checked', body)) == 1
    if "opens_at" in changes:
        assert 'value="noonish"' in body
    assert stage.lines("pack.arranged") == []


def test_a_preview_is_an_attachment_and_leaves_a_line(stage: Stage) -> None:
    stage.arrange()
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
    stage.arrange()
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
