"""A real server on a copy of the installation: people work on it, then its memory is read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pyotp
import requests

from tests.at_rest.image import Image
from tests.at_rest.life import Life
from tests.cli.test_serve import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = 4096
IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class Running:
    """The server: where it is, its first process, and the installation it serves."""

    life: Life
    address: str
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer; none for a moment while one is replaced."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def work(self) -> None:
        """Ruth reads her paper in both ways and leaves; Helen looks at a case and its reasons."""
        with self._signed_in("ruth") as browser:
            home = browser.get(f"{self.address}/").text
            paper = self.address + _found(r'href="(/papers/[a-z2-7]{26})"', home)
            page = browser.get(paper).text
            read = browser.post(f"{paper}/read", data=_form(page))
            assert read.status_code == 200
            for part in ("image", "text"):
                assert browser.get(f"{read.url}/{part}").status_code == 200
            opened = browser.post(f"{paper}/open", data=_form(page))
            assert opened.content.startswith(b"%PDF-")
        with self._signed_in("helen") as browser:
            cases = browser.get(f"{self.address}/unit/cases/").text
            case = _found(r'href="(/unit/cases/[a-z2-7]{26})"', cases)
            assert browser.get(self.address + case).status_code == 200

    @contextmanager
    def _signed_in(self, name: str) -> Iterator[requests.Session]:
        member = self.life.company.members[name]
        with requests.Session() as browser:
            page = browser.get(f"{self.address}/sign-in").text
            typed = {"email": member.persona.email, "passphrase": member.passphrase}
            asked = browser.post(f"{self.address}/sign-in", data=_form(page) | typed)
            code = {"code": pyotp.TOTP(member.totp_secret).now()}
            home = browser.post(asked.url, data=_form(asked.text) | code)
            assert home.status_code == 200, home.url
            yield browser
            browser.post(f"{self.address}/sign-out", data=_form(home.text))

    def wait_for_another(self, worker: int) -> int:
        """The worker that has taken this one's place and answers."""
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            now = self.workers()
            if len(now) == 1 and now != [worker]:
                requests.get(f"{self.address}/sign-in", timeout=60)
                return now[0]
            time.sleep(0.1)
        raise AssertionError("the worker was not replaced")


@contextmanager
def served(life: Life, folder: Path) -> Iterator[Running]:
    """`portal serve` on a copy of the installation, with its own clock, which is this machine's."""
    data = folder / "data"
    shutil.copytree(life.folder, data)
    port = free_port()
    address = f"http://localhost:{port}"
    env = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")} | {
        "PORTAL_BASE_URL": address,
        "PORTAL_ORIGIN": life.wiring.house.origin,
        "PORTAL_MODE": "development",
    }
    words = ["serve", "--data", data, "--port", port, "--renew-after", IDLE_SECONDS]
    with (folder / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "portal", *map(str, words)],
            cwd=REPOSITORY, env=env, stdout=log, stderr=log,
        )  # fmt: skip
    running = Running(life, address, server.pid)
    try:
        _wait(address)
        yield running
    finally:
        server.terminate()
        server.wait(60)


def memory_of(pid: int) -> bytes:
    """Everything that this process could have written: heaps, stacks and what is mapped to write.

    Pages of zeros are left out; everything else stays in its order.
    """
    kept = []
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, access, *_ = line.split()
            if "w" not in access:
                continue
            first, last = (int(end, 16) for end in span.split("-"))
            memory.seek(first)
            try:
                kept.append(memory.read(last - first))
            except OSError:
                continue
    zeros = bytes(PAGE)
    pages = (part[at : at + PAGE] for part in kept for at in range(0, len(part), PAGE))
    return b"".join(page for page in pages if page != zeros)


def held_in(memory: bytes, wanted: Mapping[str, str | bytes]) -> set[str]:
    """Which of these secrets stand in a memory that was read, in any form."""
    image = Image({"memory": memory})
    return {name for name, secret in wanted.items() if image.holding(secret)}


def canaries(life: Life) -> dict[str, str | bytes]:
    """All but surnames alone: some are words of the list of well-known passphrases."""
    return {k: v for k, v in life.secrets.items() if not k.startswith("surname ")}


def canaries_of_visitors(life: Life) -> dict[str, str | bytes]:
    """Those of the people who were there, and of the cases."""
    return {
        name: secret
        for name, secret in canaries(life).items()
        if name.split()[0] in ("name", "birth") or name.split()[-1] in ("ruth", "helen", "seed")
    }


def _wait(address: str) -> None:
    ends = time.monotonic() + 120
    while True:
        try:
            requests.get(f"{address}/healthz", timeout=10)
        except requests.ConnectionError:
            assert time.monotonic() < ends
            time.sleep(0.1)
        else:
            return


def _form(page: str) -> dict[str, str]:
    return {"csrf_token": _found(r'name="csrf_token" value="([^"]+)"', page)}


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return unescape(found[1])
