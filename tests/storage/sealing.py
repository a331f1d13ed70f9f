"""Sealed bytes as the portal makes them."""

from __future__ import annotations

from portal.crypto.sealing import new_file_key, seal_payload
from portal.domain.sealed import Sealed


def sealed(clear: bytes = b"a paper") -> Sealed:
    return seal_payload(new_file_key(), clear)
