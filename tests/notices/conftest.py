"""A real mail server with TLS, on loopback, that refuses, delays and checks passwords."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from portal.notices.letters import Writer

TEXTS = Path(__file__).resolve().parents[2] / "templates" / "notices"
USERNAME, PASSWORD = "portal", "seven-blue-otters"


@dataclass
class Mailbox:
    """What the server took, and what it answers next."""

    taken: list[Envelope] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    rcpt: str = ""
    data: str = ""
    drop_before: str = ""
    drop_after_taking: bool = False

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _env: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.greeted.append(name)
        return answers

    async def handle_RCPT(
        self, server: SMTP, _session: Session, env: Envelope, address: str, options: list[str]
    ) -> str:
        if self.drop_before == "RCPT":
            assert server.transport is not None
            server.transport.close()
        if self.rcpt:
            return self.rcpt
        env.rcpt_tos.append(address)
        env.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, env: Envelope) -> str:
        if self.data:
            return self.data
        self.taken.append(env)
        self.over_tls.append(session.ssl is not None)
        return "250 taken"

    async def handle_QUIT(self, server: SMTP, _session: Session, _env: Envelope) -> str:
        if self.drop_after_taking:
            assert server.transport is not None
            server.transport.close()
        return "221 Bye"


@dataclass(frozen=True)
class Server:
    """A running mail server and the authority that vouches for it."""

    port: int
    box: Mailbox
    authority: trustme.CA

    def trusting(self) -> ssl.SSLContext:
        """A context that trusts this server's authority, and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.authority.configure_trust(context)
        return context


StartServer = Callable[..., Server]


def _authenticate(
    _server: SMTP, _session: Any, _env: Any, mechanism: str, given: Any
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(
        USERNAME.encode(), PASSWORD.encode()
    )
    return AuthResult(success=right, handled=False)


class OwnPort(Controller):
    """A controller on a socket that is already bound, so that no two tests meet on a port."""

    def __init__(self, box: Mailbox, **options: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        super().__init__(box, hostname="localhost", port=port, ready_timeout=20, **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An authority made for these tests; the system does not know it."""
    return trustme.CA()


@pytest.fixture
def start_server(authority: trustme.CA) -> Iterator[StartServer]:
    """Starts servers: `start_server(tls=False, sign_in=True, named="other.example")`."""
    running: list[Controller] = []

    def start(*, tls: bool = True, sign_in: bool = False, named: str = "localhost") -> Server:
        box = Mailbox()
        options: dict[str, Any] = {}
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(named).configure_cert(context)
            options |= {"tls_context": context, "require_starttls": True}
        if sign_in:
            options |= {"authenticator": _authenticate, "auth_required": True}
        controller = OwnPort(box, **options)
        controller.start()
        running.append(controller)
        return Server(controller.port, box, authority)

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture(scope="session")
def writer() -> Writer:
    """Writes the product's own letters for https://mappa.kentmere.example."""
    return Writer("https://mappa.kentmere.example", TEXTS)
