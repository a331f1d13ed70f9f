"""A forgotten passphrase: the code on paper and the second factor, never one of them alone."""

from __future__ import annotations

import re

import pytest

from portal.records import outbox, sessions
from portal.records.database import reading
from portal.records.sessions import Stage
from tests.web.browsing import cookie, send, sign_in, text_of
from tests.world import World, cast

NEW = "otter lantern gravel pepper sunday"


def with_code(world: World, name: str = "ruth"):  # type: ignore[no-untyped-def]
    client = world.client()
    mine = cast()[name]
    answer = send(client, "/recover", email=mine.email, recovery_code=mine.recovery_code)
    assert answer.headers.get("Location") == "/recover/code", text_of(answer)
    return client


def with_factor(world: World):  # type: ignore[no-untyped-def]
    client = with_code(world)
    answer = send(client, "/recover/code", code=world.code("ruth"))
    assert answer.headers.get("Location") == "/recover/passphrase", text_of(answer)
    return client


def test_recovery_sets_a_new_passphrase_and_a_new_recovery_code(world: World) -> None:
    elsewhere = sign_in(world, "ruth")
    client = with_factor(world)
    done = send(client, "/recover/passphrase", passphrase=NEW)
    assert done.headers["Location"] == "/account/codes"
    shown = re.findall(r"<li>([0-9A-Z]{4})</li>", client.get("/account/codes").get_data(True))
    assert len(shown) == 9
    assert "-".join(shown) != cast()["ruth"].recovery_code
    kept = send(client, "/account/codes", group=shown[3])
    assert kept.headers["Location"] == "/account/"
    assert client.get("/account/codes").headers["Location"] == "/account/"
    assert elsewhere.get("/account/").status_code == 302
    old = send(
        world.client(), "/sign-in", email=cast()["ruth"].email, passphrase=cast()["ruth"].passphrase
    )
    assert "not right" in text_of(old)
    new = send(world.client(), "/sign-in", email=cast()["ruth"].email, passphrase=NEW)
    assert new.status_code == 303
    with reading(world.house.engine) as db:
        told = [notice.letter for notice in outbox.due(db, world.clock.now(), 200)]
    assert "passphrase_changed" in told


def test_the_old_recovery_code_is_dead_after_use(world: World) -> None:
    send(with_factor(world), "/recover/passphrase", passphrase=NEW)
    ruth = cast()["ruth"]
    answer = send(world.client(), "/recover", email=ruth.email, recovery_code=ruth.recovery_code)
    assert "not right" in text_of(answer)


def test_a_recovery_code_without_the_second_factor_opens_nothing(world: World) -> None:
    client = with_code(world)
    for path in ("/account/", "/practice", "/sign-in/code"):
        assert client.get(path).status_code == 302
    assert client.get("/recover/passphrase").headers["Location"] == "/recover/code"
    posted = send(client, "/recover/passphrase", form="/recover/code", passphrase=NEW)
    assert posted.headers["Location"] == "/recover/code"
    assert (
        send(world.client(), "/sign-in", email=cast()["ruth"].email, passphrase=NEW).status_code
        == 200
    )


@pytest.mark.parametrize("code", ["000000", "abcdef", "", "0000-0000-0000"])
def test_a_wrong_second_factor_goes_no_further(world: World, code: str) -> None:
    client = with_code(world)
    assert send(client, "/recover/code", code=code).status_code == 200
    assert client.get("/recover/passphrase").headers["Location"] == "/recover/code"


def test_every_step_has_its_own_cookie(world: World) -> None:
    client = with_code(world)
    first = cookie(client)
    send(client, "/recover/code", code=world.code("ruth"))
    second = cookie(client)
    send(client, "/recover/passphrase", passphrase=NEW)
    assert len({first, second, cookie(client)}) == 3
    for old in (first, second):
        thief = world.client()
        thief.set_cookie("portal", old or "", domain="localhost", path="/")
        assert thief.get("/recover/passphrase").headers["Location"] == "/recover"


def test_known_unknown_and_invited_people_get_one_answer(world: World) -> None:
    texts = set()
    code = cast()["joe"].recovery_code
    for email in (cast()["ruth"].email, cast()["newcomer"].email, "nobody@northmere.example", "x"):
        texts.add(text_of(send(world.client(), "/recover", email=email, recovery_code=code)))
    assert len(texts) == 1


def test_guessing_recovery_codes_is_slowed(world: World) -> None:
    client, code = world.client(), cast()["joe"].recovery_code
    for _ in range(6):
        send(client, "/recover", email=cast()["ruth"].email, recovery_code=code)
    answer = send(
        client, "/recover", email=cast()["ruth"].email,
        recovery_code=cast()["ruth"].recovery_code,
    )  # fmt: skip
    assert "Too many tries" in text_of(answer)


def test_a_weak_new_passphrase_is_refused_and_nothing_changes(world: World) -> None:
    client = with_factor(world)
    assert "too short" in text_of(send(client, "/recover/passphrase", passphrase="short"))
    sign_in(world, "ruth")
    with reading(world.house.engine) as db:
        stages = {row.stage for row in sessions.of_person(db, cast()["ruth"].person_id)}
    assert Stage.RECOVERING in stages
