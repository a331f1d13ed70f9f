"""Signing out at one's agency too, after signing out here (OpenID Connect RP-Initiated Logout 1.0).

The portal keeps no ID token, so it names itself to the provider instead (`client_id`). What comes
back is believed only in the browser that was sent, by its `state`, and changes words alone.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId
from portal.journeys.views.providers import leaving
from portal.web import current
from portal.web.door import parts

AGENCY, LEAVING = "agency", "leaving"
SECONDS = 600


@dataclass(frozen=True)
class Leaving:
    """Where to go to be signed out at the agency too, and what the browser keeps meanwhile."""

    agency_id: AgencyId
    agency: str
    url: str
    state: str

    def keep(self, answer: Response) -> None:
        """Let the browser keep what it must bring back."""
        kept = f"{self.state} {self.agency_id}".encode()
        current.keep_sign_on(answer, LEAVING, kept, SECONDS)


def out_address() -> str:
    """The address of this portal to which a provider sends people whom it has signed out."""
    return parts().settings.base_url.rstrip("/") + url_for("account.signed_out")


def left_address(agency_id: AgencyId) -> str:
    """The address of this portal at which this agency's provider tells whom it has signed out."""
    return parts().settings.base_url.rstrip("/") + url_for("sign_on.left", agency_id=agency_id)


def signed_in_through() -> str | None:
    """The id of the agency through which this browser signed in, if it did."""
    kept = current.kept_sign_on(AGENCY)
    return kept.decode("ascii", "replace") if kept else None


def provider_to_leave() -> Leaving | None:
    """The agency that the page's address names, where it signs people out."""
    agency_id = AgencyId(request.args.get("agency", "")[:60])
    found = leaving(parts().house, agency_id) if agency_id else None
    if found is None:
        return None
    name, address, client_id = found
    state = secrets.token_urlsafe(32)
    told = urlencode(
        {"client_id": client_id, "post_logout_redirect_uri": out_address(), "state": state}
    )
    return Leaving(agency_id, name, f"{address}{'&' if '?' in address else '?'}{told}", state)


def agency_left() -> str:
    """The name of the agency at which this browser was signed out just now; empty where it was
    not, as far as we know."""
    kept = (current.kept_sign_on(LEAVING) or b"").decode("ascii", "replace")
    state, _, agency_id = kept.partition(" ")
    brought = request.args.get("state", "")
    if not state or not hmac.compare_digest(brought.encode("utf-8", "replace"), state.encode()):
        return ""
    found = leaving(parts().house, AgencyId(agency_id))
    return "" if found is None else found[0]
