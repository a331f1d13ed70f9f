"""Health and readiness, which tell nothing, and the pages about the portal itself."""

from __future__ import annotations

from flask import Response

from portal.journeys.running.answers import answers
from portal.web.door import Door, page, parts, public

door = Door("public", __name__)

MACHINES = "asked by whatever watches the server; it tells nothing"
ABOUT = "what the portal says about itself"


@door.get("/healthz", action=public(MACHINES))
def health() -> Response:
    """The process answers."""
    return Response(status=204)


@door.get("/readyz", action=public(MACHINES))
def ready() -> Response:
    """The database answers too."""
    return Response(status=204 if answers(parts().house) else 503)


@door.get("/accessibility", action=public(ABOUT))
def accessibility() -> str:
    return page("public/accessibility.html")


@door.get("/cookies", action=public(ABOUT))
def cookies() -> str:
    return page("public/cookies.html", tls=parts().settings.tls)


@door.get("/protects", action=public(ABOUT))
def protects() -> str:
    return page("public/protects.html")
