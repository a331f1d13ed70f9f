"""The answer that holds the picture of one page, or says in a picture that it can't be drawn."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, render_template

from portal.documents.refusal import RefusedPaper
from portal.documents.render import Picture


def drawn_answer(draw: Callable[[], Picture]) -> Response:
    """Whole or not at all: no part of a page comes by Range. What `draw` raises goes on, but for
    a page that a child process could not draw."""
    try:
        picture = draw()
    except RefusedPaper:
        body = render_template("attendee/not_drawn.svg")
        response = Response(body, mimetype="image/svg+xml", status=422)
    else:
        response = Response(picture.body_clear, mimetype=picture.kind.value)
    response.headers["Accept-Ranges"] = "none"
    response.headers["Content-Disposition"] = "inline"
    return response
