"""A network from which somebody has wholly signed in on a computer that others use.

Such a browser keeps nothing, so it is never a known one (known_device.py), and whoever has no other
would stand among all unknown browsers whenever somebody floods the door. NIST SP 800-63B-4 section
3.2.2 names the remedy: addresses from which the subscriber has been authenticated before. What is
kept is a keyed hash of account and network together, which says nothing without the server's
pepper; it is no second factor and shortens no sign-in.
"""

from __future__ import annotations

import hmac

from portal.identity.networks import network_of

_LABEL = b"portal/v1/known-place"


def token_of(pepper: bytes, account: str, address: str) -> str:
    """Return what stands for this account in this network: 64 hexadecimal digits, made anew at
    each attempt. It is kept and recognised as a known browser's cookie is."""
    digest = hmac.new(pepper, _LABEL, "sha256")
    for part in (account, network_of(address)):
        raw = part.encode("utf-8", "backslashreplace")
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()
