"""Reading in the browser through its doors: what each page shows, and who gets none of it."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageChops

from portal.domain.people import Account
from portal.journeys.deed import tending
from portal.journeys.giving.take_back import take_back
from portal.records import minutes, people, sendings
from tests.browsing import post, words_of
from tests.staging import Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth", "joe")
    return stage


def paper(stage: Stage, name: str = "ruth") -> str:
    return f"/papers/{stage.grant(name).id}"


def reader(stage: Stage, name: str = "ruth") -> tuple[FlaskClient, str]:
    """A browser in which this person has pressed "Read", and the address of their first page."""
    client = stage.world.client(name)
    answer = post(client, f"{paper(stage, name)}/read")
    assert answer.status_code == 302
    there = answer.headers["Location"]
    assert there == f"{paper(stage, name)}/read/1"
    return client, there.removesuffix("/1")


def shows_nothing(client: FlaskClient, at: str, *statuses: int) -> None:
    """Every door of a page answers with one of these, and with nothing of the paper."""
    answers = [client.get(f"{at}/3{part}") for part in ("", "/text", "/image", "/find")]
    answers.append(post(client, f"{at}/3/find", {"words": "Form"}))
    answers.append(client.get(f"{at}/3/image", headers={"Range": "bytes=0-99"}))
    answers += [client.head(f"{at}/3{part}") for part in ("", "/image")]
    for answer in answers:
        assert answer.status_code in statuses, answer.status_code
        assert not answer.mimetype.startswith("image/")
        assert "Form A 1" not in words_of(answer)


# ---- what a reader gets ----


def test_read_is_the_large_button_and_download_the_small_one(sent: Stage) -> None:
    page = sent.world.client("ruth").get(paper(sent)).get_data(as_text=True)
    buttons = re.findall(r'<button type="submit" class="([^"]*)"[^>]*>([^<]*)', page)
    kinds = {words: kind for kind, words in buttons}
    assert "secondary" not in kinds["Read the pack"]
    assert "secondary" in kinds["Download the pack"]
    assert page.index("Read the pack") < page.index("Download the pack")


def test_a_page_says_where_it_is_and_whose(sent: Stage) -> None:
    client, at = reader(sent)
    answer = client.get(f"{at}/3")
    body, words = answer.get_data(as_text=True), words_of(answer)
    assert 'alt="Page 3, Tab 1: ' in body
    assert "Page 3 of 8" in words
    assert "OFFICIAL-SENSITIVE Case NMR/26/0117" in words
    for mark in ("Ruth Okell", "Northmere Adult Social Care", "Copy ", "Opened ", "ref "):
        assert mark in words
    assert f'rel="prev" href="{at}/2"' in body
    assert f'rel="next" href="{at}/4"' in body
    assert f'href="{at}/5">Next tab' in body
    assert f'src="{at}/3/image"' in body
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_first_page_has_none_before_and_the_last_none_after(sent: Stage) -> None:
    client, at = reader(sent)
    assert 'rel="prev"' not in client.get(f"{at}/1").get_data(as_text=True)
    last = client.get(f"{at}/8").get_data(as_text=True)
    assert 'rel="next"' not in last
    assert "Next tab" not in last


def test_the_picture_is_stamped_for_this_reader(sent: Stage) -> None:
    client, at = reader(sent)
    other, there = reader(sent, "joe")
    answer = client.get(f"{at}/3/image")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Accept-Ranges"] == "none"
    assert "ETag" not in answer.headers
    own, others = (
        Image.open(io.BytesIO(each.data)).convert("RGB")
        for each in (answer, other.get(f"{there}/3/image"))
    )
    changed = ImageChops.difference(own, others).getbbox()
    assert changed is not None
    assert changed[3] > own.height * 0.97


def test_the_text_of_a_page_is_its_words_with_the_mark(sent: Stage) -> None:
    client, at = reader(sent)
    words = words_of(client.get(f"{at}/3/text"))
    assert "Form A 1" in words
    assert words.count("Ruth Okell · Northmere Adult Social Care") == 2
    assert "OFFICIAL-SENSITIVE" in words
    assert f'href="{at}/4/text"' in client.get(f"{at}/3/text").get_data(as_text=True)


def test_go_to_takes_the_number_that_is_printed(sent: Stage) -> None:
    client, at = reader(sent)
    assert client.get(f"{at}/1?page=5").headers["Location"] == f"{at}/5"
    assert client.get(f"{at}/1/text?page=5").headers["Location"] == f"{at}/5/text"
    for number in ("0", "99", "x", "", "-1", "5" * 400, "<script>"):
        answer = client.get(f"{at}/2", query_string={"page": number})
        assert answer.status_code == 200
        assert "There is no page with this number." in words_of(answer)
        assert b"<script>" not in answer.data


def test_words_are_found_and_are_in_no_address(sent: Stage) -> None:
    client, at = reader(sent)
    answer = post(client, f"{at}/3/find", {"words": "form a"})
    words = words_of(answer)
    assert "Found on 2 pages" in words
    assert "Page 3, Tab 1" in words
    assert "Ruth Okell" in words
    assert f'href="{at}/3"' in answer.get_data(as_text=True)
    assert "Nothing found" in words_of(post(client, f"{at}/3/find", {"words": "Wexbourne"}))
    assert "Enter the words to find." in words_of(post(client, f"{at}/3/find", {"words": "  "}))
    assert "Found on" not in words_of(client.get(f"{at}/3/find?words=form"))
    hostile = post(client, f"{at}/3/find", {"words": "<b>x</b>" * 100})
    assert b"<b>x" not in hostile.data


@pytest.mark.parametrize("sheet", ["0", "9", "999999", "9" * 30])
def test_a_page_out_of_range_is_not_there(sent: Stage, sheet: str) -> None:
    client, at = reader(sent)
    for part in ("", "/text", "/image"):
        assert client.get(f"{at}/{sheet}{part}").status_code == 404
    for odd in ("-1", "1.5", "x", "1/../2"):
        assert client.get(f"{at}/{odd}").status_code == 404


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=0-1,4-9"])
def test_no_part_of_a_picture_comes_by_range(sent: Stage, wanted: str) -> None:
    client, at = reader(sent)
    answer = client.get(f"{at}/3/image", headers={"Range": wanted})
    assert answer.status_code == 200
    assert "Content-Range" not in answer.headers
    assert answer.data.startswith(b"\x89PNG")


def test_a_picture_that_was_seen_is_made_anew_each_time(sent: Stage) -> None:
    client, at = reader(sent)
    first = client.get(f"{at}/3/image")
    asked = {"If-None-Match": '"x"', "If-Modified-Since": "Sun, 01 Jan 2040 00:00:00 GMT"}
    again = client.get(f"{at}/3/image", headers=asked)
    assert (again.status_code, again.data) == (200, first.data)


# ---- what it leaves ----


def test_one_line_for_a_reading_however_many_pages(sent: Stage) -> None:
    client, at = reader(sent)
    for sheet in (1, 2, 3):
        client.get(f"{at}/{sheet}")
        client.get(f"{at}/{sheet}/image")
    client.get(f"{at}/3/text")
    post(client, f"{at}/3/find", {"words": "form"})
    [line] = sent.lines("paper.opened")
    assert (line["purpose"], line["actor"]) == ("read", sent.id("ruth"))
    assert str(line["copy"]) in words_of(client.get(f"{at}/3"))
    sent.opens("ruth")
    assert [each["purpose"] for each in sent.lines("paper.opened")] == ["read", "download"]
    sent.whole()


def test_beginning_again_is_another_copy(sent: Stage) -> None:
    client, at = reader(sent)
    before = words_of(client.get(f"{at}/1")).partition(" ref ")[2][:14]
    sent.world.clock.advance(timedelta(minutes=5))
    post(client, f"{paper(sent)}/read")
    assert words_of(client.get(f"{at}/1")).partition(" ref ")[2][:14] != before
    assert len(sent.lines("paper.opened")) == 2


# ---- who gets nothing ----


@pytest.mark.parametrize("name", ["joe", "grace", "helen", "sian", "dev", "una"])
def test_somebody_elses_pages_do_not_exist(sent: Stage, name: str) -> None:
    _, at = reader(sent)
    client = sent.world.client(name)
    shows_nothing(client, at, 404)
    assert post(client, at).status_code == 404
    assert len(sent.lines("paper.opened")) == 1


def test_an_outsider_is_sent_to_sign_in(sent: Stage) -> None:
    _, at = reader(sent)
    client = sent.world.client()
    for part in ("", "/text", "/image", "/find"):
        assert client.get(f"{at}/3{part}").headers["Location"].startswith("/sign-in?next=")


def test_without_pressing_read_there_are_no_pages(sent: Stage) -> None:
    client = sent.world.client("ruth")
    shows_nothing(client, f"{paper(sent)}/read", 302, 404)
    assert client.get(f"{paper(sent)}/read/3").headers["Location"] == paper(sent)
    assert sent.lines("paper.opened") == []


def test_an_address_from_another_session_shows_nothing(sent: Stage) -> None:
    _, at = reader(sent)
    elsewhere = sent.world.client("ruth")
    shows_nothing(elsewhere, at, 302, 404)


def test_a_get_begins_nothing_and_a_post_needs_its_token(sent: Stage) -> None:
    client = sent.world.client("ruth")
    assert client.get(f"{paper(sent)}/read").status_code == 405
    assert client.post(f"{paper(sent)}/read").status_code == 400
    assert sent.lines("paper.opened") == []
    client, at = reader(sent)
    assert client.post(f"{at}/3/find", data={"words": "form"}).status_code == 400


def test_without_the_statement_nothing_is_begun(sent: Stage) -> None:
    answer = post(sent.world.client("carys"), f"{paper(sent, 'carys')}/read")
    assert (answer.status_code, answer.headers["Location"]) == (302, paper(sent, "carys"))
    assert sent.lines("paper.opened") == []


# ---- between two pages ----


def test_when_the_time_ends_the_next_page_never_comes(sent: Stage) -> None:
    client, at = reader(sent)
    soon = sent.world.clock.now() + timedelta(minutes=10)
    assert client.get(f"{at}/3/image").status_code == 200
    with tending(sent.house) as db:  # sooner than the session's own end
        db.execute(sendings.grants.update().values(closes_at=soon))
    sent.world.clock.set(soon)
    shows_nothing(client, at, 403)
    assert sent.lines("deed.refused")[-1]["why"] == "ended"


def test_when_it_is_taken_back_the_next_page_never_comes(sent: Stage) -> None:
    client, at = reader(sent)
    assert client.get(f"{at}/3/image").status_code == 200
    take_back(sent.house, sent.world.who("helen"), sent.grant("ruth").sending_id)
    shows_nothing(client, at, 403)


def test_a_leaver_and_somebody_signed_out_get_no_further_page(sent: Stage) -> None:
    client, at = reader(sent)
    joe, there = reader(sent, "joe")
    with tending(sent.house) as db:
        people.set_account(db, sent.world.area.id, sent.id("ruth"), Account.LEFT)
    post(joe, "/sign-out")
    for browser, path in ((client, at), (joe, there)):
        for part in ("", "/text", "/image"):
            answer = browser.get(f"{path}/3{part}")
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/sign-in")


def test_a_statement_that_no_longer_counts_stops_the_reading(sent: Stage) -> None:
    client, at = reader(sent)
    with tending(sent.house) as db:
        db.execute(minutes.statements.update().values(wording="0" * 64))
    shows_nothing(client, at, 403)


def test_a_clock_in_doubt_shows_no_page(sent: Stage) -> None:
    client, at = reader(sent)
    sent.world.clock.doubt = "the clock is 60 minutes behind"
    shows_nothing(client, at, 503)
