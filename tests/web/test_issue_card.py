"""Issuing a code card: by the unit, for somebody else, with a code, and shown once."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.deeds import Deed
from portal.journeys.agencies.remove_person import remove_person
from portal.ledger import book, leaf
from portal.records import cards, outbox
from portal.records.database import reading
from tests.web.browsing import send, text_of
from tests.world import World, cast


def issue(world: World, by: FlaskClient, who: str = "helen", to: str = "ruth", **other: str
          ) -> TestResponse:  # fmt: skip
    fields = {"proofed": "issued_met", "code": world.code(who), **other}
    return send(by, f"/unit/people/{cast()[to].person_id}/card", **fields)


def codes_at(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>", client.get(path).text)


def sign_in_with(world: World, code: str, who: str = "ruth") -> int:
    client, mine = world.client(), cast()[who]
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    return send(client, "/sign-in/code", code=code).status_code


@pytest.mark.parametrize("who", ["helen", "tom", "priya"])
def test_the_unit_issues_a_card_that_signs_its_owner_in(world: World, who: str) -> None:
    client = world.client(who)
    path = issue(world, client, who).headers["Location"]
    codes = codes_at(client, path)
    assert len(codes) == 40
    assert sign_in_with(world, codes[0]) == 303
    with reading(world.house.engine) as db:
        line = book.newest_of(db, world.area.id, Deed.FACTOR_CHANGED.value)
        told = [n.address for n in outbox.due(db, world.clock.now(), 300)
                if n.letter == "factor_changed"]  # fmt: skip
    assert line is not None
    said = leaf.decode(line.leaf)
    assert (said["actor"], said["person"], said["change"]) == (
        cast()[who].person_id, cast()["ruth"].person_id, "issued_met",
    )  # fmt: skip
    assert told == [cast()["ruth"].email]


def test_it_is_shown_until_it_is_printed_and_to_its_issuer_only(world: World) -> None:
    client, tom = world.client("helen"), world.client("tom")
    path = issue(world, client).headers["Location"]
    assert tom.get(path).status_code == 404
    assert world.client("ruth").get(path).status_code in (403, 404)
    assert codes_at(client, path) == codes_at(client, path)
    assert send(client, path).headers["Location"] == "/unit/people/"
    assert client.get(path).status_code == 404


def test_a_newer_one_ends_the_one_before(world: World) -> None:
    client = world.client("helen")
    first = codes_at(client, issue(world, client).headers["Location"])
    second = codes_at(client, issue(world, client, proofed="issued_rang").headers["Location"])
    assert sign_in_with(world, first[0]) == 200
    assert sign_in_with(world, second[0]) == 303


def test_a_card_of_ones_own_printing_stays(world: World) -> None:
    ruth, helen = world.client("ruth"), world.client("helen")
    path = send(
        ruth, "/account/factors/add", kind="code_card", name="Locker", code=world.code("ruth")
    ).headers["Location"]
    own = codes_at(ruth, path)
    send(ruth, path, code=own[0])
    issue(world, helen)
    assert sign_in_with(world, own[1]) == 303


@pytest.mark.parametrize("who", ["ruth", "alan", "sian", "dev", "adeyemi"])
def test_nobody_else_issues_cards(world: World, who: str) -> None:
    client = world.client(who)
    path = f"/unit/people/{cast()['joe'].person_id}/card"
    assert client.get(path).status_code == 403
    fields = {"proofed": "issued_met", "code": world.code(who)}
    answer = send(client, path, form="/account/backup-codes", **fields)
    assert answer.status_code == 403
    with reading(world.house.engine) as db:
        assert cards.of_person(db, cast()["joe"].person_id) == []


def test_nobody_issues_one_to_themselves(world: World) -> None:
    client = world.client("helen")
    assert client.get(f"/unit/people/{cast()['helen'].person_id}/card").status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"code": "000000"}, {"code": ""}, {"proofed": ""}, {"proofed": "by_guessing"}]
)
def test_nothing_is_issued_unless_all_is_right(world: World, wrong: dict[str, str]) -> None:
    answer = issue(world, world.client("helen"), **wrong)
    assert "There is a problem" in text_of(answer)
    with reading(world.house.engine) as db:
        assert cards.of_person(db, cast()["ruth"].person_id) == []


def test_whoever_has_left_gets_none(world: World) -> None:
    remove_person(world.house, world.who("helen"), cast()["ruth"].person_id)
    assert "has left" in text_of(issue(world, world.client("helen")))


def test_a_card_alone_is_no_way_in(world: World) -> None:
    """It replaces no passphrase: whoever printed it still cannot sign in as its owner."""
    client = world.client("helen")
    codes = codes_at(client, issue(world, client).headers["Location"])
    thief = world.client()
    answer = send(thief, "/sign-in", email=cast()["ruth"].email, passphrase=codes[0])
    assert answer.status_code == 200
    answer = send(thief, "/recover", email=cast()["ruth"].email, recovery_code=codes[0])
    assert answer.status_code == 200
