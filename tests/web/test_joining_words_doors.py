"""The pages of joining words: shown once, spoken, typed after joining, and the papers open."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from portal.domain import statement
from portal.domain.grants import GrantState
from portal.journeys.deed import tending
from portal.records import sessions, texts
from portal.records.database import reading
from tests.staging import Stage
from tests.web.browsing import send, text_of, token
from tests.web.test_account_join import begin, choose, finish, set_app

TYPED = "/account/words"


def path(stage: Stage) -> str:
    return f"/unit/people/{stage.id('newcomer')}/words"


def shown(stage: Stage, client: FlaskClient) -> list[str]:
    """The seven words, as the one page shows them."""
    form = client.get(path(stage)).get_data(as_text=True)
    instead_of = re.search(r'name="instead_of"[^>]*value="([^"]*)"', form)
    answer = client.post(
        path(stage),
        data={
            "csrf_token": token(client, path(stage)),
            "known": "y",
            "instead_of": instead_of[1] if instead_of else "",
        },
    )
    assert answer.headers["Cache-Control"] == "no-store", answer.headers
    assert "Speak these words to Nia Comer" in text_of(answer)
    return re.findall(r"<li>([a-z]+)</li>", answer.get_data(as_text=True))


def join(stage: Stage) -> FlaskClient:
    client = stage.world.client()
    begin(stage.world, client, stage.world.joining_token())
    choose(client)
    set_app(stage.world, client)
    assert finish(client).headers["Location"] == "/join/done"
    return client


def test_words_are_shown_once_spoken_and_open_what_waits(stage: Stage) -> None:
    stage.send()
    helen = stage.world.client("helen")
    assert path(stage) in helen.get("/unit/waiting").get_data(as_text=True)
    page = text_of(helen.get(path(stage)))
    assert "01632 960 222" in page
    assert "29 May 2026 at midnight" in page
    words = shown(stage, helen)
    assert len(words) == 7
    assert not set(words) <= set(text_of(helen.get(path(stage))).split())
    nia = join(stage)
    assert TYPED in nia.get("/join/done").get_data(as_text=True)
    assert TYPED in nia.get("/").get_data(as_text=True)
    done = send(nia, TYPED, joining_words=" ".join(words).upper())
    assert done.headers["Location"] == "/"
    home = nia.get("/")
    assert "You can open what was sent to you" in text_of(home)
    assert "Pack to read" in text_of(home)
    assert TYPED not in home.get_data(as_text=True)
    assert stage.states()["newcomer"] is GrantState.GRANTED
    papers, agree = f"/papers/{stage.grant('newcomer').id}", f"/meetings/{stage.slot_id}/statement"
    agreed = send(nia, agree, wording=statement.CURRENT.digest, agree="y")
    assert agreed.status_code == 302, text_of(agreed)
    opened = send(nia, f"{papers}/open", papers)
    assert opened.data.startswith(b"%PDF-"), text_of(opened)


def test_a_number_must_be_known_before_words_are_shown(stage: Stage) -> None:
    stage.send()
    helen = stage.world.client("helen")
    answer = send(helen, path(stage), instead_of="")
    assert "Ring them first" in text_of(answer)
    assert stage.lines("words.given") == []


def test_the_page_sent_again_shows_no_other_words(stage: Stage) -> None:
    stage.send()
    helen = stage.world.client("helen")
    words = shown(stage, helen)
    again = send(helen, path(stage), known="y", instead_of="")
    assert again.status_code == 302
    assert "made for this person already" in text_of(helen.get(path(stage)))
    nia = join(stage)
    assert send(nia, TYPED, joining_words=" ".join(words)).status_code == 303


@pytest.mark.parametrize("name", ["una", "carys", "helen"])
def test_for_whom_words_are_not_it_is_said_what_to_do(stage: Stage, name: str) -> None:
    stage.send()
    helen = stage.world.client("helen")
    of = stage.world.person(name).id
    answer = helen.get(f"/unit/people/{of}/words")
    if name == "helen":
        assert answer.status_code == 403
        return
    assert answer.headers["Location"] == "/unit/waiting"
    assert "confirm it" in text_of(helen.get("/unit/waiting"))


def test_wrong_words_say_what_is_wrong_and_stay_typed(stage: Stage) -> None:
    stage.send()
    words = shown(stage, stage.world.client("helen"))
    nia = join(stage)
    slip = [*words[:6], "xyzzy"]
    answer = send(nia, TYPED, joining_words=" ".join(slip))
    assert "Word 7 is not one of the words" in text_of(answer)
    assert " ".join(slip) in answer.get_data(as_text=True)
    other = "abacus" if words[0] != "abacus" else "zoom"
    answer = send(nia, TYPED, joining_words=" ".join([other, *words[1:]]))
    assert "These are not the words that were spoken to you" in text_of(answer)
    assert stage.states()["newcomer"] is GrantState.WAITING


def test_whoever_was_given_none_is_told_so(stage: Stage) -> None:
    una = stage.world.client("una")
    assert TYPED not in una.get("/").get_data(as_text=True)
    assert "no joining words for you" in text_of(send(una, TYPED, joining_words="abacus " * 7))


def test_words_typed_after_the_session_ended_are_kept_in_no_draft(stage: Stage) -> None:
    stage.send()
    words = shown(stage, stage.world.client("helen"))
    nia = join(stage)
    value = token(nia, TYPED)
    with tending(stage.house) as db:
        sessions.end_all(db, stage.id("newcomer"))
    nia.post(TYPED, data={"csrf_token": value, "joining_words": " ".join(words)})
    with reading(stage.house.engine) as db:
        assert texts.draft_of(db, stage.id("newcomer"), TYPED) is None
