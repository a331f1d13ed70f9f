"""Every answer carries the headers, and requests of other sites are turned away."""

from __future__ import annotations

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from portal.web import look
from portal.web.headers import HEADERS, protect


def site(tls: bool) -> FlaskClient:
    app = Flask("portal", static_folder=None)
    protect(app, tls=tls)
    look.dress(app)
    app.add_url_rule("/", view_func=lambda: "a page", endpoint="page", methods=["GET", "POST"])
    app.add_url_rule("/refused", view_func=lambda: abort(403), endpoint="refused")
    app.add_url_rule("/broken", view_func=lambda: str(1 // 0), endpoint="broken")
    cached = {"Cache-Control": "public, max-age=60", "ETag": '"x"', "Content-Security-Policy": "x"}
    app.add_url_rule("/loose", view_func=lambda: Response("x", headers=cached), endpoint="loose")
    return app.test_client()


@pytest.fixture
def client() -> FlaskClient:
    return site(tls=False)


@pytest.mark.parametrize("path", ["/", "/refused", "/broken", "/loose", "/nowhere", "/static/x"])
def test_every_answer_is_protected_and_kept_nowhere(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == dict(HEADERS)
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert "ETag" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    for loose in ("unsafe", "*", "http", "nonce", "blob:"):
        assert loose not in policy


@pytest.mark.parametrize("path", ["built/current", "../look.py", "built/../../look.py"])
def test_only_built_files_are_kept_by_browsers(client: FlaskClient, path: str) -> None:
    with client.get(f"/static/{path}") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("tls", [True, False])
def test_https_is_asked_for_only_where_it_is_there(tls: bool) -> None:
    assert ("Strict-Transport-Security" in site(tls).get("/").headers) is tls


@pytest.mark.parametrize("from_where", ["cross-site", "same-site", "CROSS-SITE", "", "unheard-of"])
def test_another_sites_form_is_refused(client: FlaskClient, from_where: str) -> None:
    assert client.post("/", headers={"Sec-Fetch-Site": from_where}).status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.test",
        "http://localhost.elsewhere.test",
        "http://localhost:81",
        "https://localhost",
        "null",
        "",
    ],
)
def test_another_origin_is_refused(client: FlaskClient, origin: str) -> None:
    assert client.post("/", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PROPFIND"])
def test_any_method_that_may_change_something_is_checked(client: FlaskClient, method: str) -> None:
    answer = client.open("/", method=method, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code in (403, 405)
    assert answer.text != "a page"


def test_over_tls_a_plain_origin_is_refused() -> None:
    assert site(tls=True).post("/", headers={"Origin": "http://localhost"}).status_code == 403
    assert site(tls=True).post("/", headers={"Origin": "https://localhost"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_forms_pass(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/", headers=headers).status_code == 200


def test_a_link_from_elsewhere_opens(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
