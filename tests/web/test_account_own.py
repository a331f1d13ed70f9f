"""One's own account: what protects it, and changing it only with an unused code."""

from __future__ import annotations

import re

import pytest

from portal.domain.deeds import Deed
from portal.ledger import book
from portal.records import factors
from portal.records.database import reading
from tests.web.browsing import cookie, send, sign_in, text_of
from tests.world import World, cast

NEW = "otter lantern gravel pepper sunday"


def change(world: World, client, **other: str):  # type: ignore[no-untyped-def]
    fields = {
        "passphrase": cast()["ruth"].passphrase,
        "new_passphrase": NEW,
        "code": world.code("ruth"),
        **other,
    }
    return send(client, "/account/passphrase", **fields)


def test_the_account_shows_its_key_and_who_confirmed_it(world: World) -> None:
    said = text_of(world.client("ruth").get("/account/"))
    assert "Confirmed by Helen Marsh" in said
    assert "3 left" in said
    assert "Not confirmed yet" in text_of(world.client("una").get("/account/"))


def test_changing_the_passphrase_ends_every_other_session(world: World) -> None:
    here, there = world.client("ruth"), world.client("ruth")
    assert change(world, here).headers["Location"] == "/account/"
    assert "passphrase has changed" in text_of(here.get("/account/"))
    assert there.get("/account/").status_code == 302
    done = send(world.client(), "/sign-in", email=cast()["ruth"].email, passphrase=NEW)
    assert done.status_code == 303
    with reading(world.house.engine) as db:
        assert book.newest_of(db, world.area.id, Deed.PASSPHRASE_CHANGED.value) is not None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"passphrase": "not the one that is"}, "not your present passphrase"),
        ({"code": "000000"}, "not right"),
        ({"code": ""}, "Enter a code:"),
        ({"new_passphrase": "short"}, "too short"),
        ({"new_passphrase": "Ruth Okell Ruth Okell"}, "There is a problem"),
    ],
)
def test_nothing_changes_unless_all_is_right(
    world: World, wrong: dict[str, str], words: str
) -> None:
    client = world.client("ruth")
    assert words in text_of(change(world, client, **wrong))
    sign_in(world, "ruth")


def test_new_backup_codes_end_the_old_ones(world: World) -> None:
    client = world.client("ruth")
    done = send(client, "/account/backup-codes", code=world.code("ruth"))
    assert done.headers["Location"] == "/account/codes"
    page = client.get("/account/codes").get_data(as_text=True)
    shown = re.findall(r"<li>((?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})</li>", page)
    assert len(shown) == 10
    assert send(client, "/account/codes").headers["Location"] == "/account/"
    with reading(world.house.engine) as db:
        kept = factors.backup_codes_of(db, cast()["ruth"].person_id)
    assert len(kept) == 10
    half = world.client()
    ruth = cast()["ruth"]
    send(half, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert send(half, "/sign-in/code", code=ruth.backup_codes[1]).status_code == 200
    assert send(half, "/sign-in/code", code=shown[0]).status_code == 303


def test_new_backup_codes_want_an_unused_code(world: World) -> None:
    client, code = world.client("ruth"), world.code("ruth")
    assert send(client, "/account/backup-codes", code=code).status_code == 303
    answer = send(client, "/account/backup-codes", code=code)
    assert "has been used" in text_of(answer)


def test_only_their_owner_is_shown_new_codes(world: World) -> None:
    send(world.client("ruth"), "/account/backup-codes", code=world.code("ruth"))
    assert world.client("joe").get("/account/codes").headers["Location"] == "/account/"
    with world.house.engine.begin() as db:
        sealed = db.exec_driver_sql("SELECT sealed FROM drafts").scalar_one()
    assert bytes(sealed).startswith(b"age-encryption.org/v1")


def test_other_sessions_can_be_ended_and_other_people_s_cannot(world: World) -> None:
    here, there, joe = world.client("ruth"), world.client("ruth"), world.client("joe")
    ended = re.findall(r"/account/sessions/([0-9a-f]{64})/end", here.get("/account/").text)
    assert len(ended) == 1
    refused = send(joe, f"/account/sessions/{ended[0]}/end", form="/account/")
    assert refused.status_code == 404
    assert there.get("/account/").status_code == 200
    assert send(here, f"/account/sessions/{ended[0]}/end", form="/account/").status_code == 303
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_all_other_sessions_end_at_once(world: World) -> None:
    here, others = world.client("ruth"), [world.client("ruth") for _ in range(3)]
    send(here, "/account/sessions/end", form="/account/")
    assert [other.get("/account/").status_code for other in others] == [302, 302, 302]
    assert here.get("/account/").status_code == 200


def test_a_session_that_is_no_number_is_not_there(world: World) -> None:
    answer = send(world.client("ruth"), "/account/sessions/xyz/end", form="/account/")
    assert answer.status_code == 404
    assert "Ring 01632 960 000" in text_of(answer)


def test_the_practice_paper_wants_a_post(world: World) -> None:
    client = world.client("ruth")
    assert client.get("/practice").mimetype == "text/html"
    answer = send(client, "/practice")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert cookie(client) is not None
