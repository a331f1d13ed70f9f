"""Asking a provider: no address that is not public, nothing that is large, slow or sent on."""

from __future__ import annotations

import gzip
import http.server
import json
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme

from portal.identity.sign_on import guarded
from portal.identity.sign_on.addresses import NotReached, check_address, is_public
from portal.identity.sign_on.reach import Reach

ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/good": (200, {}, b'{"issuer": "x"}'),
    "/list": (200, {}, b"[]"),
    "/text": (200, {}, b"<html>"),
    "/deep": (200, {}, b"[" * 100_000),
    "/large": (200, {}, b'{"a": "' + b"x" * guarded.MOST_BYTES + b'"}'),
    "/gone": (404, {}, b"{}"),
    "/on": (302, {"Location": "/good"}, b""),
    "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(b'{"a": 1}')),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/drips":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return
            return
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """A client that cuts the connection is what these tests are about."""


def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def plain() -> Iterator[str]:
    for port in serving():
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def behind_unknown_authority() -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    for port in serving(context):
        yield f"https://localhost:{port}"


def why(asked: Reach, url: str) -> str:
    with pytest.raises(NotReached) as refused:
        asked.get_json(url)
    return refused.value.why


def test_a_plain_object_is_read(plain: str) -> None:
    assert Reach(trial=True).get_json(f"{plain}/good") == {"issuer": "x"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/list", "not_json"),
        ("/text", "not_json"),
        ("/deep", "not_json"),
        ("/packed", "not_json"),
        ("/large", "too_large"),
        ("/gone", "status"),
        ("/on", "redirect"),
    ],
)
def test_nothing_else_is(plain: str, path: str, told: str) -> None:
    assert why(Reach(trial=True), plain + path) == told


def test_one_that_drips_is_cut_off(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "WHOLE_SECONDS", 0.5)
    began = time.monotonic()
    assert why(Reach(trial=True), f"{plain}/drips") in ("silent", "not_json")
    assert time.monotonic() - began < 5


def test_one_that_is_not_there_is_silent() -> None:
    assert why(Reach(trial=True), "http://127.0.0.1:9/") == "silent"


def test_a_certificate_of_an_unknown_authority_is_not_trusted(
    behind_unknown_authority: str,
) -> None:
    assert why(Reach(trial=True), f"{behind_unknown_authority}/good") == "silent"


def test_a_trusted_certificate_counts_for_its_name_alone(tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with requests.Session() as session:
        Reach(trial=True).guard(session)
        session.verify = str(tmp_path / "authority.pem")
        for port in serving(context):
            assert session.get(f"https://localhost:{port}/good").json() == {"issuer": "x"}
            with pytest.raises(requests.exceptions.SSLError):
                session.get(f"https://127.0.0.1:{port}/good")


def test_in_production_this_computer_is_not_asked(
    plain: str, behind_unknown_authority: str
) -> None:
    production = Reach(trial=False)
    assert why(production, f"{plain}/good") == "scheme"
    assert why(production, f"{behind_unknown_authority}/good") == "private"
    assert why(production, behind_unknown_authority.replace("localhost", "127.0.0.1")) == "private"


def test_the_environment_sends_it_nowhere_else(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert Reach(trial=True).get_json(f"{plain}/good") == {"issuer": "x"}


def test_no_more_than_so_many_wait_at_one_time(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "_SEATS", threading.BoundedSemaphore(1))
    assert guarded._SEATS.acquire()
    assert why(Reach(trial=True), f"{plain}/good") == "busy"
    guarded._SEATS.release()
    assert json.dumps(Reach(trial=True).get_json(f"{plain}/good"))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::", "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "20.190.128.1", "2606:4700::1111"])
def test_a_public_one_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "login.example", "//login.example", "ftp://login.example", "file:///etc/passwd",
        "gopher://login.example", "http://login.example", "http://127.0.0.1.login.example",
        "http://localhost.login.example", "https://", "https:///x", "https://u@login.example",
        "https://u:p@login.example", "https://login.example#x", "https://login.example:x/",
        "https://login.example:99999/", "https://login.example/a b", "https://login.example/\n",
        "https://login.example\\@evil.example", "https://löгin.example/", "javascript:alert(1)",
        "https://login.example/" + "x" * 500,
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_one_is_refused_in_trial_too(url: str) -> None:
    with pytest.raises(NotReached):
        check_address(url, trial=True)
