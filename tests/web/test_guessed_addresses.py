"""Somebody signed in guesses identifiers: refused, written down, then neither written nor heard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.chance import new_id
from portal.domain.grants import GrantState
from portal.domain.ids import SendingId
from portal.identity.throttle import REFUSALS
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.ledger import book, leaf
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox
from portal.records.database import reading
from tests.staging import Stage
from tests.web.browsing import text_of, token
from tests.world import World

WINDOW = timedelta(minutes=10)


def lines(world: World) -> list[dict[str, leaf.Value]]:
    with reading(world.house.engine) as db:
        size = book.head(db, world.area.id).size
        return [leaf.decode(each.leaf) for each in book.entries(db, world.area.id, 0, size)]


def size(world: World) -> int:
    with reading(world.house.engine) as db:
        return book.head(db, world.area.id).size


def told(world: World) -> list[str]:
    with reading(world.house.engine) as db:
        found = outbox.due(db, world.clock.now() + timedelta(days=1), 100)
    return [note.address for note in found if note.letter == "refusals_seen"]


def guess(client: FlaskClient, method: str, crumb: str, path: str = "/papers/{}") -> TestResponse:
    form = {"data": {"csrf_token": crumb}} if method == "POST" else {}
    address = path.format(new_id()) + ("/open" if method == "POST" else "")
    return client.open(address, method=method, **form)


def tire(world: World, name: str) -> tuple[FlaskClient, str]:
    client = world.client(name)
    crumb = token(client, "/account/")
    for _ in range(REFUSALS):
        assert guess(client, "GET", crumb).status_code == 404
    return client, crumb


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_the_sixty_first_guess_leaves_nothing(world: World, method: str) -> None:
    client, crumb = world.client("ruth"), ""
    crumb = token(client, "/account/")
    before = size(world)
    for _ in range(REFUSALS):
        assert guess(client, method, crumb).status_code == 404
    filled = size(world)
    assert filled == before + REFUSALS + 1
    for _ in range(REFUSALS):
        answer = guess(client, method, crumb)
        assert answer.status_code == 429
    assert size(world) == filled
    assert method == "HEAD" or "Too many tries" in text_of(answer)
    assert told(world) == [world.area.unit_email]


def test_one_line_says_that_it_was_too_much(world: World) -> None:
    tire(world, "ruth")
    newest = lines(world)[-1]
    assert newest["why"] == Why.TOO_MANY.value
    assert newest["actor"] == world.person("ruth").id
    assert newest["subject"] == ""
    assert [each.get("why") for each in lines(world)].count(Why.TOO_MANY.value) == 1


def test_what_is_not_there_and_what_is_not_theirs_are_counted_alike(world: World) -> None:
    client, _crumb = tire(world, "ruth")
    for path in ("/unit/", "/record/", "/operator/", "/unit/cases/"):
        assert client.get(path).status_code == 429, path


OF_THE_LEDGER = re.compile(r"(FROM|INTO|UPDATE|JOIN)\s+ledger_|IMMEDIATE")
"""A statement that reads, writes or locks a table of the ledger."""


def test_no_lock_of_the_ledger_is_taken_any_more(world: World) -> None:
    client, crumb = tire(world, "ruth")
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(world.house.engine, "before_cursor_execute", note)
    for method in ("GET", "HEAD"):
        assert guess(client, method, crumb).status_code == 429
    assert statements
    assert not [each for each in statements if OF_THE_LEDGER.search(each)]
    for _ in range(REFUSALS):
        assert guess(client, "POST", crumb).status_code == 429
    statements.clear()
    assert guess(client, "POST", crumb).status_code == 429
    assert statements
    assert not [each for each in statements if OF_THE_LEDGER.search(each)]


def test_others_are_not_held_up(world: World) -> None:
    tire(world, "ruth")
    carys = world.client("carys")
    assert carys.get(f"/papers/{new_id()}").status_code == 404
    assert carys.get("/").status_code == 200


def test_what_somebody_may_do_still_works(world: World) -> None:
    client, _crumb = tire(world, "ruth")
    assert client.get("/").status_code == 200
    assert client.get("/account/").status_code == 200
    crumb = token(client, "/account/")
    assert client.post("/sign-out", data={"csrf_token": crumb}).status_code in (302, 303)


def test_access_is_taken_away_even_by_somebody_past_every_limit(stage: Stage) -> None:
    stage.arrange()
    sent = stage.send()
    client, crumb = tire(stage.world, "helen")
    for _ in range(REFUSALS + 1):
        assert guess(client, "POST", crumb).status_code == 429
    helen = stage.world.who("helen")
    with pytest.raises(Refused) as refused:
        withdraw_invitation(stage.house, helen, stage.slot_id, stage.id("ruth"))
    assert refused.value.why is Why.TOO_MANY
    take_back(stage.house, helen, sent.sending.id, "Wrong person.", stage.id("ruth"))
    assert stage.states()["ruth"] is GrantState.TAKEN_BACK
    with pytest.raises(Refused) as refused:
        take_back(stage.house, helen, SendingId(new_id()))
    assert refused.value.why is Why.TOO_MANY


def test_after_ten_minutes_it_is_as_before(world: World) -> None:
    client, crumb = tire(world, "ruth")
    world.clock.advance(WINDOW)
    assert guess(client, "GET", crumb).status_code == 404
    assert lines(world)[-1]["why"] == Why.NOT_THERE.value
    assert len(told(world)) == 1


def test_another_browser_of_the_same_person_is_the_same_person(world: World) -> None:
    tire(world, "ruth")
    other = world.client("ruth")
    assert guess(other, "GET", "").status_code == 429


def test_honest_readers_never_meet_it(world: World) -> None:
    client = world.client("ruth")
    for _ in range(3 * REFUSALS):
        assert client.get("/").status_code == 200
    assert told(world) == []
