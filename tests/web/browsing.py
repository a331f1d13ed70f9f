"""Small things a browser does, for tests of the doors."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import World, cast


def token(client: FlaskClient, path: str) -> str:
    """The token of a form on the page at `path`; empty where there is none."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    return unescape(found[1]) if found else ""


def send(client: FlaskClient, path: str, form: str | None = None, **fields: object) -> TestResponse:
    """Open the page of a form (`form`, or `path` itself), then send it to `path`."""
    return client.post(path, data={"csrf_token": token(client, form or path), **fields})


def text_of(answer: TestResponse) -> str:
    """The page as a person reads it: no tags, entities resolved, spaces single."""
    body = answer.get_data(as_text=True)
    main = re.search(r"<main.*?</main>", body, re.DOTALL)
    stripped = re.sub(r"<[^>]+>", " ", main[0] if main else body)
    return " ".join(unescape(stripped).split())


def sign_in(world: World, name: str, client: FlaskClient | None = None) -> FlaskClient:
    """The whole real way in: passphrase, then a code."""
    client = client or world.client()
    mine = cast()[name]
    half = send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    assert half.status_code == 303, text_of(half)
    done = send(client, "/sign-in/code", code=world.code(name))
    assert done.status_code == 303, text_of(done)
    return client


def cookie(client: FlaskClient, name: str = "portal") -> str | None:
    """The value of a cookie this browser holds."""
    found = client.get_cookie(name, domain="localhost", path="/")
    return None if found is None else found.value
