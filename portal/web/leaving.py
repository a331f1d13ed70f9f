"""Going on to the next page."""

from __future__ import annotations

from flask import g, redirect, session
from werkzeug.wrappers import Response


def go(path: str) -> Response:
    """See the next page: a path of this portal (`door.local_path` for what came from outside)."""
    return redirect(path, 303)


def rotate_token() -> None:
    """A new token for forms: when somebody signs in or out, forms from before it count no more."""
    session.clear()
    g.pop("csrf_token", None)
