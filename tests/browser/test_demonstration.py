"""The demonstration as somebody starts it: a process of its own, on the clock of this computer."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import mintotp
import pytest

from tests.browser.reading import read
from tests.browser.visitor import Looks, Visitor
from tests.real.browser import OpenPage

STEP = 30


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What `portal demo --json` prints, while it serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("demonstration")
    command = [sys.executable, "-m", "portal", "demo", "--json"]
    where = ["--data", str(folder / "data"), "--port", str(port)]
    log = (folder / "log").open("w")
    with subprocess.Popen([*command, *where], stdout=subprocess.PIPE, stderr=log) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "log").read_text("utf-8")
        try:
            wait_for(port)
            yield json.loads(line)
        finally:
            process.terminate()
    log.close()


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nothing is served")


def code_now(secret: str) -> str:
    """A code that will still count when it arrives."""
    if time.time() % STEP > STEP - 5:
        time.sleep(6)
    return str(mintotp.totp(secret))


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.timeout(240)
def test_somebody_signs_in_and_opens_a_pack(
    told: dict[str, Any], open_page: OpenPage, axe: Any
) -> None:
    ruth = next(each for each in told["personas"] if each["name"] == "Ruth Bannerman")
    assert set(ruth) >= {"email", "role", "agency", "passphrase", "totp_secret", "identity"}
    looks = Looks(axe)
    visitor = Visitor(open_page(), told["base_url"], looks)
    visitor.go("/")
    visitor.fill("E-mail address", ruth["email"])
    visitor.fill("Passphrase", ruth["passphrase"])
    visitor.press("Continue")
    visitor.give_code("Code from your code app", code_now(ruth["totp_secret"]))
    visitor.press("Continue")
    visitor.follow("Pack to read NM/2026/021", begins=True)
    visitor.tick("I agree")
    visitor.press("Continue")
    copy = read(visitor.save("Download the pack"))
    assert all("Ruth Bannerman" in page for page in copy.pages)
    assert looks.complaints == []


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.timeout(240)
def test_whoever_belongs_to_two_areas_finds_both_on_one_page(
    told: dict[str, Any], open_page: OpenPage, axe: Any
) -> None:
    farah = next(each for each in told["personas"] if each["name"] == "Farah Siddiqi")
    looks = Looks(axe)
    visitor = Visitor(open_page(), told["base_url"], looks)
    visitor.go("/")
    visitor.fill("E-mail address", farah["email"])
    visitor.fill("Passphrase", farah["passphrase"])
    visitor.press("Continue")
    visitor.give_code("Code from your code app", code_now(farah["totp_secret"]))
    visitor.press("Continue")
    shown = visitor.page.inner_text("main")
    assert "Southmere" in shown
    assert "SM/2026/009" in shown
    assert looks.complaints == []
