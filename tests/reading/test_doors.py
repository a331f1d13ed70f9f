"""A reader in the browser: home, statement, paper; and what everybody else gets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.domain import statement
from portal.journeys.deed import tending
from portal.journeys.giving.take_back import take_back
from portal.policy.judge import Refused
from portal.records import arrangements, keys
from tests.browsing import post, token, words_of
from tests.reading.conftest import with_a_large_paper
from tests.staging import Stage


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.send()
    return stage


def browser(stage: Stage, name: str) -> FlaskClient:
    return stage.world.client(name)


def paper(stage: Stage, name: str = "ruth") -> str:
    return f"/papers/{stage.grant(name).id}"


def test_from_home_over_the_statement_to_the_paper(sent: Stage) -> None:
    client = browser(sent, "ruth")
    home = words_of(client.get("/"))
    assert "Pack to read" in home
    assert "Accept the statement first." in home
    assert "Wilfred" not in home
    first = client.get(paper(sent))
    assert first.status_code == 302
    there = first.headers["Location"]
    assert there == f"/meetings/{sent.slot_id}/statement?next={paper(sent)}"
    shown = words_of(client.get(there))
    assert all(" ".join(words.split()) in shown for words in statement.CURRENT.paragraphs)
    agreed = post(client, there, {"wording": statement.CURRENT.digest, "agree": "y"})
    assert (agreed.status_code, agreed.headers["Location"]) == (302, paper(sent))
    page = client.get(paper(sent))
    assert "You can read this from" in words_of(page)
    assert "OFFICIAL-SENSITIVE" in words_of(page)
    grant = sent.grant("ruth")
    assert f"Copy {grant.copy_number} of {grant.copies}" in words_of(page)
    answer = post(client, f"{paper(sent)}/open")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="NMR-26-0117-pack-copy-{grant.copy_number}.pdf"'
    )
    assert "When you opened it" in words_of(client.get(paper(sent)))


def test_the_invitation_shows_who_it_is_about(sent: Stage) -> None:
    shown = words_of(browser(sent, "mark").get(f"/meetings/{sent.slot_id}"))
    assert "Wilfred Crane" in shown
    assert "Offender manager" in shown
    una = words_of(browser(sent, "una").get(f"/meetings/{sent.slot_id}"))
    assert "a coordinator must confirm your key first. Ring 01632 960 000." in una
    assert "Wilfred" not in una


@pytest.mark.parametrize("fields", [{}, {"agree": ""}, {"agree": "y", "wording": ""}])
def test_without_the_tick_nothing_is_accepted(sent: Stage, fields: dict[str, str]) -> None:
    client = browser(sent, "ruth")
    data = {"wording": statement.CURRENT.digest, **fields}
    answer = post(client, f"/meetings/{sent.slot_id}/statement", data)
    assert answer.status_code == 200
    assert sent.lines("statement.accepted") == []


def test_another_wording_than_the_current_one_is_shown_again(sent: Stage) -> None:
    client = browser(sent, "ruth")
    answer = post(
        client, f"/meetings/{sent.slot_id}/statement", {"wording": "0" * 64, "agree": "y"}
    )
    assert answer.status_code == 409
    assert "has changed" in words_of(answer)


@pytest.mark.parametrize("there", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_the_statement_leads_nowhere_else(sent: Stage, there: str) -> None:
    client = browser(sent, "ruth")
    answer = post(
        client,
        f"/meetings/{sent.slot_id}/statement?next={there}",
        {"wording": statement.CURRENT.digest, "agree": "y"},
    )
    assert answer.headers["Location"] == "/"


# ---- each state has its words ----


def opens_not(stage: Stage, name: str = "ruth") -> None:
    before = len(stage.lines("paper.opened"))
    answer = post(browser(stage, name), f"{paper(stage, name)}/open")
    assert answer.status_code in (302, 403, 404, 410)
    assert b"%PDF" not in answer.data
    assert len(stage.lines("paper.opened")) == before


def test_without_the_statement_opening_leads_to_it(sent: Stage) -> None:
    answer = post(browser(sent, "ruth"), f"{paper(sent)}/open")
    assert (answer.status_code, answer.headers["Location"]) == (302, paper(sent))
    opens_not(sent)


def test_after_its_end_the_page_says_whom_to_ring(sent: Stage) -> None:
    sent.accept("ruth")
    closes = sent.grant("ruth").closes_at
    assert closes is not None
    sent.world.clock.set(closes)
    shown = words_of(browser(sent, "ruth").get(paper(sent)))
    assert "This closed on" in shown
    assert "Ask for more time: ring 01632 960 000." in shown
    opens_not(sent)


def test_before_its_time_the_page_says_from_when(stage: Stage) -> None:

    stage.arrange()
    later = stage.world.clock.now() + timedelta(days=2)
    with tending(stage.house) as db:
        arrangements.save_times(
            db,
            arrangements.PackTimes(
                stage.world.area.id, stage.slot_id, later, later + timedelta(days=9)
            ),
        )
    stage.send()
    stage.accept("ruth")
    client = browser(stage, "ruth")
    assert "You cannot read this yet. You can read this from 6 May 2026" in words_of(
        client.get(paper(stage))
    )
    assert "Not yet" in words_of(client.get("/"))
    opens_not(stage)


def test_taken_back_and_without_a_key_each_have_their_words(sent: Stage) -> None:
    una = browser(sent, "una")
    assert "Cannot open yet: your key has not been confirmed." in words_of(
        una.get(paper(sent, "una"))
    )
    sent.accept("una")
    opens_not(sent, "una")
    sent.accept("ruth")
    take_back(sent.house, sent.world.who("helen"), sent.grant("ruth").sending_id)
    client = browser(sent, "ruth")
    assert "This was taken back on" in words_of(client.get(paper(sent)))
    assert "Taken back" in words_of(client.get("/"))
    opens_not(sent)


# ---- others ----


@pytest.mark.parametrize("name", ["joe", "grace", "helen", "sian", "dev"])
def test_to_others_the_paper_does_not_exist(sent: Stage, name: str) -> None:
    client = browser(sent, name)
    there, nothing = client.get(paper(sent)), client.get(f"/papers/{'a' * 26}")
    assert there.status_code == nothing.status_code == 404
    assert words_of(there) == words_of(nothing)
    sent.accept("ruth")
    answer = post(client, f"{paper(sent)}/open")
    assert answer.status_code == 404
    assert sent.lines("paper.opened") == []


def test_an_outsider_is_told_nothing(sent: Stage) -> None:
    client = sent.world.client()
    for grant in (sent.grant("ruth").id, "a" * 26):
        answer = client.get(f"/papers/{grant}")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/sign-in?next=/papers/{grant}"
        assert client.post(f"/papers/{grant}/open").status_code in (302, 400)
    assert sent.lines("paper.opened") == []


def test_a_get_opens_nothing_and_a_post_needs_its_token(sent: Stage) -> None:
    sent.accept("ruth")
    client = browser(sent, "ruth")
    assert client.get(f"{paper(sent)}/open").status_code == 405
    assert client.head(f"{paper(sent)}/open").status_code == 405
    assert client.post(f"{paper(sent)}/open").status_code == 400
    assert client.head(paper(sent)).status_code == 200
    assert sent.lines("paper.opened") == []


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=0-1,4-9", "x"])
def test_a_range_is_answered_with_the_whole_stamped_copy(sent: Stage, wanted: str) -> None:
    """No part of a paper comes without the whole check, the whole stamp and a line."""
    sent.accept("ruth")
    answer = post(browser(sent, "ruth"), f"{paper(sent)}/open", headers={"Range": wanted})
    assert answer.status_code == 200
    assert answer.headers["Accept-Ranges"] == "none"
    assert "Content-Range" not in answer.headers
    assert answer.data.startswith(b"%PDF-")


# ---- while it is handed over ----


@pytest.mark.parametrize("how", ["expires", "taken_back"])
def test_an_answer_that_may_not_go_on_is_broken_off(stage: Stage, how: str) -> None:
    """The length that was promised is never reached, and the connection is not ended cleanly."""
    large = with_a_large_paper(stage)
    large.send()
    large.accept("ruth")
    client = browser(large, "ruth")
    answer = client.post(f"{paper(large)}/open", data={"csrf_token": token(client)}, buffered=False)
    promised = int(answer.headers["Content-Length"])
    pieces = answer.iter_encoded()
    got = len(next(pieces))
    if how == "expires":
        closes = large.grant("ruth").closes_at
        assert closes is not None
        large.world.clock.set(closes)
    else:
        take_back(large.house, large.world.who("helen"), large.grant("ruth").sending_id)
    with pytest.raises(Refused):
        next(pieces)
    assert got < promised
    answer.close()


def test_a_session_that_ended_opens_nothing(sent: Stage) -> None:
    sent.accept("ruth")
    client = browser(sent, "ruth")
    given = token(client)
    sent.world.clock.advance(timedelta(minutes=31))
    answer = client.post(f"{paper(sent)}/open", data={"csrf_token": given})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/locked")
    assert sent.lines("paper.opened") == []


def test_a_key_swapped_in_the_database_stops_everything(sent: Stage) -> None:
    """The author's key is what proves the manifest: another in its place opens nothing."""
    sent.accept("ruth")
    client = browser(sent, "ruth")
    with tending(sent.house) as db:
        helen = keys.public_key_of(db, sent.world.area.id, sent.id("helen"))
        joe = keys.public_key_of(db, sent.world.area.id, sent.id("joe"))
        assert helen is not None
        assert joe is not None
        db.execute(
            keys.public_keys.update()
            .where(keys.public_keys.c.person_id == helen.person_id)
            .values(sign_public=joe.sign_public)
        )
    answer = post(client, f"{paper(sent)}/open")
    assert answer.status_code == 409
    assert b"%PDF" not in answer.data
    assert sent.lines("key.alarm")
