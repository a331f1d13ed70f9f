"""`portal demo`: what prints papers works in the server that the scenes were made for."""

from __future__ import annotations

import json
import re
import signal
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import mintotp
import pytest

from tests.cli.installed import process

STEP = 30


class Browser:
    """Pages and forms, with cookies and without scripts."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> bytes:
        with self._opener.open(self.base + path, timeout=60) as answer:
            return bytes(answer.read())

    def post(self, path: str, **fields: str) -> bytes:
        page = self.get(path).decode()
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found is not None, page
        told = urllib.parse.urlencode({"csrf_token": found[1], **fields}).encode()
        with self._opener.open(self.base + path, told, timeout=60) as answer:
            return bytes(answer.read())


def ready(browser: Browser) -> None:
    for _ in range(900):
        try:
            browser.get("/healthz")
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("nothing is served")


@pytest.mark.timeout(240)
def test_a_paper_is_printed_by_the_server_of_a_fresh_demonstration(tmp_path: Path) -> None:
    """The typesetter's threads do not survive a fork: a server made after the scenes were
    played in its own process waited for them for ever."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = process(["demo", "--data", tmp_path / "demo", "--port", str(port), "--json"])
    try:
        browser = Browser(f"http://localhost:{port}")
        ready(browser)
        told = json.loads((tmp_path / "demo" / "demo.json").read_text("utf-8"))
        joe = next(each for each in told["personas"] if each["name"].startswith("Joe"))
        browser.post("/sign-in", email=joe["email"], passphrase=joe["passphrase"])
        if time.time() % STEP > STEP - 5:
            time.sleep(6)
        browser.post("/sign-in/code", code=mintotp.totp(joe["totp_secret"]))
        assert browser.post("/practice").startswith(b"%PDF-")
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
