"""Nobody but its writer puts text into somebody's form: not from their locked screen, and not by a
row that the database tells of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from portal.crypto.session import row_id
from portal.journeys.signing_in.late_forms import left_by, name_of
from portal.journeys.signing_in.recall import IDLE
from portal.records import sessions
from portal.records.database import reading
from portal.web.current import decode, encode
from tests.web.browsing import cookie, send, sign_in, text_of, token
from tests.world import World, cast

PLANTED, OWN = "attacker@evil.example", "nia.prosser@health.northmere.example"
INVITE = "/unit/people/invite"
PROVEN = 2
"""Parts of a token that a page shown to somebody signed in has."""


def plant(client: FlaskClient, crumb: str | None, text: str = PLANTED, **more: str) -> None:
    fields = {"name": "Helen Real Boss", "email": text}
    if crumb is not None:
        fields["csrf_token"] = crumb
    client.post(INVITE, data=fields, headers=more)


def drafts(world: World) -> int:
    with world.house.engine.begin() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one())


def locked(world: World) -> tuple[FlaskClient, str]:
    """Helen's browser at her locked screen, and the token of a page from before."""
    client = sign_in(world, "helen")
    crumb = token(client, INVITE)
    send(client, "/lock", form="/account/", next="/unit/")
    assert client.get("/unit/").headers["Location"].startswith("/locked")
    return client, crumb


def shown_after_unlocking(client: FlaskClient) -> str:
    crumb = token(client, "/locked")
    fields = {"csrf_token": crumb, "passphrase": cast()["helen"].passphrase}
    answer = client.post(f"/locked?next={INVITE}", data=fields)
    assert answer.status_code == 303, text_of(answer)
    return str(client.get(INVITE).text)


def test_what_was_open_when_the_screen_locked_is_kept(world: World) -> None:
    client, crumb = locked(world)
    plant(client, crumb, OWN)
    assert OWN in shown_after_unlocking(client)


def test_the_token_of_a_locked_screen_does_not_keep_anything(world: World) -> None:
    client, _ = locked(world)
    crumb = token(client, "/locked")
    assert len(crumb.split("~")) < PROVEN
    plant(client, crumb)
    assert drafts(world) == 0
    assert PLANTED not in shown_after_unlocking(client)


@pytest.mark.parametrize("kind", ["none", "empty", "random", "first part", "changed", "longer"])
def test_no_token_of_that_page_no_draft(world: World, kind: str) -> None:
    client, crumb = locked(world)
    first, proof = crumb.split("~")
    plant(
        client,
        {
            "none": None,
            "empty": "",
            "random": f"{first}~{encode(bytes(32))}",
            "first part": first,
            "changed": f"{first}~{'B' if proof[0] == 'A' else 'A'}{proof[1:]}",
            "longer": f"{crumb}~{proof}",
        }[kind],
    )
    assert drafts(world) == 0


@pytest.mark.parametrize("whose", ["tom", "helen"])
def test_the_token_of_another_session_keeps_nothing(world: World, whose: str) -> None:
    other = sign_in(world, whose)
    crumb = token(other, "/account/")
    assert len(crumb.split("~")) == PROVEN
    world.clock.advance(timedelta(seconds=90))
    client, _ = locked(world)
    plant(client, crumb)
    assert drafts(world) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_post_from_elsewhere_keeps_nothing(world: World, headers: dict[str, str]) -> None:
    client, crumb = locked(world)
    plant(client, crumb, **headers)
    assert drafts(world) == 0


def test_what_its_owner_had_typed_is_not_written_over(world: World) -> None:
    client, crumb = locked(world)
    plant(client, crumb, OWN)
    plant(client, None)
    plant(client, token(client, "/locked"))
    page = shown_after_unlocking(client)
    assert OWN in page
    assert PLANTED not in page


def test_a_form_from_before_the_lock_before_is_kept_too(world: World) -> None:
    client, crumb = locked(world)
    shown_after_unlocking(client)
    world.clock.advance(IDLE)
    plant(client, crumb, OWN)
    assert OWN in shown_after_unlocking(client)


def test_a_form_is_kept_after_the_session_s_time_was_over(world: World) -> None:
    client = sign_in(world, "helen")
    crumb = token(client, INVITE)
    world.clock.advance(timedelta(hours=13))
    plant(client, crumb, OWN)
    assert OWN in sign_in(world, "helen", client).get(INVITE).text


def test_nothing_is_kept_once_the_row_of_the_session_is_gone(world: World) -> None:
    client = sign_in(world, "helen")
    crumb = token(client, INVITE)
    world.clock.advance(timedelta(hours=49))
    now = world.clock.now()
    with world.house.engine.begin() as db:
        sessions.sweep(db, now, now - IDLE, now - IDLE, now - timedelta(days=1))
    plant(client, crumb, OWN)
    assert drafts(world) == 0


def left(world: World) -> tuple[bytes, str]:
    """The row of a session that Helen has left, and the token of a page of it."""
    client = sign_in(world, "helen")
    secret, crumb = decode(cookie(client) or ""), token(client, INVITE)
    assert secret is not None
    send(client, "/sign-out", form="/account/")
    with reading(world.house.engine) as db:
        assert sessions.load(db, row_id(secret)) is not None
    return row_id(secret), crumb


@pytest.mark.parametrize("kind", ["id", "id and nothing", "id twice", "another's name", "short"])
def test_a_row_does_not_tell_the_cookie_of_who_left(world: World, kind: str) -> None:
    row, crumb = left(world)
    name = name_of(world.house, row)
    assert left_by(world.house, name) is not None
    forged = {
        "id": row,
        "id and nothing": row + bytes(32),
        "id twice": row + row,
        "another's name": row + name_of(world.house, bytes(32))[32:],
        "short": name[:-1],
    }[kind]
    assert left_by(world.house, forged) is None
    stranger = world.client()
    stranger.set_cookie("left", encode(forged), domain="localhost")
    plant(stranger, crumb)
    assert drafts(world) == 0


def test_nor_does_the_cookie_keep_what_no_page_of_theirs_sent(world: World) -> None:
    row, crumb = left(world)
    stranger = world.client()
    stranger.set_cookie("left", encode(name_of(world.house, row)), domain="localhost")
    plant(stranger, token(stranger, "/sign-in"))
    assert drafts(world) == 0
    plant(stranger, crumb, OWN)
    assert drafts(world) == 1
