"""The link in an invitation: random, short-lived, good for one enrolment.

OWASP ASVS V6.4.1. Following the link (a GET) spends nothing, so a mail scanner cannot burn it;
`claim` is called when the person has finished enrolling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.identity import secret_token

LIFETIME = timedelta(days=7)


class NotUsable(Exception):
    """The link is unknown, spent, withdrawn or past its time.

    An outsider is told the same for all four; `reason` is for the security log only.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Invitation:
    """What is stored of a link: never the token itself."""

    token_hash: bytes
    expires_at: datetime
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None


def new_token() -> tuple[str, bytes]:
    """Return the token for the link (43 URL-safe characters) and the hash to store and look up."""
    return secret_token.new_token()


def expires(now: datetime) -> datetime:
    """Return the moment from which a link made now no longer works: seven days later."""
    return now + LIFETIME


def look(invitation: Invitation, token: str, now: datetime) -> None:
    """Return if the token opens this invitation now, else raise `NotUsable`. Spends nothing."""
    if not secret_token.matches(token, invitation.token_hash):
        raise NotUsable("unknown")
    if invitation.withdrawn_at is not None:
        raise NotUsable("withdrawn")
    if invitation.used_at is not None:
        raise NotUsable("used")
    if now >= invitation.expires_at:
        raise NotUsable("expired")


def claim(invitation: Invitation, token: str, now: datetime) -> Invitation:
    """Return the invitation as spent, or raise `NotUsable`.

    Call it on the row as read under the writer's lock and store the result in the same
    transaction: of two claims one then sees the other's `used_at`.
    """
    look(invitation, token, now)
    return replace(invitation, used_at=now)
