"""What tests of doors do with a page: its token, its words, posting its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def words_of(response: TestResponse) -> str:
    """The text of a page as a person reads it: no tags, single spaces."""
    text = re.sub(
        r"<(script|style|title).*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def token(client: FlaskClient) -> str:
    """The token that the forms of this browser carry."""
    found = _TOKEN.search(client.get("/").get_data(as_text=True))
    assert found is not None
    return found[1]


def post(
    client: FlaskClient, path: str, fields: Mapping[str, Any] | None = None, **options: Any
) -> TestResponse:
    """Post a form with its token."""
    return client.post(path, data={"csrf_token": token(client), **(fields or {})}, **options)
