"""Joining without a telephone: with a key-fob, a card printed then, or one that was handed over."""

from __future__ import annotations

import re

import mintotp
import pytest
from flask.testing import FlaskClient

from portal.domain.people import Account
from portal.identity.throttle_keys import Kind
from portal.journeys.signing_in.second_factor import CODE
from portal.records import cards, factors, generators
from portal.records.database import reading
from tests.web.browsing import send, text_of
from tests.web.test_account_join import PASSPHRASE, begin, choose, finish, set_app
from tests.world import World, cast

SEED = "3132333435363738393031323334353637383930"
SEED_BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def at_third_step(world: World) -> FlaskClient:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    return client


def card_of(client: FlaskClient, path: str = "/join/card") -> list[str]:
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>", client.get(path).text)


def issue(world: World) -> list[str]:
    """Helen prints a card for the newcomer."""
    helen, whose = world.client("helen"), cast()["newcomer"].person_id
    done = send(helen, f"/unit/people/{whose}/card", proofed="issued_met", code=world.code("helen"))
    return card_of(helen, done.headers["Location"])


def sign_in_with(world: World, code: str) -> int:
    again, mine = world.client(), cast()["newcomer"]
    send(again, "/sign-in", email=mine.email, passphrase=PASSPHRASE)
    return send(again, "/sign-in/code", code=code).status_code


def test_with_a_card_printed_while_joining(world: World) -> None:
    client = at_third_step(world)
    assert card_of(client) == []
    assert send(client, "/join/card/new", form="/join/card").headers["Location"] == "/join/card"
    codes = card_of(client)
    assert codes == card_of(client), "a page that is loaded again shows the same card"
    assert send(client, "/join/card", code=codes[0]).headers["Location"] == "/join/codes"
    assert finish(client).headers["Location"] == "/join/done"
    assert world.person("newcomer").account is Account.ENROLLED
    assert sign_in_with(world, codes[0]) == 200
    assert sign_in_with(world, codes[1]) == 303
    with reading(world.house.engine) as db:
        assert generators.of_person(db, cast()["newcomer"].person_id) == []


def test_with_a_key_fob(world: World) -> None:
    client = at_third_step(world)
    code = str(mintotp.hotp(SEED_BASE32, int(world.clock.now().timestamp()) // 30))
    answer = send(client, "/join/key-fob", seed=SEED, moves="time", code=code)
    assert answer.headers.get("Location") == "/join/codes", text_of(answer)
    assert finish(client).headers["Location"] == "/join/done"


def test_with_a_card_that_was_handed_over(world: World) -> None:
    codes = issue(world)
    client = at_third_step(world)
    assert "handed a card" in text_of(client.get("/join/card"))
    assert card_of(client) == [], "its codes are on the card only"
    assert send(client, "/join/card", code=codes[0]).headers["Location"] == "/join/codes"
    assert finish(client).headers["Location"] == "/join/done"
    assert sign_in_with(world, codes[1]) == 303


@pytest.mark.parametrize("wrong", ["", "000000", "ABCD-EFGH", "not a code"])
def test_a_wrong_code_of_a_card_goes_no_further(world: World, wrong: str) -> None:
    client = at_third_step(world)
    send(client, "/join/card/new", form="/join/card")
    codes = card_of(client)
    assert "There is a problem" in text_of(send(client, "/join/card", code=wrong))
    assert card_of(client) == codes


def test_guessing_at_a_card_that_was_handed_over_has_to_wait(world: World) -> None:
    codes = issue(world)
    client = at_third_step(world)
    for _ in range(6):
        send(client, "/join/card", code="ABCD-EFGH")
    assert "Too many wrong codes" in text_of(send(client, "/join/card", code=codes[0]))


def test_slips_before_the_right_code_are_forgotten_with_it(world: World) -> None:
    codes = issue(world)
    client = at_third_step(world)
    for _ in range(5):
        send(client, "/join/card", code="ABCD-EFGH")
    assert send(client, "/join/card", code=codes[0]).headers["Location"] == "/join/codes"
    key = f"{Kind.CODES.value}:{CODE}-{world.person('newcomer').account_id}"
    with reading(world.house.engine) as db:
        assert factors.bucket(db, key) is None


def test_a_fob_is_proved_or_goes_no_further(world: World) -> None:
    client = at_third_step(world)
    for fields in ({"seed": "x", "code": "000000"}, {"seed": SEED, "code": "000000"}):
        said = text_of(send(client, "/join/key-fob", moves="time", **fields))
        assert "There is a problem" in said


def test_a_card_begun_and_not_chosen_is_gone(world: World) -> None:
    client = at_third_step(world)
    send(client, "/join/card/new", form="/join/card")
    codes = card_of(client)
    set_app(world, client)
    assert finish(client).headers["Location"] == "/join/done"
    assert sign_in_with(world, codes[0]) == 200
    with reading(world.house.engine) as db:
        assert cards.of_person(db, cast()["newcomer"].person_id) == []


def test_beginning_again_leaves_no_factor_of_before(world: World) -> None:
    link, client = world.joining_token(), world.client()
    begin(world, client, link)
    choose(client)
    send(client, "/join/card/new", form="/join/card")
    codes = card_of(client)
    send(client, "/join/card", code=codes[0])
    again = world.client()
    begin(world, again, link)
    choose(again)
    set_app(world, again)
    assert finish(again).headers["Location"] == "/join/done"
    assert sign_in_with(world, codes[1]) == 200


@pytest.mark.parametrize("path", ["/join/card", "/join/key-fob"])
def test_no_step_is_skipped_or_gone_back_to(world: World, path: str) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    assert client.get(path).headers["Location"] == "/join/who"
    choose(client)
    assert client.get(path).status_code == 200
    set_app(world, client)
    assert client.get(path).headers["Location"] == "/join/codes"
    assert send(client, "/join/card/new", form="/join/codes").headers["Location"] == "/join/codes"


def test_a_card_of_one_person_is_nothing_to_another(world: World) -> None:
    codes = issue(world)
    client, ruth = world.client(), cast()["ruth"]
    send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert "not right" in text_of(send(client, "/sign-in/code", code=codes[0]))
