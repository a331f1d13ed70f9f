"""Health and readiness, which tell nothing, and the pages about the portal itself."""

from __future__ import annotations

from flask import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.records.database import reading
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
    try:
        with reading(parts().house.engine) as db:
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response(status=503)
    return Response(status=204)


@door.get("/accessibility", action=public(ABOUT))
def accessibility() -> str:
    return page("public/accessibility.html")


@door.get("/cookies", action=public(ABOUT))
def cookies() -> str:
    return page("public/cookies.html", tls=parts().settings.tls)


@door.get("/protects", action=public(ABOUT))
def protects() -> str:
    return page("public/protects.html")
