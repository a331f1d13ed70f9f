"""Reading an ID token: the signature of a known key, and every claim that binds it to this
sign-in, here, now.

Authlib checks what the standard demands; what it leaves to its callers is checked here as well:
an audience that is this client alone, an issuer that is exactly the one on record, algorithms of
public keys only, the key that the header names and no other, a short leeway. Source: OpenID
Connect Core 1.0, section 3.1.3.7; RFC 8725.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from portal.identity.sign_on.provider import Provider

if TYPE_CHECKING:
    from joserfc.jwk import Key

LEEWAY = timedelta(seconds=30)
"""How far a provider's clock may be from ours."""

OLDEST = timedelta(minutes=10)
"""A token is read within seconds of being made; one that is older was kept."""

_FAMILY = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
_HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_PUBLIC_PARTS = ("kty", "n", "e", "crv", "x", "y", "alg")
_LONGEST_TOKEN = 16 * 1024
SHORTEST_RSA = 2048
ID_TOKEN = frozenset({"jwt"})


class UnknownKey(Exception):
    """The header names a key that the provider has not published, as far as we know."""


class BadToken(Exception):
    """The token does not count. `.why` is one of a few words of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Expected:
    """What this sign-in's token must say."""

    client_id: str
    nonce: str
    access_token: str | None


def public_keys(told: Mapping[str, Any]) -> dict[str, Key]:
    """The provider's keys for signatures, by name. One that is weak, secret or unnamed is left
    out; a name that stands for two is left out altogether."""
    found: dict[str, Key] = {}
    twice = set()
    listed = told.get("keys")
    for one in listed if isinstance(listed, list) else []:
        key = _key(one)
        if key is None:
            continue
        name = one["kid"]
        if name in found:
            twice.add(name)
        found[name] = key
    return {name: key for name, key in found.items() if name not in twice}


def read_id_token(
    text: object, keys: Mapping[str, Key], provider: Provider, expected: Expected, now: datetime
) -> dict[str, Any]:
    """The claims. Raises UnknownKey, BadToken."""
    claims, header = signed(text, keys, provider, ID_TOKEN)
    _check(claims, header, provider, expected, now)
    return claims


def signed(
    text: object, keys: Mapping[str, Key], provider: Provider, kinds: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Claims and header of a token that the provider signed; `kinds` are the types (`typ`) that it
    may have. Nothing else of it has been looked at. Raises UnknownKey, BadToken.
    """
    from joserfc import jws, jwt  # loaded when a token is first read, as below
    from joserfc.errors import JoseError

    if not isinstance(text, str) or not text.isascii() or len(text) > _LONGEST_TOKEN:
        raise BadToken("missing")
    header = _header(text, provider, kinds)
    key = keys.get(header["kid"])
    if key is None:
        raise UnknownKey
    if not _fits(key, header["alg"]):
        raise BadToken("key")
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    try:
        token = jwt.decode(text, key, registry=registry)
    except (JoseError, ValueError, TypeError):
        raise BadToken("signature") from None
    return token.claims, dict(token.header)


def _header(text: str, provider: Provider, kinds: frozenset[str]) -> dict[str, Any]:
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        header = jws.extract_compact(text.encode()).protected
    except (JoseError, ValueError, TypeError):
        raise BadToken("malformed") from None
    if header.get("alg") not in provider.algorithms:
        raise BadToken("algorithm")
    # A key or an address of one in the header (jwk, jku, x5u, x5c) is the forger's own; `crit`
    # names what must be understood, and nothing of it is.
    if not set(header) <= _HEADER or not isinstance(header.get("kid"), str):
        raise BadToken("header")
    if str(header.get("typ", "JWT")).lower() not in kinds:
        raise BadToken("header")
    return header


def _check(
    claims: dict[str, Any],
    header: Mapping[str, Any],
    provider: Provider,
    expected: Expected,
    now: datetime,
) -> None:
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    require_for_us(claims, provider, expected.client_id, now)
    if "azp" in claims and claims["azp"] != expected.client_id:
        raise BadToken("audience")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode("utf-8", "replace"), expected.nonce.encode()
    ):
        raise BadToken("nonce")
    if not is_name(claims.get("sub")):
        raise BadToken("subject")
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": expected.client_id},
    }
    known = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
    try:
        CodeIDToken(claims, dict(header), options, known).validate(
            now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds())
        )
    except (JoseError, ValueError, TypeError, AttributeError):
        raise BadToken("claims") from None


def require_for_us(
    claims: Mapping[str, Any], provider: Provider, client_id: str, now: datetime
) -> None:
    """Of this very provider, for this client alone, made lately and not over. Raises BadToken."""
    _moments(claims, now)
    if claims.get("iss") != provider.issuer:
        raise BadToken("issuer")
    if claims.get("aud") not in (client_id, [client_id]):
        raise BadToken("audience")


def is_name(told: object) -> bool:
    """Whether this can be the provider's name for somebody, or for a session of theirs."""
    return isinstance(told, str) and 0 < len(told) <= 255 and told.isascii()


def _moments(claims: Mapping[str, Any], now: datetime) -> None:
    for name in ("exp", "iat"):
        told = claims.get(name)
        if isinstance(told, bool) or not isinstance(told, int | float):
            raise BadToken("time")
    at, slack = now.timestamp(), LEEWAY.total_seconds()
    if claims["exp"] <= at - slack:
        raise BadToken("expired")
    if not at - OLDEST.total_seconds() <= claims["iat"] <= at + slack:
        raise BadToken("time")


def _key(told: object) -> Key | None:
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey, import_key

    if not isinstance(told, dict) or told.get("use", "sig") != "sig":
        return None
    name = told.get("kid")
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        return None
    if told.get("kty") not in ("RSA", "EC"):
        return None
    try:
        key = import_key({part: told[part] for part in _PUBLIC_PARTS if part in told})
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if key.key_type == "EC":
        return key
    strong = isinstance(key, RSAKey) and key.public_key.key_size >= SHORTEST_RSA
    return key if strong else None


def _fits(key: Key, algorithm: str) -> bool:
    told = key.as_dict(private=False)
    if key.key_type != _FAMILY[algorithm[:2]] or told.get("alg", algorithm) != algorithm:
        return False
    return key.key_type != "EC" or told.get("crv") == _CURVES[algorithm]
