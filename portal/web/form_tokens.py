"""The token of a form: that it is from our own page, and in whose sitting that page was shown.

The first part is Flask-WTF's, and decides whether a form is taken. The second is there while
somebody is signed in; a locked screen shows forms without it. It decides only whether a form that
came too late is kept for its writer.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from wtforms import ValidationError
from wtforms.csrf.core import CSRF

from portal.journeys.signing_in.late_forms import shown_in, was_shown_to
from portal.journeys.signing_in.recall import Over
from portal.web.current import decode, encode, parts, signed_in

BETWEEN = "~"
"""Stands in neither part."""


class Tokens(CSRFProtect):  # type: ignore[misc]
    """Checks the first part of every form's token."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = token
        app.context_processor(lambda: {"csrf_token": token})

    def _get_csrf_token(self) -> str | None:
        given: str | None = super()._get_csrf_token()
        return None if given is None else given.partition(BETWEEN)[0]


class TokenField(CSRF):  # type: ignore[misc]
    """The token in a form of WTForms. The application has checked it before any form is made."""

    def generate_csrf_token(self, _field: Any) -> str:
        return token()

    def validate_csrf_token(self, _form: Any, _field: Any) -> None:
        if not g.get("csrf_valid", False):
            raise ValidationError


def token() -> str:
    """The token for a form of the page that is being shown."""
    found = signed_in()
    first = str(generate_csrf())
    if found is None:
        return first
    return f"{first}{BETWEEN}{encode(shown_in(parts().house, found.session))}"


def is_of(writer: Over) -> bool:
    """Whether the form of this request was shown in the sitting of this writer."""
    proof = decode(request.form.get("csrf_token", "").partition(BETWEEN)[2])
    return proof is not None and was_shown_to(parts().house, writer, proof)
