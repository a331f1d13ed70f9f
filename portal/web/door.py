"""Doors: routes that declare what they are for, and what every door needs to answer.

A route with an action is for signed-in people; the journey behind it asks the judge. A route
without one says why. A request to a route that declared nothing is not answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.policy.actions import Action
from portal.records.sessions import Stage
from portal.web import drafts, form_tokens, places
from portal.web.current import (
    forget_pages,
    had_session,
    locked,
    me,
    parts,
    present,
    signed_in,
    writer_of_late_post,
)
from portal.web.menu import me_context

__all__ = [
    "DOORS",
    "Declared",
    "Door",
    "Open",
    "Signed",
    "StageOnly",
    "foreign_answer",
    "joining",
    "local_path",
    "me",
    "page",
    "parts",
    "pdf_answer",
    "public",
    "signed",
]

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Open:
    """Anybody may come here, and this is why."""

    why: str


@dataclass(frozen=True)
class Signed(Open):
    """A server comes here, no browser: what it posts carries a signature of its own, and no token
    of a form."""


@dataclass(frozen=True)
class StageOnly:
    """Only a session at this stage may come here; others are sent to `otherwise`."""

    stage: Stage
    otherwise: str = "account.sign_in"


Declared = Action | Open | StageOnly

DOORS: dict[str, Declared] = {}
"""What each endpoint declared."""

joining = StageOnly(Stage.JOINING, "account_join.again")
half_way = StageOnly(Stage.PASSPHRASE)
recovering = StageOnly(Stage.RECOVERING, "account_recover.start")


def public(why: str) -> Open:
    """A route without an action, with the reason for it."""
    return Open(why)


def signed(why: str) -> Signed:
    """A route for another server's signed word, with the reason for it."""
    return Signed(why)


class Door(Blueprint):
    """A blueprint whose every route declares its action.

    One function may stand behind a GET and a POST with an action each; `url_for` may name either.
    """

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self._taken: set[str] = set()

    def get(self, rule: str, *, action: Declared, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._door("GET", rule, action, options)

    def post(self, rule: str, *, action: Declared, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self._door("POST", rule, action, options)

    def _door(
        self, method: str, rule: str, action: Declared, options: dict[str, Any]
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            endpoint = options.pop("endpoint", view.__name__)
            if endpoint in self._taken:
                endpoint = f"{endpoint}_{method.lower()}"
            self._taken.add(endpoint)
            DOORS[f"{self.name}.{endpoint}"] = action
            self.add_url_rule(rule, endpoint, view, methods=[method], **options)
            return view

        return register


def guard() -> AnyResponse | None:
    """Before each request: let in whom the route is for, send the others to sign in.

    Whoever had a session and is sent away finds none of its pages behind the Back button.
    """
    answer = _sent_elsewhere()
    if answer is not None and had_session() and signed_in() is None:
        forget_pages(answer)
    return answer


def _sent_elsewhere() -> AnyResponse | None:
    if request.endpoint in (None, "static"):
        return None
    declared = DOORS[str(request.endpoint)]
    if isinstance(declared, Open):
        return None
    if isinstance(declared, StageOnly):
        found = present()
        if found is not None and found.stage is declared.stage:
            return None
        return redirect(url_for(declared.otherwise))
    found = signed_in()
    if found is not None:
        return places.settle(found, declared)
    if request.method not in ("GET", "HEAD"):
        writer = writer_of_late_post()
        if writer is not None and form_tokens.is_of(writer):
            drafts.keep_late(writer)
        where = drafts.page_of_form()
    else:
        where = request.full_path if request.query_string else request.path
        where = f"{request.script_root}{where}"
    gate = "account.sign_in" if locked() is None else "account_lock.locked"
    return redirect(url_for(gate, next=where))


def page(template: str, *, marking: bool = False, reference: str = "", **values: Any) -> str:
    """Render a page for whoever is there. `marking` with the case's `reference` on every page
    with case content (rule 34)."""
    found = signed_in()
    if found is not None and "me" not in values:
        values["me"] = me_context(found, request.path, request.script_root)
    if marking:
        values["marking"] = {"case": reference}
    if g.get("kept_draft") and "notice" not in values:
        values["notice"] = {"kind": "information", "text": drafts.KEPT}
    return render_template(template, **values)


def pdf_answer(body: bytes, filename: str) -> Response:
    """A PDF to be saved, never shown on our own origin and never kept by a proxy.

    `filename` is ours: letters, digits, dots and dashes; anything else in it becomes a dash.
    """
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in filename)
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    response.headers["Content-Length"] = str(len(body))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def foreign_answer(body: bytes, filename: str) -> Response:
    """Foreign bytes, as somebody uploaded them: to be saved, and never opened by the browser."""
    response = pdf_answer(body, filename)
    response.mimetype = "application/octet-stream"
    return response


def local_path(text: str | None) -> str:
    """Where to go next: a path of this portal, or the first page for anything else."""
    if not text or not text.startswith("/") or len(text) > 500:
        return "/"
    if text.startswith("//") or "\\" in text or any(ord(c) < 33 or ord(c) == 127 for c in text):
        return "/"
    parsed = urlsplit(text)
    if parsed.scheme or parsed.netloc or parsed.path.startswith(("/sign-", "//")):
        return "/"
    return quote(text, safe="/?=&%-._~:@!$'()*+,;")
