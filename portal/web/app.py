"""Building the application: its look, its headers, its guard, its doors."""

from __future__ import annotations

import logging
import pkgutil
from importlib import import_module
from typing import Any

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

import portal.web
from portal.crypto.derive import derive
from portal.crypto.serverkeys import KeyKind
from portal.web import current, door, drafts, errors, headers, look, places
from portal.web.form_tokens import Tokens
from portal.web.intake import BoundedRequest, bound

log = logging.getLogger("portal.web")

HEALTH = frozenset({"public.health", "public.ready"})
"""Asked by machines that know the server by its number, not by its name; they tell nothing."""

csrf = Tokens()


class Quiet(Flask):
    """An application whose last words are the kind of an error, never its text or its trace."""

    @property
    def secret_key(self) -> str:  # type: ignore[override]
        """Signs the token of forms and the notices of the next page; nothing else hangs on it.

        Of the oldest session key in use, so that every worker has the same while one is replaced,
        and a form that stood open meanwhile is taken.
        """
        parts: current.Parts = self.extensions["portal"]
        oldest = parts.house.server_keys.in_use(KeyKind.SESSION)[-1]
        return derive(oldest, "portal/v1/form-token").hex()

    def log_exception(self, exc_info: Any) -> None:
        log.error("%s beyond every handler at %s", exc_info[0].__qualname__, request.endpoint)


def build(parts: current.Parts) -> Flask:
    """The application for these parts. Raises StylesMissing where `make setup` was not run."""
    settings = parts.settings
    app = Quiet("portal.web", static_folder=None, template_folder=None)
    app.request_class = BoundedRequest
    app.extensions["portal"] = parts
    prefix = "__Host-" if settings.tls else ""
    app.config.update(
        SESSION_COOKIE_NAME=f"{prefix}csrf",
        SESSION_COOKIE_SECURE=settings.tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=True,
        PROPAGATE_EXCEPTIONS=False,
    )
    bound(app, parts.house.limits.bytes)

    @app.before_request
    def refuse_other_hosts() -> None:
        if request.endpoint not in HEALTH and request.host != settings.host:
            abort(400)

    headers.protect(app, settings.tls)
    look.dress(app)
    current.attach(app)
    csrf.init_app(app)

    @app.before_request
    def guard() -> Response | None:
        return door.guard()

    @app.before_request
    def check_token() -> None:
        if request.method in headers.SAFE_METHODS or request.endpoint is None:
            return
        if not isinstance(door.DOORS.get(request.endpoint), door.Signed):
            csrf.protect()

    @app.after_request
    def forget_draft(response: Response) -> Response:
        if request.method == "POST" and response.status_code in (302, 303):
            drafts.forget_here()
        return response

    errors.attach(app)
    for found in doors():
        app.register_blueprint(found)
    app.wsgi_app = places.Placed(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )
    return app


def doors() -> list[door.Door]:
    """Every door in the rooms of portal.web, in the order of their modules' names."""
    found: list[door.Door] = []
    for module in pkgutil.walk_packages(portal.web.__path__, "portal.web."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, door.Door) and value not in found:
                found.append(value)
    return found
