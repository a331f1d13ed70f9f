"""What tests of the sending doors do with their forms."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.staging import Stage
from tests.web.browsing import text_of


def base(stage: Stage) -> str:
    return f"/unit/slots/{stage.slot_id}"


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, text_of(answer))
    html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "OFFICIAL-SENSITIVE" in answer.get_data(as_text=True) or path == "/unit/waiting"
    return answer.get_data(as_text=True)


def hidden(body: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', body)
    assert found is not None
    return unescape(found[1])


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send the form at `path`, with the hidden fields that stand in it."""
    body = client.get(path).get_data(as_text=True)
    for name in ("digest", "version"):
        if f'name="{name}"' in body:
            fields.setdefault(name, hidden(body, name))
    return client.post(path, data={"csrf_token": hidden(body, "csrf_token"), **fields})
