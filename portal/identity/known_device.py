"""A browser that its owner has signed in with before, so that a flood cannot lock the owner out.

The browser holds a random cookie, the row its hash and the person it belongs to. The cookie
proves nothing about who is there: it only gives the browser its own throttle bucket
(`throttle`). It is no second factor and shortens no sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.identity import secret_token

LIFETIME = timedelta(days=180)


@dataclass(frozen=True)
class KnownDevice:
    """One browser of one person; `person` is whatever identifies the person in records.

    `seen_at` is its latest whole sign-in.
    """

    person: str
    token_hash: bytes
    seen_at: datetime


def new_token() -> tuple[str, bytes]:
    """Return the cookie's value and the hash to store. Give it after a whole sign-in only."""
    return secret_token.new_token()


def recognises(device: KnownDevice, person: str, token: str, now: datetime) -> bool:
    """Say whether this cookie belongs to this very person and was seen in the last 180 days."""
    return (
        secret_token.matches(token, device.token_hash)
        and device.person == person
        and now < device.seen_at + LIFETIME
    )
