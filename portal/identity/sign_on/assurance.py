"""How sure the provider is: that two factors were given, and not long ago.

What is demanded is asked for, and then looked for in what comes back. A provider that leaves it
out has proved nothing, whatever it was asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.identity.sign_on.client import CLAIM, Demand, Proof
from portal.identity.sign_on.id_token import LEEWAY


class TooWeak(Exception):
    """The sign-in at the provider was not what is demanded; `.why`: `claim_missing`,
    `claim_other`, `time_missing` or `too_old`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def asking(demand: Demand, *, address: bool = False) -> dict[str, str]:
    """The further parameters of the request that ask for what is demanded; `address`: also which
    e-mail address the provider vouches for, if it does."""
    asked = {"max_age": str(int(demand.longest.total_seconds()))}
    wanted: dict[str, Any] = {"auth_time": {"essential": True}}
    if demand.proof is Proof.ACR:
        asked["acr_values"] = " ".join(demand.accepted)
        wanted["acr"] = {"essential": True, "values": list(demand.accepted)}
    elif demand.proof is Proof.ENTRA:
        wanted["acrs"] = {"essential": True, "value": demand.accepted[0]}
    else:
        wanted["amr"] = {"essential": True}
    if address:
        wanted |= {"email": None, "email_verified": None}
    return asked | {"claims": json.dumps({"id_token": wanted}, separators=(",", ":"))}


def prove(claims: Mapping[str, Any], demand: Demand, now: datetime) -> datetime:
    """When the person proved who they are to the provider. Raises TooWeak."""
    told = claims.get(CLAIM[demand.proof])
    said = [told] if isinstance(told, str) and demand.proof is not Proof.AMR else told
    if not isinstance(said, list) or not said or (demand.proof is Proof.ACR and said is told):
        raise TooWeak("claim_missing")
    if not any(isinstance(one, str) and one in demand.accepted for one in said):
        raise TooWeak("claim_other")
    moment = claims.get("auth_time")
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise TooWeak("time_missing")
    age = now.timestamp() - moment
    if (
        not -LEEWAY.total_seconds()
        <= age
        <= demand.longest.total_seconds() + (LEEWAY.total_seconds())
    ):
        raise TooWeak("too_old")
    return datetime.fromtimestamp(min(moment, now.timestamp()), UTC)


def vouched_address(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider says it has verified; empty where it vouches for none.

    It is compared with an invitation and never says who somebody is (OpenID Connect Core 1.0,
    section 5.7).
    """
    told, verified = claims.get("email"), claims.get("email_verified")
    # Some providers write the truth as a word.
    vouches = verified is True or verified == "true"
    return told if vouches and isinstance(told, str) else ""
