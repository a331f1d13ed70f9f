"""Tests reach this computer only: a name or an address elsewhere is refused before a packet goes.

Works by an audit hook, so nothing that goes through Python's sockets passes by it.
"""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

NAMES = frozenset({"", "localhost", "ip6-localhost"})
CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class ElsewhereRefused(RuntimeError):
    """A test tried to reach another computer."""


def is_here(host: object) -> bool:
    """Whether a host, by name or address, is this computer."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None:
        return True
    if not isinstance(host, str):
        return False
    if host.lower() in NAMES or host.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_elsewhere(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise ElsewhereRefused if an audit event is about to reach another computer."""
    if event in CONNECTING:
        address = arguments[1]
        # A path is a socket file of this computer; None is a socket that is already connected.
        if isinstance(address, tuple) and address and not is_here(address[0]):
            raise ElsewhereRefused(f"{event} to {address[0]}")
    elif event in RESOLVING and not is_here(arguments[0]):
        raise ElsewhereRefused(f"{event} of {arguments[0]}")


def pytest_configure() -> None:
    """Refuse from the first collected module to the end of the process."""
    sys.addaudithook(refuse_elsewhere)
