"""A real OpenID provider for the tests: npm's oidc-provider, certified, on this computer.

Two of them, for what one provider says must not count for another. Its clock is the world's.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.real.components import absent

SCRIPT = Path(__file__).with_name("provider.mjs")
PACKAGE = Path(__file__).resolve().parents[2] / "node_modules" / "oidc-provider"
NODE = Path(sys.executable).parent / "node"
CLIENT_ID, SECRET = "portal-of-the-tests", "a secret of the tests only ~ 42".replace(" ", "-")
HONEST: dict[str, Any] = {
    "claims": {}, "header": {}, "sign": "honest", "publish": [], "discovery": {}, "token": {},
    "away": [],
}  # fmt: skip


@dataclass(frozen=True)
class RealProvider:
    """A running provider, told what to do."""

    issuer: str

    def at(self, now: datetime) -> None:
        """Set its clock, which then stands still."""
        self._tell({"now": int(now.timestamp() * 1000)})

    def tamper(self, **told: Any) -> None:
        """What it does otherwise than it should, until told again; nothing: it is honest."""
        self._tell({**HONEST, **told})

    def asked(self, path: str) -> int:
        """How often it was asked for this."""
        found: dict[str, int] = requests.get(f"{self.issuer}/_asked", timeout=5).json()
        return found.get(path, 0)

    def logout_token(self, **told: Any) -> str:
        """A logout token as the provider makes it, tampered with as `tamper` says, but not sent.
        `sub` and `sid` say of whom."""
        answer = requests.post(f"{self.issuer}/_logout_token", data=json.dumps(told), timeout=5)
        answer.raise_for_status()
        return answer.text

    def sign_in(self, url: str, who: str, session: requests.Session | None = None) -> str:
        """What a browser does that is sent there as `who`: the address it is sent back to."""
        browser = session or requests.Session()
        url += f"&login_hint={who}"
        for _ in range(12):
            answer = browser.get(url, allow_redirects=False, timeout=10)
            assert answer.is_redirect, answer.text[:500]
            url = requests.compat.urljoin(url, answer.headers["Location"])
            if not url.startswith(self.issuer):
                return url
        raise AssertionError("the provider sends round and round")

    def _tell(self, told: dict[str, Any]) -> None:
        requests.post(f"{self.issuer}/_told", data=json.dumps(told), timeout=5).raise_for_status()


@contextlib.contextmanager
def running(
    *redirects: str, after: str = "http://localhost/signed-out", told: str = ""
) -> Iterator[RealProvider]:
    """One provider, with the portal as its client at these addresses; it is `told` of sign-outs."""
    if not NODE.exists() or not PACKAGE.exists():
        pytest.skip(absent("OpenID provider"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uris": list(redirects),
        "post_logout_redirect_uris": [after],
        "token_endpoint_auth_method": "client_secret_post",
        **({"backchannel_logout_uri": told} if told else {}),
    }
    server = subprocess.Popen(
        [NODE, SCRIPT],
        env={
            "IDP_PORT": str(port), "IDP_CLIENTS": json.dumps([client]), "IDP_SECRET": SECRET,
            "NODE_ENV": "test",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        while b"ready" not in (line := server.stdout.readline()):
            assert line, "the provider did not start"
        yield RealProvider(f"http://127.0.0.1:{port}")
    finally:
        server.kill()
        server.wait(20)
        if server.stdout is not None:
            server.stdout.close()
