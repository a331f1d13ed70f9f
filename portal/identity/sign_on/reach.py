"""Asking a provider over the network, so that nobody's settings make the server ask elsewhere.

Only https, and only public addresses: what a name stands for is looked up once, every address of
it is judged, and the connection goes to one that was judged. In a trial installation http to this
very computer is allowed as well. No redirect is followed, no proxy or netrc of the environment is
used; size, time of each read and time of the whole are bounded. Source: OWASP ASVS V1.3.6.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

MOST_BYTES = 256 * 1024
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.05, 5.0, 10.0
AT_ONCE = 8
"""So many of the server's threads may wait for providers at one time."""

_PIECE = 16 * 1024
_CUTTING = threading.local()
_SEATS = threading.BoundedSemaphore(AT_ONCE)
_NEVER = frozenset(' "<>\\^`{|}')
_TRANSLATED = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("64:ff9b:1::/48"),
    ipaddress.IPv6Network("2002::/16"),
    ipaddress.IPv6Network("2001::/32"),
)


class NotReached(Exception):
    """The provider can't be asked. `.why` is one of a few words of ours, nothing it answered."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet, however it is written or carried."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


def is_here(text: str) -> bool:
    """Whether an IP address is this computer."""
    return ipaddress.ip_address(text.partition("%")[0]).is_loopback


def check_address(url: str, *, trial: bool) -> None:
    """Raises NotReached unless a provider may be asked at, or people sent to, this address."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise NotReached("address") from None
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise NotReached("address")
    if (
        len(url) > 500
        or not url.isascii()
        or not url.isprintable()
        or set(url) & set(' "<>\\^`{|}')
    ):
        raise NotReached("address")
    if parts.scheme == "https":
        return
    if not (trial and parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")):
        raise NotReached("scheme")


class Reach:
    """The one way out to providers. `trial` allows http to this computer."""

    def __init__(self, *, trial: bool) -> None:
        self.trial = trial

    def guard(self, session: requests.Session) -> None:
        """Let this session go no other way."""
        session.trust_env = False
        session.max_redirects = 0
        session.headers["Accept-Encoding"] = "identity"
        session.mount("http://", _Guarded(self.trial))
        session.mount("https://", _Guarded(self.trial))

    def get_json(self, url: str) -> dict[str, Any]:
        """The JSON object at an address. Raises NotReached."""
        with requests.Session() as session:
            self.guard(session)
            try:
                answer = session.get(
                    url, allow_redirects=False, headers={"Accept": "application/json"}
                )
            except (requests.RequestException, HTTPError):
                raise NotReached("silent") from None
        if answer.status_code != 200:
            raise NotReached("status")
        try:
            told = json.loads(answer.content)
        except (ValueError, RecursionError):
            raise NotReached("not_json") from None
        if not isinstance(told, dict):
            raise NotReached("not_json")
        return told


class _Guarded(HTTPAdapter):
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
