"""Signing in and out through the browser."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.world import World


def token(client: FlaskClient, path: str) -> str:
    """The token of the form at `path`."""
    text = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None, text
    return found[1]


def send(client: FlaskClient, path: str, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, data={"csrf_token": token(client, path), **fields})


def test_a_person_signs_in_and_out(world: World) -> None:
    client = world.client()
    ruth = world.secrets("ruth")
    half = send(client, "/sign-in?next=/account/", email=ruth.email, passphrase=ruth.passphrase)
    assert half.status_code == 303, half.get_data(as_text=True)
    assert half.headers["Location"] == "/sign-in/code?next=/account/"
    done = send(client, half.headers["Location"], code=world.code("ruth"))
    assert done.status_code == 303, done.get_data(as_text=True)
    assert done.headers["Location"] == "/account/"
