"""What may be uploaded is bounded as it is set, before it is read and while it comes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.documents.limits import MIB, Limits
from portal.web.intake import BESIDE
from tests.web.test_attacks import multipart
from tests.world import World

LIMIT = 3 * MIB
BOUNDARY = "multipart/form-data; boundary=x"


class Drip(io.RawIOBase):
    """A body of so many bytes that tells how many were taken."""

    def __init__(self, size: int) -> None:
        self._head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        self._size = size
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        many = min(len(buffer), 65536, self._size - self.taken)
        piece = (self._head[self.taken : self.taken + many]).ljust(many, b"x")
        buffer[:many] = piece
        self.taken += many
        return many


@pytest.fixture
def app(world: World) -> Flask:
    house = replace(world.house, limits=Limits(bytes=LIMIT))
    return create_app(replace(world.wiring, house=house))


def _client(app: Flask, world: World) -> FlaskClient:
    client = app.test_client()
    world.give_cookie(client, world.begin("helen"))
    return client


def _post(client: FlaskClient, door: str, body: Drip, **told: object) -> TestResponse:
    return client.post(door, content_type=BOUNDARY, environ_overrides={"wsgi.input": body, **told})


def _doors(app: Flask) -> list[str]:
    """Every address that takes what is posted, with something in each of its places."""
    doors = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and rule.endpoint != "check.upload":
                told = dict.fromkeys(rule.arguments, "1")
                built = rule.build(told)
                assert built is not None, rule
                doors.append(built[1])
    return doors


def test_at_every_door_what_says_that_it_is_too_large_is_not_read(app: Flask, world: World) -> None:
    client, doors = _client(app, world), _doors(app)
    assert len(doors) > 100
    for door in doors:
        body = Drip(LIMIT + BESIDE + 1)
        answer = _post(client, door, body, CONTENT_LENGTH=str(LIMIT + BESIDE + 1))
        assert (door, answer.status_code, body.taken) == (door, 413, 0)
    assert "at most 3 MB" in answer.text


@pytest.mark.parametrize("door", ["/practice", "/agency/requests/1/upload", "/record/traces/new"])
def test_what_does_not_say_how_large_it_is_is_cut_where_the_bound_is(
    app: Flask, world: World, door: str
) -> None:
    body = Drip(40 * MIB)
    told = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = _post(_client(app, world), door, body, **told)
    assert answer.status_code == 413
    assert body.taken <= LIMIT + BESIDE + MIB


def test_what_lies_below_the_bound_is_read(app: Flask, world: World) -> None:
    form = multipart(("file", "a.pdf", b"x" * (LIMIT - MIB)))
    answer = _client(app, world).post("/practice", **form)  # type: ignore[arg-type]
    assert answer.status_code == 400  # read, and found without its token
