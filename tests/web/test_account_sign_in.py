"""Signing in and out: codes once, equal answers, a new session at each stage."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from portal.crypto import unlock
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.signing_in import unlocking
from portal.records import generators, security_log, sessions
from portal.records.database import reading
from portal.records.sessions import Stage
from tests.web.browsing import cookie, send, sign_in, text_of, token
from tests.world import World, cast, code_at

WRONG = "That e-mail address, passphrase or code is not right."


def half_way(world: World, name: str = "ruth"):  # type: ignore[no-untyped-def]
    client = world.client()
    mine = cast()[name]
    answer = send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    assert answer.status_code == 303, text_of(answer)
    return client


def test_a_person_signs_in_goes_where_they_were_going_and_out(world: World) -> None:
    client, ruth = world.client(), cast()["ruth"]
    sent = client.get("/account/")
    assert sent.headers["Location"] == "/sign-in?next=/account/"
    half = send(client, "/sign-in?next=/account/", email=ruth.email, passphrase=ruth.passphrase)
    assert half.headers["Location"] == "/sign-in/code?next=/account/"
    done = send(client, half.headers["Location"], code=world.code("ruth"))
    assert done.headers["Location"] == "/account/"
    assert "Ruth Okell" in client.get("/account/").get_data(as_text=True)
    out = send(client, "/sign-out", form="/account/")
    assert out.headers["Location"] == "/signed-out"
    assert "cache" in out.headers["Clear-Site-Data"]
    assert client.get("/account/").headers["Location"].startswith("/sign-in")


def test_a_backup_code_signs_in_once(world: World) -> None:
    code = cast()["ruth"].backup_codes[0]
    client = half_way(world)
    assert send(client, "/sign-in/code", code=code.lower()).status_code == 303
    second = half_way(world)
    assert "has been used" in text_of(send(second, "/sign-in/code", code=code))
    assert second.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "spelt",
    ["{0}", " {0} ", "{1} {2}", "+{0}", "0{0}", "{0}\t", "{3}", "{0}.0", "{1}-{2}", "{0}\u00a0"],
)
def test_a_code_is_good_once_however_it_is_spelt(world: World, spelt: str) -> None:
    code = world.code("ruth")
    assert send(half_way(world), "/sign-in/code", code=code).status_code == 303
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code)
    again = half_way(world)
    answer = send(again, "/sign-in/code", code=spelt.format(code, code[:3], code[3:], wide))
    assert answer.status_code == 200
    assert again.get("/account/").status_code == 302


def test_of_parallel_tries_with_one_code_one_succeeds(world: World) -> None:
    clients = [half_way(world) for _ in range(4)]
    crumbs = [token(client, "/sign-in/code") for client in clients]
    code, start, codes = world.code("ruth"), threading.Barrier(4), []

    def press(index: int) -> None:
        start.wait()
        answer = clients[index].post(
            "/sign-in/code", data={"csrf_token": crumbs[index], "code": code}
        )
        codes.append(answer.status_code)

    threads = [threading.Thread(target=press, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 200, 200, 303]


@pytest.mark.parametrize("drift", [-2, 2, 10])
def test_only_the_documented_drift_passes(world: World, drift: int) -> None:
    code = code_at(cast()["ruth"].totp_secret, world.clock.now() + timedelta(seconds=30 * drift))
    assert send(half_way(world), "/sign-in/code", code=code).status_code == 200


@pytest.mark.parametrize("path", ["/account/", "/practice", "/account/passphrase", "/join/codes"])
def test_a_passphrase_alone_reaches_nothing(world: World, path: str) -> None:
    client = half_way(world)
    answer = client.get(path)
    assert answer.status_code == 302
    posted = send(client, path, form="/sign-in/code")
    assert posted.status_code in (302, 404, 405)


def test_every_stage_has_its_own_cookie_and_earlier_ones_are_dead(world: World) -> None:
    client = world.client()
    client.set_cookie("portal", "A" * 43, domain="localhost", path="/")
    ruth = cast()["ruth"]
    send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    first = cookie(client)
    assert first != "A" * 43
    send(client, "/sign-in/code", code=world.code("ruth"))
    second = cookie(client)
    assert second not in (None, first)
    thief = world.client()
    thief.set_cookie("portal", first or "", domain="localhost", path="/")
    assert thief.get("/account/").status_code == 302
    assert thief.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_a_cookie_is_dead_after_sign_out(world: World) -> None:
    client = sign_in(world, "ruth")
    kept = cookie(client)
    send(client, "/sign-out", form="/account/")
    thief = world.client()
    thief.set_cookie("portal", kept or "", domain="localhost", path="/")
    answer = thief.get("/account/")
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"


def test_sessions_end_when_idle_and_after_their_whole_time(world: World) -> None:
    client = world.client("ruth")
    world.clock.advance(timedelta(minutes=29))
    assert client.get("/account/").status_code == 200
    world.clock.advance(timedelta(minutes=30))
    assert client.get("/account/").status_code == 302
    other = world.client("ruth")
    for _ in range(16):
        world.clock.advance(timedelta(minutes=29))
        other.get("/account/")
    assert other.get("/account/").status_code == 200
    world.clock.advance(timedelta(minutes=16))
    assert other.get("/account/").status_code == 302


def test_a_row_that_was_given_more_time_opens_nothing(world: World) -> None:
    client = world.client("ruth")
    with world.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE sessions SET ends_at = '2027-01-01 00:00:00'")
    assert client.get("/account/").status_code == 302


def test_whoever_leaves_is_out_at_once(world: World) -> None:
    client, half = world.client("joe"), half_way(world, "joe")
    remove_person(world.house, world.who("helen"), cast()["joe"].person_id)
    assert client.get("/account/").status_code == 302
    assert send(half, "/sign-in/code", form="/sign-in", code=world.code("joe")).status_code == 302
    answer = send(
        world.client(), "/sign-in", email=cast()["joe"].email, passphrase=cast()["joe"].passphrase
    )
    assert WRONG in text_of(answer)


def test_known_unknown_invited_and_gone_get_one_answer_at_one_price(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove_person(world.house, world.who("helen"), cast()["joe"].person_id)
    runs: list[str] = []
    real = unlock.from_passphrase

    def counted(*given, **named):  # type: ignore[no-untyped-def]
        runs.append("argon2")
        return real(*given, **named)

    monkeypatch.setattr(unlocking, "from_passphrase", counted)
    emails = [cast()[name].email for name in ("ruth", "joe", "newcomer")]
    texts = set()
    for email in [*emails, "nobody@northmere.example", "not an address"]:
        runs.clear()
        answer = send(world.client(), "/sign-in", email=email, passphrase="wrong wrong wrong wrong")
        assert answer.status_code == 200
        assert len(runs) == 1
        texts.add(text_of(answer))
        assert cookie(world.client()) is None
    assert texts == {text_of(answer)}
    assert WRONG in text_of(answer)


def test_guessing_is_slowed_for_an_unknown_browser_and_not_for_a_known_one(world: World) -> None:
    owner = sign_in(world, "ruth")
    send(owner, "/sign-out", form="/account/")
    stranger = world.client()
    for _ in range(6):
        send(stranger, "/sign-in", email=cast()["ruth"].email, passphrase="wrong wrong wrong")
    answer = send(
        stranger, "/sign-in", email=cast()["ruth"].email, passphrase=cast()["ruth"].passphrase
    )
    assert "Too many tries" in text_of(answer)
    sign_in(world, "ruth", owner)


def test_unknown_people_are_slowed_the_same_way(world: World) -> None:
    stranger = world.client()
    for _ in range(6):
        send(stranger, "/sign-in", email="nobody@northmere.example", passphrase="wrong")
    answer = send(stranger, "/sign-in", email="nobody@northmere.example", passphrase="wrong")
    assert "Too many tries" in text_of(answer)


def test_a_right_passphrase_with_wrong_codes_counts_as_failures(world: World) -> None:
    client = half_way(world)
    for _ in range(7):
        answer = send(client, "/sign-in/code", code="000000")
    assert "Too many wrong codes" in text_of(answer)


def test_attempts_are_counted_without_an_address(world: World) -> None:
    send(world.client(), "/sign-in", email=cast()["ruth"].email, passphrase="wrong wrong wrong")
    client = world.client()
    client.set_cookie("portal", "A" * 43, domain="localhost", path="/")
    client.get("/account/")
    with reading(world.house.engine) as db:
        kinds = {
            row.kind: row.source
            for row in security_log.since(db, world.clock.now().replace(minute=0))
        }
    assert {"sign_in", "session"} <= set(kinds)
    assert all("127.0.0.1" not in source and len(source) == 64 for source in kinds.values())


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "/%0d%0aSet-Cookie:x", "http:evil", "/\tevil", "/ evil", "", "evil",
     "/sign-out", "///evil.example", "/.//evil.example"],
)  # fmt: skip
def test_next_never_leads_elsewhere(world: World, there: str) -> None:
    client = world.client("ruth")
    answer = client.get("/sign-in", query_string={"next": there})
    place = answer.headers["Location"]
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))
    assert "\r" not in place
    assert "\n" not in place
    assert "evil.example" not in place or place.startswith("/.")


def test_nobody_signs_in_by_the_framework_s_own_cookies(world: World) -> None:
    client = world.client()
    with client.session_transaction() as forged:
        forged["_user_id"] = cast()["helen"].person_id
        forged["_fresh"] = True
    client.set_cookie("remember_token", f"{cast()['helen'].person_id}|x", domain="localhost")
    assert client.get("/account/").status_code == 302


def test_the_session_row_says_the_factor_s_time_only_when_signed_in(world: World) -> None:
    client = half_way(world)
    assert client.get("/sign-in/code").status_code == 200
    with reading(world.house.engine) as db:
        rows = sessions.of_person(db, cast()["ruth"].person_id)
        assert [row.factor_at for row in rows if row.stage is Stage.PASSPHRASE] == [None]
        assert len(generators.of_person(db, cast()["ruth"].person_id)) == 1
