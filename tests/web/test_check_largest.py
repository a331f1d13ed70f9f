"""Check this computer, with files as large as the portal takes: weighed, dropped, and bounded."""

from __future__ import annotations

import hashlib
import io
import tracemalloc

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import TestResponse

from portal.documents.sample import sample_paper
from portal.identity.throttle import SAMPLES
from portal.web import intake
from portal.web.weighed import Weighed
from tests.web.browsing import text_of, token
from tests.web.test_attacks import multipart
from tests.web.test_check import came, line, sends
from tests.world import World

MB = 1024 * 1024
JSON = {"Accept": "application/json"}


def limit_of(world: World) -> int:
    return world.settings.limits.bytes


def by_script(client: FlaskClient, data: bytes) -> TestResponse:
    crumb = token(client, "/check").encode()
    sent = multipart(("csrf_token", None, crumb), ("file", "size-only.pdf", data))
    sent["headers"] = {**dict(sent.get("headers") or {}), **JSON}  # type: ignore[call-overload]
    return client.post("/check/sent", **sent)  # type: ignore[arg-type]


def test_one_as_large_as_the_portal_takes_comes_through(world: World) -> None:
    client, limit = came(world.client()), limit_of(world)
    answer = by_script(client, b"x" * limit)
    assert (answer.status_code, answer.json) == (200, {"came": limit})
    said = line(client, "Sending a file")
    assert said.startswith("Works.")
    assert f"{limit // MB} MB came here whole: the portal takes none that is larger" in said


def test_without_scripts_a_file_of_ones_own_is_measured(world: World) -> None:
    client = came(world.client())
    assert sends(client, b"x" * (3 * MB), "photo.pdf").headers["Location"] == "/check"
    said = line(client, "Sending a file")
    assert "A file of 3 MB came here whole" in said
    assert f"files of up to {limit_of(world) // MB} MB" in said
    assert "was not seen" in said


def test_a_smaller_one_afterwards_takes_nothing_back(world: World) -> None:
    client = came(world.client())
    sends(client, b"x" * (3 * MB), "photo.pdf")
    sends(client, sample_paper())
    assert "A file of 3 MB" in line(client, "Sending a file")
    by_script(client, b"x")
    assert "A file of 3 MB" in line(client, "Sending a file")


@pytest.mark.parametrize("name", ["sample-paper.pdf", "sample-paper (1).pdf"])
def test_an_altered_sample_is_told_whatever_came_before(world: World, name: str) -> None:
    client = came(world.client())
    sends(client, b"x" * (3 * MB), "photo.pdf")
    sends(client, sample_paper()[:-1], name)
    assert line(client, "Sending a file").startswith("Does not work.")


def test_a_larger_one_is_refused_unread_whoever_sends_it(world: World) -> None:
    too_large = limit_of(world) + intake.BESIDE + 1
    for client in (came(world.client()), world.client("ruth")):
        answer = client.post(
            "/check/sent",
            content_type="multipart/form-data; boundary=x",
            headers={"Content-Length": str(too_large)},
            input_stream=io.BytesIO(b""),
        )
        assert answer.status_code == 413


def test_one_that_does_not_say_how_long_it_is_is_refused_unread(world: World) -> None:
    client = came(world.client())
    answer = client.post("/check/sent", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 413


def test_a_script_is_told_to_try_later(world: World) -> None:
    client = came(world.client())
    for _ in range(SAMPLES):
        assert by_script(client, b"x").json == {"came": 1}
    assert by_script(client, b"x").status_code == 429


def test_nothing_else_than_a_file_counts(world: World) -> None:
    client = came(world.client())
    crumb = token(client, "/check")
    for data in ({"csrf_token": crumb}, {"csrf_token": crumb, "file": "words"}):
        answer = client.post("/check/sent", data=data, headers=JSON)
        assert "Choose the sample paper" in text_of(answer)
    assert line(client, "Sending a file").startswith("Not checked yet.")


@pytest.mark.parametrize("told", ["9" * 12, "-1", "1.5", "\u0661", "", "52428800 ", "<b>"])
def test_a_cookie_of_another_make_says_nothing(world: World, told: str) -> None:
    client = came(world.client())
    with client.session_transaction() as kept:
        kept["check"] = {"sent": told}
    assert line(client, "Sending a file").startswith("Not checked yet.")


def test_what_is_weighed_is_not_kept() -> None:
    piece, many = b"x" * MB, 40
    weighed = Weighed(many * MB)
    tracemalloc.start()
    for _ in range(many):
        weighed.write(piece)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MB
    assert weighed.size == many * MB
    assert weighed.sha256() == hashlib.sha256(piece * many).hexdigest()
    assert weighed.getvalue() == b""
    with pytest.raises(RequestEntityTooLarge):
        weighed.write(b"x")
