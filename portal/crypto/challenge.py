"""Challenges of passkey ceremonies: made without a row, valid for minutes, for one purpose and one
browser or session. That each counts once is kept by whoever spends it."""

from __future__ import annotations

import hmac
import json
import secrets
from datetime import datetime, timedelta

from portal.crypto.derive import derive

SIZE = 64
LASTS = timedelta(minutes=5)
_NONCE, _TIME = 24, 8


def new_challenge(server_key: bytes, purpose: str, bound_to: str, now: datetime) -> bytes:
    """64 bytes: random, the time, and a tag under the server's key."""
    head = secrets.token_bytes(_NONCE) + int(now.timestamp()).to_bytes(_TIME, "big")
    return head + _tag(server_key, purpose, bound_to, head)


def is_ours(
    challenge: bytes,
    server_key: bytes,
    purpose: str,
    bound_to: str,
    now: datetime,
    lasts: timedelta = LASTS,
) -> bool:
    """Whether it was made for this purpose and binding, and no longer ago than it lasts."""
    head, tag = challenge[: _NONCE + _TIME], challenge[_NONCE + _TIME :]
    if len(challenge) != SIZE or not hmac.compare_digest(
        tag, _tag(server_key, purpose, bound_to, head)
    ):
        return False
    age = int(now.timestamp()) - int.from_bytes(head[_NONCE:], "big")
    return 0 <= age <= lasts.total_seconds()


def _tag(server_key: bytes, purpose: str, bound_to: str, head: bytes) -> bytes:
    key = derive(server_key, "portal/v1/passkey-challenge")
    return hmac.digest(key, json.dumps([purpose, bound_to, head.hex()]).encode(), "sha256")
