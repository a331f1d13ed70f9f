"""What a provider says of itself, and whether the portal can rely on it.

Each check has a name, so that the agency's IT can be told exactly which setting is missing.
Sources: OpenID Connect Discovery 1.0, sections 3 and 4.3; RFC 8414; RFC 9207; RFC 9700.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.identity.sign_on.addresses import NotReached, check_address
from portal.identity.sign_on.client import Client, Proof

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
)
"""Signatures that are taken: public keys only, so never `none` and never a shared secret."""

WELL_KNOWN = "/.well-known/openid-configuration"
SECRET_METHODS = ("client_secret_post", "client_secret_basic")
"""How the portal shows its secret, the first that the provider takes."""


class Check(StrEnum):
    """What is looked at, in the order in which it is shown."""

    REACHED = "reached"
    ISSUER = "issuer"
    ENDPOINTS = "endpoints"
    CODE = "code"
    PKCE = "pkce"
    SIGNATURE = "signature"
    SECRET = "secret"  # noqa: S105 - the name of a check
    KEYS = "keys"
    ASSURANCE = "assurance"


@dataclass(frozen=True)
class Looked:
    """One check: passed or not. `found` is why, in one of our own words; empty when it passed."""

    check: Check
    passed: bool
    found: str = ""


class NotRelied(Exception):
    """The provider does not do what the portal needs; `.looked` says what of it failed."""

    def __init__(self, looked: tuple[Looked, ...]) -> None:
        super().__init__(", ".join(one.check.value for one in looked if not one.passed))
        self.looked = looked


@dataclass(frozen=True)
class Provider:
    """What the portal needs to know. Addresses have been checked; `names_itself` says whether its
    answers carry the issuer (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    end_session: str
    algorithms: frozenset[str]
    secret_method: str
    names_itself: bool


def where(issuer: str) -> str:
    """The address at which an issuer tells of itself."""
    return issuer.rstrip("/") + WELL_KNOWN


def look(told: Mapping[str, Any], client: Client, *, trial: bool) -> tuple[Looked, ...]:
    """Every check of what the provider says of itself, also after one has failed."""
    challenge = told.get("code_challenge_methods_supported")
    acr = told.get("acr_values_supported")
    knows_acr = not isinstance(acr, list) or bool(set(_words(acr)) & set(client.demand.accepted))
    passed = {
        Check.ISSUER: told.get("issuer") == client.issuer,
        Check.ENDPOINTS: all(
            _is_address(told.get(name), trial=trial)
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ),
        Check.CODE: "code" in _words(told.get("response_types_supported")),
        # Entra does not say; whoever says must say S256, and it is used either way.
        Check.PKCE: challenge is None or "S256" in _words(challenge),
        Check.SIGNATURE: bool(_algorithms(told)),
        Check.SECRET: bool(_secret_method(told)),
        Check.ASSURANCE: client.demand.proof is not Proof.ACR or knows_acr,
    }
    return tuple(Looked(check, good) for check, good in passed.items())


def relied(told: Mapping[str, Any], client: Client, *, trial: bool) -> Provider:
    """The provider, where every check passes. Raises NotRelied."""
    looked = look(told, client, trial=trial)
    if not all(one.passed for one in looked):
        raise NotRelied(looked)
    leaving = told.get("end_session_endpoint")
    return Provider(
        issuer=client.issuer,
        authorization=told["authorization_endpoint"],
        token=told["token_endpoint"],
        keys=told["jwks_uri"],
        end_session=str(leaving) if _is_address(leaving, trial=trial) else "",
        algorithms=_algorithms(told),
        secret_method=_secret_method(told),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _words(told: object) -> list[str]:
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _algorithms(told: Mapping[str, Any]) -> frozenset[str]:
    return ALGORITHMS & set(_words(told.get("id_token_signing_alg_values_supported")))


def _secret_method(told: Mapping[str, Any]) -> str:
    # A provider that does not say takes the secret as HTTP Basic (Discovery 1.0, section 3).
    offered = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return next((method for method in SECRET_METHODS if method in _words(offered)), "")


def _is_address(told: object, *, trial: bool) -> bool:
    if not isinstance(told, str):
        return False
    try:
        check_address(told, trial=trial)
    except NotReached:
        return False
    return True
