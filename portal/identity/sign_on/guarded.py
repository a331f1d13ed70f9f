"""The connections by which providers are asked: each goes to an address that was judged.

Loaded when the first one is asked, for what speaks HTTP takes long to load and most servers have
nobody to ask. What is judged is told in addresses.py.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from portal.identity.sign_on.addresses import NotReached, check_address, is_here, is_public

MOST_BYTES = 256 * 1024
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.05, 5.0, 10.0
AT_ONCE = 8
"""So many of the server's threads may wait for providers at one time."""

_PIECE = 16 * 1024
_CUTTING = threading.local()
_SEATS = threading.BoundedSemaphore(AT_ONCE)


class Guarded(HTTPAdapter):
    """Judges the address, bounds what comes back, and refuses to be sent elsewhere."""

    def __init__(self, trial: bool) -> None:
        self._trial = trial
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _TRIAL if self._trial else _PUBLIC

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        check_address(request.url or "", trial=self._trial)
        if not _SEATS.acquire(timeout=2):
            raise NotReached("busy")
        held: list[socket.socket] = []
        _CUTTING.sockets = held
        cutter = threading.Timer(WHOLE_SECONDS, _cut, [held])
        cutter.daemon = True
        cutter.start()
        try:
            return self._bounded(request, kwargs)
        finally:
            cutter.cancel()
            _SEATS.release()

    def _bounded(
        self, request: requests.PreparedRequest, kwargs: dict[str, Any]
    ) -> requests.Response:
        kwargs |= {"stream": True, "timeout": (CONNECT_SECONDS, READ_SECONDS), "proxies": {}}
        answer = super().send(request, **kwargs)
        with contextlib.closing(answer):
            if answer.is_redirect or answer.is_permanent_redirect:
                raise NotReached("redirect")
            # Nothing compressed: a small answer must not become a large one here.
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise NotReached("not_json")
            body = b""
            for piece in answer.raw.stream(_PIECE, decode_content=False):
                body += piece
                if len(body) > MOST_BYTES:
                    raise NotReached("too_large")
        answer._content = body
        return answer


def _cut(held: list[socket.socket]) -> None:
    """The time is over. What is being read ends here, also where the connection was let go of and
    only its answer is still read."""
    for one in held:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _connect(connection: HTTPConnection, trial: bool) -> socket.socket:
    """A connection to an address that was judged: the name is not looked up a second time."""
    port = connection.port
    try:
        found = socket.getaddrinfo(connection.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached("name") from None
    addresses = [str(place[4][0]) for place in found]
    if not addresses or not all(
        is_public(address) or (trial and is_here(address)) for address in addresses
    ):
        raise NotReached("private")
    for address in dict.fromkeys(addresses):
        with contextlib.suppress(OSError):
            return create_connection((address, port), CONNECT_SECONDS)
    raise NotReached("silent")


class _Bounded(HTTPConnection):
    """A connection that is cut when its whole time is over, however slowly it drips."""

    trial = False

    def _new_conn(self) -> socket.socket:
        made = _connect(self, self.trial)
        made.settimeout(READ_SECONDS)
        return made

    def connect(self) -> None:
        super().connect()
        _CUTTING.sockets.append(self.sock)


class _BoundedTls(_Bounded, HTTPSConnection):
    """The same, with TLS: the certificate is checked for the name, not for the address."""


class _TrialPlain(_Bounded):
    trial = True


class _TrialTls(_BoundedTls):
    trial = True


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTls


class _TrialPlainPool(HTTPConnectionPool):
    ConnectionCls = _TrialPlain


class _TrialTlsPool(HTTPSConnectionPool):
    ConnectionCls = _TrialTls


_PUBLIC = {"http": _PlainPool, "https": _TlsPool}
_TRIAL = {"http": _TrialPlainPool, "https": _TrialTlsPool}
