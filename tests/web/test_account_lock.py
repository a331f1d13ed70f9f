"""A screen that nobody used locks where it was; a computer that others use keeps nothing."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.crypto.session import row_id
from portal.domain.deeds import Deed
from portal.domain.people import Account
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.signing_in.recall import IDLE, SHARED_IDLE, bound_of
from portal.records import keys, people, sessions
from portal.records.database import reading
from portal.records.keys import UnlockKind
from portal.records.sessions import Stage, Terms
from portal.web.current import decode
from tests.journeys.planning import told
from tests.staging import Stage as Meeting
from tests.web.browsing import cookie, send, sign_in, text_of, token
from tests.world import World, cast

WRONG = "That passphrase is not right."


def locked_after_a_while(world: World, name: str = "ruth") -> FlaskClient:
    client = sign_in(world, name)
    world.clock.advance(IDLE)
    return client


def rows(world: World, name: str = "ruth") -> list[sessions.Session]:
    with reading(world.house.engine) as db:
        return sessions.of_person(db, cast()[name].person_id)


def row_of(world: World, client: FlaskClient) -> sessions.Session:
    """The row of the session this browser holds."""
    secret = decode(cookie(client) or "")
    assert secret is not None
    with reading(world.house.engine) as db:
        found = sessions.load(db, row_id(secret))
    assert found is not None
    return found


def unlock(client: FlaskClient, phrase: str, where: str = "/account/"):  # type: ignore[no-untyped-def]
    crumb = token(client, "/locked") or token(client, "/recover")
    fields = {"csrf_token": crumb, "passphrase": phrase}
    return client.post(f"/locked?next={where}", data=fields)


def test_the_passphrase_opens_it_again_where_it_was(world: World) -> None:
    client = locked_after_a_while(world)
    before = cookie(client)
    assert client.get("/account/").headers["Location"] == "/locked?next=/account/"
    page = text_of(client.get("/locked?next=/account/"))
    assert "Your screen is locked" in page
    assert "Ruth Okell" in page
    answer = unlock(client, cast()["ruth"].passphrase)
    assert answer.headers["Location"] == "/account/"
    assert cookie(client) != before
    assert client.get("/account/").status_code == 200


def test_it_goes_on_for_what_was_left_of_its_time_and_no_longer(world: World) -> None:
    client = locked_after_a_while(world)
    row = row_of(world, client)
    unlock(client, cast()["ruth"].passphrase)
    again = row_of(world, client)
    assert (again.factor_at, again.ends_at, again.terms) == (row.factor_at, row.ends_at, row.terms)
    for _ in range(20):
        world.clock.advance(timedelta(minutes=25))
        client.get("/account/")
    assert client.get("/account/").headers["Location"].startswith("/sign-in")
    assert unlock(client, cast()["ruth"].passphrase).headers["Location"] == "/account/"


@pytest.mark.parametrize("phrase", ["wrong but long enough", "", " ", "\0"])
def test_a_wrong_passphrase_opens_nothing(world: World, phrase: str) -> None:
    client = locked_after_a_while(world)
    assert unlock(client, phrase).status_code == 200
    assert client.get("/account/").headers["Location"].startswith("/locked")


def test_anothers_passphrase_opens_nothing(world: World) -> None:
    client = locked_after_a_while(world)
    assert WRONG in text_of(unlock(client, cast()["joe"].passphrase))


def test_guesses_are_counted_as_at_signing_in(world: World) -> None:
    client = locked_after_a_while(world)
    for guess in range(40):
        answer = text_of(unlock(client, f"a wrong guess, number {guess}"))
        if "Too many tries" in answer:
            break
    else:
        pytest.fail("never slowed down")


def test_a_cookie_alone_or_a_passphrase_alone_opens_nothing(world: World) -> None:
    client = locked_after_a_while(world)
    stranger = world.client()
    assert unlock(stranger, cast()["ruth"].passphrase).headers["Location"] == "/account/"
    assert stranger.get("/account/").headers["Location"].startswith("/sign-in")
    assert client.get("/account/").headers["Location"].startswith("/locked")


def test_pressing_lock_takes_the_keyring_and_keeps_what_was_typed(stage: Meeting) -> None:
    world = stage.world
    client = sign_in(world, "helen")
    page = f"/unit/slots/{stage.slot_id}/invite"
    answer = client.post(
        "/lock",
        data={"csrf_token": token(client, page), "next": page, "reason": "Knows the family well."},
        headers={"Referer": f"http://localhost{page}"},
    )
    assert answer.headers["Location"] == f"/locked?next={page}"
    assert row_of(world, client).keyring is None
    assert client.get(page).headers["Location"] == f"/locked?next={page}"
    unlock(client, cast()["helen"].passphrase, page)
    assert "Knows the family well." in text_of(client.get(page))


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/nowhere", "/lock"])
def test_what_comes_with_the_lock_leads_nowhere_else(world: World, where: str) -> None:
    client = sign_in(world, "ruth")
    answer = client.post(
        "/lock", data={"csrf_token": token(client, "/account/"), "next": where, "reason": "x"}
    )
    assert answer.headers["Location"].startswith("/locked?next=/")
    assert "evil" not in answer.headers["Location"]


def test_whoever_left_meanwhile_unlocks_nothing(world: World) -> None:
    client = locked_after_a_while(world)
    remove_person(world.house, world.who("helen"), world.person("ruth").id)
    unlock(client, cast()["ruth"].passphrase)
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


def test_signing_out_from_the_locked_screen_ends_it(world: World) -> None:
    client = locked_after_a_while(world)
    send(client, "/sign-out", form="/locked")
    assert {each.stage for each in rows(world)} == {Stage.ENDED}
    assert client.get("/locked").headers["Location"] == "/"


def dressed_up(world: World) -> dict[str, object]:
    """Half a sign-in, dressed up as a whole one that is locked."""
    now = world.clock.now()
    ends = now + timedelta(hours=8)
    return {
        "stage": Stage.SIGNED_IN, "keyring": None, "factor_at": now, "ends_at": ends,
        "bound": bound_of(Stage.SIGNED_IN, Terms.OWN, now, ends, world.area.id),
    }  # fmt: skip


def test_half_a_sign_in_dressed_up_as_a_locked_one_is_not_believed(world: World) -> None:
    client, ruth = world.client(), cast()["ruth"]
    send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    with tending(world.house) as db:
        db.execute(update(sessions.sessions).values(**dressed_up(world)))
    assert unlock(client, ruth.passphrase).headers["Location"] == "/account/"
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("change", ["ends_at", "factor_at", "terms", "bound", "mark", "person_id"])
def test_a_locked_row_that_was_changed_is_not_believed(world: World, change: str) -> None:
    client = locked_after_a_while(world)
    client.get("/locked")
    later = world.clock.now() + timedelta(days=1)
    values = {
        "ends_at": later, "factor_at": later, "terms": Terms.SHARED, "bound": "anything",
        "mark": bytes(32), "person_id": cast()["joe"].person_id,
    }  # fmt: skip
    with tending(world.house) as db:
        db.execute(update(sessions.sessions).values({change: values[change]}))
    for who in ("ruth", "joe"):
        unlock(client, cast()[who].passphrase)
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


# ---- a computer that others use ----


def shared(world: World, name: str = "ruth") -> FlaskClient:
    client, mine = world.client(), cast()[name]
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    done = send(client, "/sign-in/code", code=world.code(name), shared="y")
    assert done.status_code == 303, text_of(done)
    return client


def test_where_others_use_the_computer_it_ends_after_ten_minutes(world: World) -> None:
    client = shared(world)
    assert client.get("/account/").status_code == 200
    world.clock.advance(SHARED_IDLE)
    assert client.get("/account/").headers["Location"].startswith("/sign-in")
    assert unlock(client, cast()["ruth"].passphrase).headers["Location"] == "/account/"


def test_there_nothing_can_be_changed(world: World) -> None:
    client = shared(world, "helen")
    for path in ("/unit/", "/unit/people/", "/unit/meetings/new", "/unit/disclosures/", "/record/"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "signed in for reading only" in text_of(answer), path


def test_there_papers_can_be_read(stage: Meeting) -> None:
    stage.arrange()
    stage.send()
    stage.accept("ruth")
    client = shared(stage.world)
    grant = stage.grant("ruth")
    assert client.get(f"/papers/{grant.id}").status_code == 200
    opened = send(client, f"/papers/{grant.id}/open", form=f"/papers/{grant.id}")
    assert opened.data.startswith(b"%PDF")


def test_signing_out_there_leaves_nothing_in_the_browser(world: World) -> None:
    client = shared(world)
    assert cookie(client, "device") is None
    answer = send(client, "/sign-out", form="/account/")
    assert answer.headers["Clear-Site-Data"] == '"*"'
    assert [cookie(client, name) for name in ("portal", "left", "device")] == [None] * 3


def test_it_has_no_lock_but_a_way_out(world: World) -> None:
    page = shared(world).get("/account/").get_data(as_text=True)
    assert 'action="/lock"' not in page
    assert 'action="/sign-out" data-lock-after="570"' in page


# ---- signed out by the unit ----


def test_a_coordinator_signs_somebody_out_everywhere(world: World) -> None:
    ruth, helen = sign_in(world, "ruth"), world.client("helen")
    path = f"/unit/people/{cast()['ruth'].person_id}/sessions/end"
    assert "They are signed out." in text_of(
        helen.get(send(helen, path, form="/unit/people/").headers["Location"])
    )
    assert ruth.get("/account/").headers["Location"].startswith("/sign-in")
    assert {each.stage for each in rows(world)} == {Stage.ENDED}


@pytest.mark.parametrize("name", ["priya", "ruth", "sian", "dev", "alan"])
def test_nobody_else_does(world: World, name: str) -> None:
    ruth, client = sign_in(world, "joe"), world.client(name)
    path = f"/unit/people/{cast()['joe'].person_id}/sessions/end"
    assert send(client, path, form="/account/").status_code == 403
    assert ruth.get("/account/").status_code == 200


def test_each_unlocking_and_leaving_stands_in_the_record(stage: Meeting) -> None:
    client = locked_after_a_while(stage.world)
    unlock(client, cast()["ruth"].passphrase)
    stage.world.clock.advance(IDLE)
    send(client, "/sign-out", form="/locked")
    ruth = cast()["ruth"].person_id
    for deed in (Deed.SESSION_REOPENED, Deed.SESSION_CLOSED):
        assert stage.lines(deed.value)[-1]["person"] == ruth


def test_an_account_that_is_no_more_shows_no_lock(world: World) -> None:
    client = locked_after_a_while(world)
    with tending(world.house) as db:
        db.execute(update(people.people).values(account=Account.LEFT))
    assert client.get("/locked").headers["Location"] == "/"


def warned(world: World, name: str = "ruth") -> int:
    return [each.address for each in told(world, "attempts_seen")].count(cast()[name].email)


def test_its_owner_is_told_of_many_tries_at_their_locked_screen(world: World) -> None:
    client = locked_after_a_while(world)
    for _ in range(5):
        unlock(client, "wrong but long enough")
    assert warned(world) == 0
    unlock(client, "wrong but long enough")
    assert warned(world) == 1
    unlock(client, "wrong but long enough")
    assert warned(world) == 1, "one that had to wait was no try"


def test_unlocking_moves_the_keyring_to_the_newest_pepper(world: World) -> None:
    client = locked_after_a_while(world)
    was = world.house.server_keys
    newer = replace(was, peppers={**was.peppers, 2: secrets.token_bytes(32)})
    world.house = replace(world.house, key_source=lambda: newer)
    world.app.extensions["portal"] = replace(world.app.extensions["portal"], house=world.house)
    assert unlock(client, "wrong but long enough").status_code == 200
    assert pepper_of(world) == 1
    assert unlock(client, cast()["ruth"].passphrase).status_code == 303
    assert pepper_of(world) == 2


def pepper_of(world: World, name: str = "ruth") -> int:
    with reading(world.house.engine) as db:
        return keys.unlocks_of(db, cast()[name].person_id)[UnlockKind.PASSPHRASE].pepper_version
