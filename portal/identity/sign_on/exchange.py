"""One sign-on from beginning to end: sending the browser to the provider, and reading what it
brings back.

The authorization code flow with PKCE (S256), by Authlib. Every answer is held against the state,
the provider and the issuer it was begun with, so that no answer of one provider, one browser or
one sign-in counts for another. Sources: RFC 9700 (mix-up, code injection), RFC 7636, RFC 9207.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from portal.identity.sign_on.addresses import NotReached
from portal.identity.sign_on.assurance import asking, prove, vouched_address
from portal.identity.sign_on.client import Client
from portal.identity.sign_on.id_token import (
    BadToken,
    Expected,
    UnknownKey,
    is_name,
    public_keys,
    read_id_token,
)
from portal.identity.sign_on.logout_token import LeftThere, read_logout_token
from portal.identity.sign_on.provider import NotRelied, Provider, relied, where
from portal.identity.sign_on.reach import Reach

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session
    from joserfc.jwk import Key

KEPT = timedelta(minutes=10)
"""How long what a provider says of itself, and its keys, are believed before it is asked again."""

JUST_NOW = timedelta(seconds=5)

SULKS = timedelta(seconds=20)
"""How long one that did not answer is not asked again."""

AGAIN = timedelta(minutes=1)
"""Between two askings for keys because of a name that was not among them."""

_LONGEST = 4096

T = TypeVar("T")


class BadAnswer(Exception):
    """What the browser brought back does not count. `.why` is one of a few words of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Begun:
    """One sign-on that was begun: three secrets of the browser that began it."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Known:
    """Who came back: `subject` is the provider's name for them, and means nothing elsewhere.
    `address` is an e-mail address the provider vouches for, never who somebody is; `session` its
    name for their session there. Either may be empty."""

    issuer: str
    subject: str
    signed_in_at: datetime
    address: str = ""
    session: str = ""


@dataclass
class _Kept:
    """What is remembered of one issuer."""

    told: Mapping[str, Any] | None = None
    told_at: datetime | None = None
    keys: Mapping[str, Key] = field(default_factory=dict)
    keys_at: datetime | None = None
    asked_again_at: datetime | None = None
    silent: NotReached | None = None
    silent_at: datetime | None = None
    keyless: NotReached | None = None
    keyless_at: datetime | None = None


class Exchange:
    """The portal's side of every provider. What it remembers can be asked for again at any time,
    so each worker has its own."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    @property
    def trial(self) -> bool:
        return self._reach.trial

    def forget(self, issuer: str, now: datetime) -> None:
        """Somebody is setting this provider up: ask it anew, unless it was asked just now."""
        with self._lock:
            kept = self._kept.get(issuer)
            if kept is not None and not _fresh(kept.told_at or kept.silent_at, now, JUST_NOW):
                del self._kept[issuer]

    def told(self, issuer: str, now: datetime) -> Mapping[str, Any]:
        """What the provider says of itself. Raises NotReached."""
        kept = self._of(issuer)
        if kept.told is not None and _fresh(kept.told_at, now, KEPT):
            return kept.told
        if kept.silent is not None and _fresh(kept.silent_at, now, SULKS):
            raise NotReached(kept.silent.why)
        try:
            kept.told, kept.told_at = self._reach.get_json(where(issuer)), now
        except NotReached as silent:
            kept.silent, kept.silent_at = silent, now
            raise
        return kept.told

    def provider(self, client: Client, now: datetime) -> Provider:
        """Raises NotReached, NotRelied."""
        return relied(self.told(client.issuer, now), client, trial=self.trial)

    def keys(self, provider: Provider, now: datetime) -> Mapping[str, Key]:
        """The provider's public keys by name. Raises NotReached."""
        kept = self._of(provider.issuer)
        return kept.keys if _fresh(kept.keys_at, now, KEPT) else self._ask_keys(provider, now)

    def _ask_keys(self, provider: Provider, now: datetime) -> Mapping[str, Key]:
        """Those that were known stay so until it answers: nobody is kept out, and no thread held,
        by tokens that make the portal ask one that is silent."""
        kept = self._of(provider.issuer)
        if kept.keyless is not None and _fresh(kept.keyless_at, now, SULKS):
            raise NotReached(kept.keyless.why)
        try:
            told = self._reach.get_json(provider.keys)
        except NotReached as silent:
            kept.keyless, kept.keyless_at = silent, now
            raise
        kept.keys, kept.keys_at, kept.keyless = public_keys(told), now, None
        return kept.keys

    def end_session(self, client: Client, now: datetime) -> str:
        """Where the provider signs people out, empty where it does not, or can't be asked."""
        try:
            return self.provider(client, now).end_session
        except (NotReached, NotRelied):
            return ""

    def begin(
        self, client: Client, redirect_uri: str, now: datetime, *, address: bool = False
    ) -> tuple[str, Begun]:
        """The address to send the browser to; `address` as in asking.

        Raises NotReached, NotRelied.
        """
        provider = self.provider(client, now)
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        with self._session(client, provider, redirect_uri) as session:
            url, _state = session.create_authorization_url(
                provider.authorization,
                state=begun.state,
                code_verifier=begun.verifier,
                nonce=begun.nonce,
                **asking(client.demand, address=address),
            )
        return url, begun

    def finish(
        self,
        client: Client,
        redirect_uri: str,
        begun: Begun,
        answer: Mapping[str, str],
        now: datetime,
    ) -> Known:
        """Who came back. Raises BadAnswer, BadToken, TooWeak, NotReached, NotRelied."""
        if not _same(answer.get("state", ""), begun.state):
            raise BadAnswer("state")
        provider = self.provider(client, now)
        named = answer.get("iss")
        if (named is None and provider.names_itself) or named not in (None, provider.issuer):
            raise BadAnswer("issuer")
        if "error" in answer:
            raise BadAnswer("denied" if answer["error"] == "access_denied" else "error")
        code = answer.get("code", "")
        if not 0 < len(code) <= _LONGEST:
            raise BadAnswer("code")
        token = self._token(client, provider, redirect_uri, begun, code)
        access = token.get("access_token")
        expected = Expected(client.client_id, begun.nonce, access or None)
        text = token.get("id_token")
        claims = self._by_its_keys(
            provider, now, lambda keys: read_id_token(text, keys, provider, expected, now)
        )
        proved_at = prove(claims, client.demand, now)
        session = claims["sid"] if is_name(claims.get("sid")) else ""
        return Known(provider.issuer, claims["sub"], proved_at, vouched_address(claims), session)

    def left(self, client: Client, text: str, now: datetime) -> LeftThere:
        """Whom the provider has signed out, by its logout token.

        Raises BadToken, NotReached, NotRelied.
        """
        provider = self.provider(client, now)
        return self._by_its_keys(
            provider,
            now,
            lambda keys: read_logout_token(text, keys, provider, client.client_id, now),
        )

    def _token(
        self, client: Client, provider: Provider, redirect_uri: str, begun: Begun, code: str
    ) -> Mapping[str, Any]:
        from authlib.integrations.base_client.errors import OAuthError
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        with self._session(client, provider, redirect_uri) as session:
            try:
                token = session.fetch_token(
                    provider.token,
                    code=code,
                    code_verifier=begun.verifier,
                    grant_type="authorization_code",
                    allow_redirects=False,
                )
            except OAuthError as refused:
                secret = refused.error in ("invalid_client", "unauthorized_client")
                raise BadAnswer("secret" if secret else "code") from None
            except (RequestException, HTTPError, ValueError, TypeError):
                raise NotReached("silent") from None
        if not isinstance(token, dict):
            raise BadAnswer("code")
        return token

    def _by_its_keys(
        self, provider: Provider, now: datetime, read: Callable[[Mapping[str, Key]], T]
    ) -> T:
        try:
            return read(self.keys(provider, now))
        except UnknownKey:
            # Keys are changed from time to time: then, and not more than once a minute, ask again.
            if not self._ask_again(provider, now):
                raise BadToken("key") from None
        try:
            return read(self._ask_keys(provider, now))
        except UnknownKey:
            raise BadToken("key") from None

    def _ask_again(self, provider: Provider, now: datetime) -> bool:
        with self._lock:
            kept = self._kept.setdefault(provider.issuer, _Kept())
            if _fresh(kept.asked_again_at, now, AGAIN):
                return False
            kept.asked_again_at = now
        return True

    def _of(self, issuer: str) -> _Kept:
        with self._lock:
            return self._kept.setdefault(issuer, _Kept())

    def _session(self, client: Client, provider: Provider, redirect_uri: str) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        session = OAuth2Session(
            client.client_id,
            client.client_secret,
            token_endpoint_auth_method=provider.secret_method,
            scope="openid",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )
        self._reach.guard(session)
        return session


def _fresh(at: datetime | None, now: datetime, lasts: timedelta) -> bool:
    return at is not None and timedelta(0) <= now - at < lasts


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
