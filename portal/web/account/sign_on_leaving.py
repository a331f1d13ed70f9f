"""Signing out at one's agency too, after signing out here (OpenID Connect RP-Initiated Logout)."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import url_for

from portal.domain.ids import AgencyId
from portal.journeys.views.providers import leaving
from portal.web import current
from portal.web.door import parts

AGENCY = "agency"


def out_address() -> str:
    """The address of this portal to which a provider sends people whom it has signed out."""
    return parts().settings.base_url.rstrip("/") + url_for("account.signed_out")


def provider_to_leave() -> tuple[str, str] | None:
    """The agency through which this browser signed in, and where it signs people out."""
    kept = current.kept_sign_on(AGENCY)
    found = leaving(parts().house, AgencyId(kept.decode("ascii", "replace"))) if kept else None
    if found is None:
        return None
    name, address, client_id = found
    told = urlencode({"client_id": client_id, "post_logout_redirect_uri": out_address()})
    return name, f"{address}{'&' if '?' in address else '?'}{told}"
