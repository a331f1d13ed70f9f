"""Reading a logout token: a provider says that somebody was signed out there.

It is signed with the keys of the ID tokens, and everything by which the one could be taken for the
other is refused: a nonce, the event missing, another type. Source: OpenID Connect Back-Channel
Logout 1.0, sections 2.4 and 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portal.identity.sign_on.id_token import BadToken, is_name, require_for_us, signed
from portal.identity.sign_on.provider import Provider

if TYPE_CHECKING:
    from joserfc.jwk import Key

EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TOKEN = frozenset({"logout+jwt", "jwt"})
"""The type is recommended only; without it the event tells what the token is."""


@dataclass(frozen=True)
class LeftThere:
    """Who was signed out: `subject` is the person, `session` one session of theirs there; one of
    the two may be empty. `number` is the token's own, good once."""

    issuer: str
    subject: str
    session: str
    number: str


def read_logout_token(
    text: object, keys: Mapping[str, Key], provider: Provider, client_id: str, now: datetime
) -> LeftThere:
    """Raises UnknownKey, BadToken."""
    claims, _header = signed(text, keys, provider, LOGOUT_TOKEN)
    require_for_us(claims, provider, client_id, now)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise BadToken("event")
    if "nonce" in claims:
        raise BadToken("nonce")
    if not is_name(claims.get("jti")):
        raise BadToken("number")
    who = [claims[name] for name in ("sub", "sid") if name in claims]
    if not who or not all(is_name(one) for one in who):
        raise BadToken("subject")
    return LeftThere(provider.issuer, claims.get("sub", ""), claims.get("sid", ""), claims["jti"])
