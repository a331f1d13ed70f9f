"""Cookies where browsers come by https: bound to this host, unseen by scripts, never forged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import create_app
from portal.domain.people import Role
from portal.web.current import decode, encode
from portal.web.menu import links
from tests.web.browsing import text_of, token
from tests.world import World, cast

BASE = "https://portal.northmere.example"


@pytest.fixture
def behind_tls(world: World) -> FlaskClient:
    """A browser that comes by https."""
    settings = replace(world.settings, base_url=BASE)
    app: Flask = create_app(replace(world.wiring, settings=settings))
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return client


def sign_in(world: World, client: FlaskClient) -> list[str]:
    """The cookies that a whole sign-in sets."""
    ruth = cast()["ruth"]
    set_: list[str] = []
    steps = [
        ("/sign-in", {"email": ruth.email, "passphrase": ruth.passphrase}),
        ("/sign-in/code", {"code": world.code("ruth")}),
    ]
    for path, fields in steps:
        page = client.get(path, base_url=BASE)
        set_ += page.headers.getlist("Set-Cookie")
        crumb = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = client.post(
            path,
            data={"csrf_token": crumb, **fields},
            base_url=BASE,
            headers={"Referer": BASE + path},
        )
        assert answer.status_code == 303, text_of(answer)
        set_ += answer.headers.getlist("Set-Cookie")
    return set_


def test_every_cookie_is_bound_to_the_host_and_unseen_by_scripts(
    world: World, behind_tls: FlaskClient
) -> None:
    given = [line for line in sign_in(world, behind_tls) if "Max-Age=0" not in line]
    names = {line.split("=", 1)[0] for line in given}
    assert names == {"__Host-portal", "__Host-csrf", "__Host-device"}
    for line in given:
        assert "; Secure" in line, line
        assert "; HttpOnly" in line, line
        assert "; SameSite=Lax" in line, line
        assert "; Path=/" in line, line
        assert "Domain=" not in line, line


def test_a_cookie_without_the_prefix_counts_for_nothing(
    world: World, behind_tls: FlaskClient
) -> None:
    secret = world.begin("helen")
    behind_tls.set_cookie("portal", encode(secret), domain="portal.northmere.example")
    assert behind_tls.get("/account/", base_url=BASE).status_code == 302


def test_a_form_that_names_no_page_of_ours_is_refused(
    world: World, behind_tls: FlaskClient
) -> None:
    page = behind_tls.get("/sign-in", base_url=BASE)
    crumb = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = behind_tls.post("/sign-in", data={"csrf_token": crumb}, base_url=BASE)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "A" * 42,
        "A" * 44,
        "=" * 43,
        "A" * 42 + "B",
        "é" * 43,
        "A" * 42 + "+",
        " " + "A" * 42,
    ],
)
def test_only_the_one_spelling_of_a_secret_is_read(text: str) -> None:
    assert decode(text) is None


def test_a_secret_is_read_as_it_was_written() -> None:
    for byte in (0, 7, 255):
        assert decode(encode(bytes([byte]) * 32)) == bytes([byte]) * 32


OPEN = "/accessibility /cookies /protects /recover /join/again /signed-out /sign-in"


@pytest.mark.parametrize("path", OPEN.split())
def test_open_pages_are_open_and_keep_nobody_s_session(world: World, path: str) -> None:
    client = world.client()
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.text
    assert client.get_cookie("portal") is None


def test_somebody_signed_in_is_not_asked_again(world: World) -> None:
    client = world.client("ruth")
    assert client.get("/sign-in").headers["Location"] == "/"
    assert token(client, "/account/")


def test_the_menu_shows_only_what_the_roles_reach() -> None:
    reached = {role: {item["href"] for item in links(frozenset({role}), "/")} for role in Role}
    assert "/unit/" in reached[Role.ADMINISTRATOR]
    assert "/unit/disclosures/" not in reached[Role.ADMINISTRATOR]
    assert "/record/" in reached[Role.AUDITOR]
    assert reached[Role.ATTENDEE] <= {"/", "/account/"}
    assert "/operator/" in reached[Role.OPERATOR]
    current = [item["href"] for item in links(frozenset({Role.COORDINATOR}), "/unit/cases/abc")
               if item["current"]]  # fmt: skip
    assert current == ["/unit/cases/"]
