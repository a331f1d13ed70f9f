"""Where a provider may be asked: judged before anything is sent, and again once it is looked up.

Only https, and only public addresses; in a trial installation http to this very computer as well.
Source: OWASP ASVS V1.3.6.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

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
