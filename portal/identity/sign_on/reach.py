"""Asking a provider over the network, so that nobody's settings make the server ask elsewhere.

Only https, and only public addresses: what a name stands for is looked up once, every address of
it is judged, and the connection goes to one that was judged. In a trial installation http to this
very computer is allowed as well. No redirect is followed, no proxy or netrc of the environment is
used; size, time of each read and time of the whole are bounded. Source: OWASP ASVS V1.3.6.
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import requests

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
        from portal.identity.sign_on.guarded import Guarded

        session.mount("http://", Guarded(self.trial))
        session.mount("https://", Guarded(self.trial))

    def get_json(self, url: str) -> dict[str, Any]:
        """The JSON object at an address. Raises NotReached."""
        import requests  # what speaks HTTP is loaded when a provider is first asked
        from urllib3.exceptions import HTTPError

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
