"""What is recorded of an agency's provider: its issuer, our name there, and what it must prove.

Sources: OpenID Connect Core 1.0, sections 2 and 3.1.3.7 (`acr`, `amr`, `auth_time`); Microsoft
Entra's authentication contexts (`acrs`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

LONGEST = timedelta(hours=8)
"""No sign-in at the provider that is older than this is ever taken."""

_WORD = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")


class Proof(StrEnum):
    """By what the provider proves that two factors were given."""

    ACR = "acr"
    AMR = "amr"
    ENTRA = "entra"


CLAIM: Mapping[Proof, str] = MappingProxyType(
    {Proof.ACR: "acr", Proof.AMR: "amr", Proof.ENTRA: "acrs"}
)
"""The claim of the ID token that carries each proof."""


class BadClient(ValueError):
    """A setting can't be: `.field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Demand:
    """One of `accepted` must be in the claim, and the sign-in at the provider younger than
    `longest`."""

    proof: Proof
    accepted: tuple[str, ...]
    longest: timedelta

    def __post_init__(self) -> None:
        if not self.accepted or not all(_WORD.fullmatch(one) for one in self.accepted):
            raise BadClient("accepted")
        if len(self.accepted) > 10 or len(set(self.accepted)) != len(self.accepted):
            raise BadClient("accepted")
        if not timedelta(minutes=1) <= self.longest <= LONGEST:
            raise BadClient("longest")


@dataclass(frozen=True)
class Client:
    """The portal as a client of one provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    demand: Demand

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.client_id):
            raise BadClient("client_id")
        if not re.fullmatch(r"[\x21-\x7e]{16,500}", self.client_secret):
            raise BadClient("client_secret")

    def encoded(self) -> bytes:
        """Canonical JSON: the same settings give the same bytes."""
        return json.dumps(
            {
                "issuer": self.issuer,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "proof": self.demand.proof.value,
                "accepted": list(self.demand.accepted),
                "longest": int(self.demand.longest.total_seconds()),
            },
            sort_keys=True,
            separators=(",", ":"),
        ).encode()


def decoded(raw: bytes) -> Client:
    """What `encoded` wrote. Raises ValueError or KeyError where it is anything else."""
    told = json.loads(raw)
    return Client(
        told["issuer"],
        told["client_id"],
        told["client_secret"],
        Demand(Proof(told["proof"]), tuple(told["accepted"]), timedelta(seconds=told["longest"])),
    )
