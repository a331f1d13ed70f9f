"""One's second factors: added with a fresh code and proved, taken away, never the last one."""

from __future__ import annotations

import re
from datetime import timedelta

import mintotp
import pytest
from flask.testing import FlaskClient

from portal.domain.deeds import Deed
from portal.ledger import book, leaf
from portal.records import cards, generators, outbox
from portal.records.database import reading
from tests.web.browsing import send, sign_in, text_of
from tests.world import World, cast

SEED = "3132333435363738393031323334353637383930"
SEED_BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def begin(world: World, client: FlaskClient, kind: str, query: str = "", **other: str) -> str:
    """Begin to add one; returns the path of the page that sets it up."""
    fields = {"kind": kind, "name": "On my keys", "code": world.code("ruth"), **other}
    answer = send(client, f"/account/factors/add{query}", **fields)
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["Location"]


def now_code(world: World, seed: str = SEED_BASE32, period: int = 30) -> str:
    return str(mintotp.hotp(seed, int(world.clock.now().timestamp()) // period))


def app_of(client: FlaskClient, path: str) -> str:
    found = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", text_of(client.get(path)))
    assert found is not None
    return found[1].replace(" ", "")


def card_of(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>", client.get(path).text)


def add_fob(world: World, client: FlaskClient) -> None:
    world.clock.advance(timedelta(seconds=1))  # younger than the one from joining: listed after it
    path = begin(world, client, "key_fob")
    done = send(client, path, seed=SEED, moves="time", code=now_code(world))
    assert done.headers.get("Location") == "/account/", text_of(done)


def half_way(world: World) -> FlaskClient:
    client, mine = world.client(), cast()["ruth"]
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    return client


def proved(world: World) -> list[str]:
    with reading(world.house.engine) as db:
        mine = cast()["ruth"].person_id
        apps = [each.id for each in generators.of_person(db, mine) if each.proved_at]
        return apps + [card.id for card in cards.of_person(db, mine) if card.proved_at]


def factor_ids(client: FlaskClient) -> list[str]:
    return re.findall(r"/account/factors/([a-z2-7]+)/remove", client.get("/account/").text)


def test_a_second_code_app_signs_in_beside_the_first(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "code_app", name="Tablet")
    seed = app_of(client, path)
    assert send(client, path, code=now_code(world, seed)).headers["Location"] == "/account/"
    assert "Tablet" in text_of(client.get("/account/"))
    world.clock.advance(timedelta(seconds=30))
    assert send(half_way(world), "/sign-in/code", code=now_code(world, seed)).status_code == 303
    sign_in(world, "ruth")


def test_what_is_not_proved_counts_for_nothing(world: World) -> None:
    client = world.client("ruth")
    seed = app_of(client, begin(world, client, "code_app"))
    world.clock.advance(timedelta(seconds=30))
    said = text_of(send(half_way(world), "/sign-in/code", code=now_code(world, seed)))
    assert "not right" in said
    assert len(factor_ids(client)) == 1


@pytest.mark.parametrize("period", [30, 60])
def test_a_fob_is_set_up_by_its_seed_and_one_code(world: World, period: int) -> None:
    client = world.client("ruth")
    path = begin(world, client, "key_fob")
    code = now_code(world, period=period)
    assert send(client, path, seed=SEED, moves="time", code=code).status_code == 303
    # The code that proved it is spent by that.
    assert "has been used" in text_of(send(half_way(world), "/sign-in/code", code=code))
    world.clock.advance(timedelta(seconds=period))
    later = now_code(world, period=period)
    assert send(half_way(world), "/sign-in/code", code=later).status_code == 303


def test_a_fob_that_counts_presses(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "key_fob")
    pressed = [str(mintotp.hotp(SEED_BASE32, place)) for place in range(60)]
    done = send(client, path, seed=SEED_BASE32, moves="press", code=pressed[40])
    assert done.status_code == 303, text_of(done)
    assert "Press your fob" in text_of(send(half_way(world), "/sign-in/code", code=pressed[40]))
    assert "not right" in text_of(send(half_way(world), "/sign-in/code", code=pressed[39]))
    assert send(half_way(world), "/sign-in/code", code=pressed[45]).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seed": "not a seed"}, "no seed of a key-fob"),
        ({"seed": "41" * 20}, "does not go with that seed"),
        ({"code": "abcdef"}, "does not go with that seed"),
        ({"code": ""}, "There is a problem"),
        ({"moves": ""}, "Choose when"),
        ({"moves": "never"}, "There is a problem"),
    ],
)
def test_a_wrong_fob_is_not_kept(world: World, wrong: dict[str, str], words: str) -> None:
    client = world.client("ruth")
    path = begin(world, client, "key_fob")
    fields = {"seed": SEED, "moves": "time", "code": now_code(world), **wrong}
    assert words in text_of(send(client, path, **fields))
    assert len(proved(world)) == 1


def test_a_card_is_printed_proved_and_used_up_code_by_code(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "code_card", name="Locker")
    codes = card_of(client, path)
    assert len(set(codes)) == 40
    assert send(client, path, code=codes[0]).headers["Location"] == "/account/"
    assert client.get(path).status_code == 404, "the codes are shown no more"
    said = text_of(client.get("/account/"))
    assert "39 codes left; the next is number 2" in said
    half = half_way(world)
    assert "Locker: the next code is number 2." in text_of(half.get("/sign-in/code"))
    assert "has been used" in text_of(send(half, "/sign-in/code", code=codes[0]))
    typed = codes[1].lower().replace("-", " ")
    assert send(half, "/sign-in/code", code=typed).status_code == 303
    assert "has been used" in text_of(send(half_way(world), "/sign-in/code", code=codes[1]))
    with reading(world.house.engine) as db:
        opened = book.newest_of(db, world.area.id, Deed.SESSION_OPENED.value)
        assert opened is not None
        assert leaf.decode(opened.leaf)["factor"] == "code_card"


def test_a_card_not_proved_counts_for_nothing(world: World) -> None:
    client = world.client("ruth")
    codes = card_of(client, begin(world, client, "code_card"))
    assert "not right" in text_of(send(half_way(world), "/sign-in/code", code=codes[3]))


def test_codes_of_a_card_lie_nowhere_in_the_clear(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "code_card", name="Zanzibar locker")
    codes = card_of(client, path)
    world.house.engine.dispose()
    image = b"".join(file.read_bytes() for file in world.folder.glob("portal.db*"))
    for code in codes:
        for spelt in (code, code.replace("-", ""), code.lower()):
            assert spelt.encode() not in image
    assert b"Zanzibar" not in image


def test_the_last_one_is_never_taken_away(world: World) -> None:
    client = world.client("ruth")
    (only,) = factor_ids(client)
    code = world.code("ruth")
    said = text_of(send(client, f"/account/factors/{only}/remove", code=code))
    assert "last one" in said
    assert proved(world) == [only]
    # Refused before the code was spent.
    assert send(half_way(world), "/sign-in/code", code=code).status_code == 303


def test_a_card_without_codes_does_not_count_as_another(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "code_card")
    send(client, path, code=card_of(client, path)[0])
    app, card = proved(world)
    with world.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE card_codes SET used_at = '2026-05-04 09:00:00.000000'")
    said = text_of(send(client, f"/account/factors/{app}/remove", code=world.code("ruth")))
    assert "last one" in said
    answer = send(client, f"/account/factors/{card}/remove", code=world.code("ruth"))
    assert answer.status_code == 303


def test_taking_one_away_ends_its_codes_and_every_other_session(world: World) -> None:
    client, there = world.client("ruth"), world.client("ruth")
    add_fob(world, client)
    app, _fob = factor_ids(client)
    answer = send(client, f"/account/factors/{app}/remove", code=world.code("ruth"))
    assert answer.headers["Location"] == "/account/"
    assert there.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert "not right" in text_of(send(half_way(world), "/sign-in/code", code=world.code("ruth")))
    world.clock.advance(timedelta(seconds=60))
    assert send(half_way(world), "/sign-in/code", code=now_code(world)).status_code == 303
    with reading(world.house.engine) as db:
        line = book.newest_of(db, world.area.id, Deed.FACTOR_CHANGED.value)
        told = [n.address for n in outbox.due(db, world.clock.now(), 300)
                if n.letter == "factor_changed"]  # fmt: skip
    assert line is not None
    assert leaf.decode(line.leaf)["change"] == "removed"
    assert told == [cast()["ruth"].email] * 2


def test_a_lost_telephone_is_replaced_with_a_backup_code(world: World) -> None:
    client = half_way(world)
    backup = cast()["ruth"].backup_codes
    assert send(client, "/sign-in/code", code=backup[0]).status_code == 303
    (lost,) = factor_ids(client)
    path = begin(world, client, "code_app", f"?instead={lost}", code=backup[1])
    assert proved(world) == [lost], "it counts until the new one is proved"
    seed = app_of(client, path)
    assert send(client, path, code=now_code(world, seed)).status_code == 303
    assert lost not in proved(world)
    assert len(proved(world)) == 1
    assert "not right" in text_of(send(half_way(world), "/sign-in/code", code=world.code("ruth")))


@pytest.mark.parametrize("wrong", ["", "000000", "spent"])
def test_nothing_is_begun_without_a_fresh_code(world: World, wrong: str) -> None:
    client, code = world.client("ruth"), world.code("ruth")
    if wrong == "spent":
        send(client, "/account/backup-codes", code=code)
    typed = code if wrong == "spent" else wrong
    answer = send(client, "/account/factors/add", kind="code_app", name="Tablet", code=typed)
    assert "There is a problem" in text_of(answer)
    assert "Tablet" in answer.text, "what was typed is still there"
    with reading(world.house.engine) as db:
        assert len(generators.of_person(db, cast()["ruth"].person_id)) == 1


@pytest.mark.parametrize(
    "wrong", [{"kind": "passkey"}, {"kind": ""}, {"name": ""}, {"name": "x" * 41}, {"name": " "}]
)
def test_a_wrong_form_begins_nothing(world: World, wrong: dict[str, str]) -> None:
    client = world.client("ruth")
    fields = {"kind": "code_app", "name": "Tablet", "code": world.code("ruth"), **wrong}
    assert "There is a problem" in text_of(send(client, "/account/factors/add", **fields))


def test_ten_minutes_after_the_code_it_is_begun_again(world: World) -> None:
    client = world.client("ruth")
    path = begin(world, client, "code_app")
    seed = app_of(client, path)
    world.clock.advance(timedelta(minutes=10, seconds=1))
    assert "took too long" in text_of(send(client, path, code=now_code(world, seed)))
    assert len(proved(world)) == 1


def test_nobody_may_have_more_than_five_of_a_kind(world: World) -> None:
    client = world.client("ruth")
    for _ in range(4):
        path = begin(world, client, "code_app")
        world.clock.advance(timedelta(seconds=30))
        send(client, path, code=now_code(world, app_of(client, path)))
    fields = {"kind": "code_app", "name": "Sixth", "code": world.code("ruth")}
    assert "five of these" in text_of(send(client, "/account/factors/add", **fields))


def test_another_persons_factors_do_not_exist(world: World) -> None:
    ruth, joe = world.client("ruth"), world.client("joe")
    path = begin(world, ruth, "code_app")
    (own,) = factor_ids(ruth)
    for tried in (path, f"/account/factors/{own}/remove", "/account/factors/nothing/set-up"):
        assert joe.get(tried).status_code == 404
        answer = send(joe, tried, form="/account/backup-codes", code=world.code("joe"))
        assert answer.status_code == 404
    answer = send(joe, f"/account/factors/add?instead={own}", kind="code_app", name="x",
                  code=world.code("joe"))  # fmt: skip
    assert answer.status_code == 404
    assert proved(world) == [own]


def test_a_new_recovery_code_ends_the_old_one(world: World) -> None:
    client = world.client("ruth")
    send(client, "/account/recovery-code", code=world.code("ruth"))
    shown = re.findall(r"<li>([0-9A-Z]{4})</li>", client.get("/account/codes").text)
    assert len(shown) == 9
    assert send(client, "/account/codes", group=shown[3]).headers["Location"] == "/account/"
    mine = cast()["ruth"]
    old = send(world.client(), "/recover", email=mine.email, recovery_code=mine.recovery_code)
    assert old.status_code == 200
    new = send(world.client(), "/recover", email=mine.email, recovery_code="-".join(shown))
    assert new.status_code == 303


def test_the_page_for_what_is_lost_has_a_way_on_for_each(world: World) -> None:
    client = world.client("ruth")
    add_fob(world, client)
    answer = client.get("/account/lost")
    said = text_of(answer)
    for words in (
        "Telephone",
        "On my keys",
        "Backup codes",
        "Recovery code",
        "Ring the MAPPA unit",
    ):
        assert words in said
    for path in re.findall(r'href="(/account/[^"]+)"', answer.text):
        assert client.get(path.replace("&amp;", "&")).status_code == 200, path


def test_a_seed_moved_to_another_row_makes_no_codes(world: World) -> None:
    client = world.client("ruth")
    add_fob(world, client)
    with world.house.engine.begin() as db:
        db.exec_driver_sql(
            "UPDATE generators SET secret = (SELECT secret FROM generators WHERE kind='key_fob')"
        )
    world.clock.advance(timedelta(seconds=30))
    assert send(half_way(world), "/sign-in/code", code=now_code(world)).status_code >= 400
