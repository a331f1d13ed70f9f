"""Check this computer: results in words, nothing kept, and nothing for whoever means harm."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from portal.documents.sample import WORD, sample_paper
from portal.identity.throttle import SAMPLES
from portal.records.database import reading
from portal.web import intake
from tests.web.browsing import cookie, text_of, token
from tests.web.test_attacks import multipart
from tests.world import World


def came(client: FlaskClient) -> FlaskClient:
    client.get("/check", follow_redirects=True)
    return client


def again(world: World) -> str:
    """Where a browser without our cookie is sent, to bring it."""
    return f"/check?again={int(world.clock.now().timestamp())}"


def sends(client: FlaskClient, data: bytes, name: str = "sample-paper.pdf") -> TestResponse:
    crumb = token(client, "/check").encode()
    parts: list[tuple[str, str | None, bytes]] = [("csrf_token", None, crumb), ("file", name, data)]
    return client.post("/check/sent", **multipart(*parts))  # type: ignore[arg-type]


def says(client: FlaskClient, happened: str, word: str = "") -> TestResponse:
    fields = {"csrf_token": token(client, "/check"), "happened": happened, "word": word}
    return client.post("/check/saved", data=fields)


def line(client: FlaskClient, name: str) -> str:
    """The line of the note about this check."""
    page = client.get("/check", follow_redirects=True).get_data(as_text=True)
    note = re.search(r"<textarea.*?>(.*?)</textarea>", page, re.DOTALL)
    assert note is not None
    found = [each for each in note[1].splitlines() if each.startswith(f"- {name}: ")]
    assert len(found) == 1, note[1]
    return found[0].partition(": ")[2]


def test_a_browser_that_keeps_cookies_is_told_so_at_once(world: World) -> None:
    client = world.client()
    first = client.get("/check")
    assert (first.status_code, first.headers["Location"]) == (303, again(world))
    back = client.get(again(world))
    assert (back.status_code, back.headers["Location"]) == (303, "/check")
    page = text_of(client.get("/check"))
    assert "This browser keeps the portal's cookies." in page
    assert line(client, "Cookies").startswith("Works.")


def test_one_that_keeps_none_is_told_so_and_not_sent_round_for_ever(world: World) -> None:
    client = world.app.test_client(use_cookies=False)
    assert client.get("/check").status_code == 303
    page = client.get(again(world))
    assert page.status_code == 200
    assert "does not keep the portal's cookies" in text_of(page)


@pytest.mark.parametrize("kept", ["1", "", "x", "-1", "9" * 40, "\u0661", "99999999999"])
def test_an_address_that_was_kept_says_nothing_of_a_fresh_browser(world: World, kept: str) -> None:
    client, old = world.client(), {"again": kept}
    first = client.get("/check", query_string=old)
    assert (first.status_code, first.headers["Location"]) == (303, again(world))
    page = client.get("/check", query_string=old, follow_redirects=True)
    assert page.request.full_path == "/check?"
    assert "does not keep" not in text_of(page)
    assert line(client, "Cookies").startswith("Works.")


def test_nor_does_one_of_a_minute_ago(world: World) -> None:
    old = again(world)
    world.clock.advance(timedelta(seconds=60))
    assert world.client().get(old).headers["Location"] == again(world) != old
    without = world.app.test_client(use_cookies=False)
    assert without.get(old).headers["Location"] == again(world)
    assert "does not keep" in text_of(without.get(again(world)))


def test_the_clock_is_shown_to_compare_by_eye(world: World) -> None:
    client = came(world.client())
    assert "The portal's clock said 4 May 2026 at 10am and 0 seconds" in text_of(
        client.get("/check")
    )


def test_the_sample_is_a_pdf_to_be_saved(world: World) -> None:
    answer = world.client().get("/check/sample-paper.pdf")
    assert answer.data == sample_paper()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sample-paper.pdf"'
    assert answer.headers["Content-Length"] == str(len(sample_paper()))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", [WORD, WORD.upper(), f"  {WORD}\t"])
def test_whoever_read_the_word_can_read_papers(world: World, typed: str) -> None:
    client = came(world.client())
    assert says(client, "opened", typed).headers["Location"] == "/check"
    assert line(client, "Opening a PDF").startswith("Works.")
    assert line(client, "Saving a file").startswith("Works.")


@pytest.mark.parametrize("typed", ["", "swan", WORD + "s", "<b>"])
def test_another_word_is_not_believed_and_not_lost(world: World, typed: str) -> None:
    client = came(world.client())
    page = says(client, "opened", typed)
    assert "That is not the word." in text_of(page)
    assert 'value="opened" checked' in page.get_data(as_text=True)
    assert line(client, "Opening a PDF").startswith("Not checked yet.")


def test_what_did_not_work_is_noted(world: World) -> None:
    client = came(world.client())
    says(client, "closed")
    assert line(client, "Saving a file").startswith("Works.")
    assert line(client, "Opening a PDF").startswith("Does not work.")
    says(client, "lost")
    assert line(client, "Saving a file").startswith("Does not work.")
    assert line(client, "Opening a PDF").startswith("Not checked yet.")


@pytest.mark.parametrize("happened", ["", "everything", "opened closed"])
def test_no_answer_is_asked_for(world: World, happened: str) -> None:
    client = came(world.client())
    page = says(client, happened)
    assert page.status_code == 200
    assert line(client, "Saving a file").startswith("Not checked yet.")


def test_the_sample_comes_back_whole(world: World) -> None:
    client = came(world.client())
    assert sends(client, sample_paper()).headers["Location"] == "/check"
    assert line(client, "Sending a file").startswith("Works.")


@pytest.mark.parametrize(
    "data", [b"x", sample_paper()[:-1], sample_paper() + b"\n", b"%PDF-1.7\n" * 1000]
)
def test_another_file_or_an_altered_one_is_told_apart(world: World, data: bytes) -> None:
    client = came(world.client())
    sends(client, data)
    assert line(client, "Sending a file").startswith("Does not work.")


def test_no_file_is_asked_for(world: World) -> None:
    client = came(world.client())
    answer = client.post("/check/sent", data={"csrf_token": token(client, "/check")})
    assert "Choose the sample paper" in text_of(answer)


def everything(world: World) -> dict[str, int]:
    with reading(world.house.engine) as db:
        tables = inspect(db).get_table_names()
        return {name: db.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables}


def test_nothing_is_kept_of_it_but_a_count(world: World) -> None:
    before = everything(world)
    client = came(world.client())
    says(client, "opened", WORD)
    sends(client, sample_paper())
    after = everything(world)
    assert {name for name in after if after[name] != before[name]} == {"throttle"}
    assert cookie(client) is None


def test_one_address_sends_a_few_only_and_may_go_on_later(world: World) -> None:
    client = came(world.client())
    for _ in range(SAMPLES):
        assert sends(client, b"x").status_code == 303
    assert sends(client, b"x").status_code == 429
    elsewhere = came(world.client())
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert sends(elsewhere, b"x").status_code == 303
    world.clock.advance(timedelta(minutes=11))
    assert sends(client, b"x").status_code == 303


def test_it_is_counted_before_its_token_is_looked_for(world: World) -> None:
    client = world.client()
    for _ in range(SAMPLES):
        assert client.post("/check/sent", data={"file": "x"}).status_code == 400
    assert client.post("/check/sent", data={"file": "x"}).status_code == 429


def test_while_others_send_theirs_one_is_asked_to_wait(world: World) -> None:
    client = came(world.client())
    for _ in range(intake.SAMPLES_AT_ONCE):
        assert intake._SAMPLES.acquire(blocking=False)
    try:
        assert sends(client, b"x").status_code == 503
    finally:
        for _ in range(intake.SAMPLES_AT_ONCE):
            intake._SAMPLES.release()
    assert sends(client, b"x").status_code == 303


def test_no_other_page_takes_a_body_of_that_size(world: World) -> None:
    client = came(world.client())
    crumb = token(client, "/check")
    fields = {"csrf_token": crumb, "word": "x" * 600_000, "happened": "opened"}
    assert client.post("/check/saved", data=fields).status_code == 413


def test_a_cookie_of_another_make_is_nothing(world: World) -> None:
    client = came(world.client())
    with client.session_transaction() as kept:
        kept["check"] = ["odd"]
    assert line(client, "Sending a file").startswith("Not checked yet.")
    with client.session_transaction() as kept:
        kept["check"] = {"sent": "<script>", "saved": 7}
    assert line(client, "Saving a file").startswith("Not checked yet.")


def test_the_note_says_what_it_needs(world: World) -> None:
    client = came(world.client())
    headers = {"User-Agent": "<b>Odd</b>" + "x" * 400}
    page = client.get("/check", headers=headers).get_data(as_text=True)
    assert "<b>Odd" not in page
    for needed in ("Address: http://localhost", "attachments", "multipart", "52 MB"):
        assert needed in page
    assert "x" * 300 not in page
