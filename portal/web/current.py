"""Who this request is from, and the parts it may use.

The cookie is our own: 32 random bytes that complete the key of a server-side session. Flask-Login
reads it through its request loader and keeps nothing of its own; forging its session or remember
cookies gives nothing.
"""

from __future__ import annotations

import base64
import binascii
from typing import Protocol, cast

from flask import Flask, Request, current_app, g, request
from flask_login import LoginManager
from werkzeug.wrappers import Response

from portal.crypto.session import SECRET_SIZE, new_secret
from portal.journeys.count_attempt import count_attempt as count
from portal.journeys.house import House, Who
from portal.journeys.signing_in.late_forms import left_by, name_of
from portal.journeys.signing_in.recall import Locked, Over, Recalled, recall
from portal.records.sessions import Stage
from portal.settings import Settings


class Parts(Protocol):
    """What the wiring hands to the doors."""

    @property
    def settings(self) -> Settings: ...

    @property
    def house(self) -> House: ...


class Visitor:
    """A living session as Flask-Login sees it: somebody only when wholly signed in."""

    is_anonymous = False

    def __init__(self, recalled: Recalled) -> None:
        self.recalled = recalled

    @property
    def is_authenticated(self) -> bool:
        return self.recalled.stage is Stage.SIGNED_IN

    is_active = is_authenticated

    def get_id(self) -> str:
        return self.recalled.person.id


def parts() -> Parts:
    """The parts this application was built with."""
    return cast(Parts, current_app.extensions["portal"])


def present() -> Recalled | None:
    """The living session of this request, at whatever stage; read once a request."""
    found = _found()
    return found if isinstance(found, Recalled) else None


def signed_in() -> Recalled | None:
    """The living session of this request, if it is wholly signed in."""
    found = present()
    return found if found is not None and found.stage is Stage.SIGNED_IN else None


def the_signed_in() -> Recalled:
    """The session of the signed-in person. Only for routes that declare an action."""
    found = signed_in()
    if found is None:
        raise RuntimeError("nobody is signed in: the route declared no action")
    return found


def the_half_way() -> Recalled:
    """The session that waits for its second factor. Only for routes that declare `half_way`."""
    found = present()
    if found is None or found.stage is not Stage.PASSPHRASE:
        raise RuntimeError("nobody is half way in: the route declared something else")
    return found


def act_as(acting: Recalled) -> None:
    """From here on this request acts as the same person in another of their areas."""
    g.portal_session = acting


def locked() -> Locked | None:
    """The session of this request, if its screen is locked."""
    found = _found()
    return found if isinstance(found, Locked) else None


def me() -> Who:
    """The signed-in person of this request. Only for routes that declare an action."""
    return the_signed_in().who()


def writer_of_late_post() -> Over | None:
    """Whose session this request comes from, when that session is over."""
    found = _found()
    if isinstance(found, Over):
        return found
    given = _decoded(request.cookies.get(_name("left"), ""))
    return None if given is None else left_by(parts().house, given)


def count_attempt(kind: str) -> None:
    """Note in the security log what an outsider tried."""
    count(parts().house, kind, address())


def address() -> str:
    """The connection's address (the proxy's word for it only where one is configured)."""
    return request.remote_addr or ""


def give_cookie(response: Response, secret: bytes) -> None:
    """Hand the secret of a session to the browser."""
    _set(response, "portal", encode(secret))
    response.delete_cookie(_name("left"), path="/", secure=parts().settings.tls)


def take_cookie(response: Response, session_id: bytes) -> None:
    """Take the secret back. What stays names an ended row, signed, so that a form which is still
    open in another tab can be kept for its writer; it opens nothing."""
    response.delete_cookie(_name("portal"), path="/", secure=parts().settings.tls)
    _set(response, "left", encode(name_of(parts().house, session_id)), max_age=3600)


def take_everything(response: Response) -> None:
    """Leave nothing of ours in a browser that others use."""
    for name in ("portal", "left", "device", "shut", "sign-on", "ticket", "agency", "leaving"):
        response.delete_cookie(_name(name), path="/", secure=parts().settings.tls)
    response.headers["Clear-Site-Data"] = '"*"'


def forget_pages(response: Response) -> None:
    """Let the Back button find nothing: a session was seen to be locked or over.

    Chromium keeps pages for the Back button although they say `no-store`, with what they showed,
    unless a cookie that scripts cannot read has changed since. This one is for nothing else: it is
    different each time, and is never read. (`Clear-Site-Data: "cache"` leaves such pages.)
    """
    _set(response, "shut", encode(new_secret()))


def had_session() -> bool:
    """Whether the browser holds a session of whatever kind, also one that is over."""
    return _name("portal") in request.cookies


def device_token() -> str | None:
    """What this browser was given after an earlier sign-in."""
    return request.cookies.get(_name("device"))


def give_device(response: Response, token: str) -> None:
    """Remember this browser for half a year; it proves nothing and only slows nobody down."""
    _set(response, "device", token, max_age=180 * 24 * 3600)


def keep_sign_on(response: Response, name: str, sealed: bytes, seconds: int) -> None:
    """Let the browser keep what a single sign-on needs; sealed, so it tells nothing."""
    text = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
    _set(response, name, text, max_age=seconds)


def kept_sign_on(name: str) -> bytes | None:
    """What the browser kept under this name, if it can be read at all."""
    return _decoded(request.cookies.get(_name(name), ""))


def drop_sign_on(response: Response, name: str) -> None:
    """Nothing more is kept under this name."""
    response.delete_cookie(_name(name), path="/", secure=parts().settings.tls)


def encode(secret: bytes) -> str:
    """The secret as a cookie carries it: base64url without padding."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes | None:
    """The 32 bytes, or None unless the text is exactly how they are written."""
    try:
        secret = base64.b64decode(text.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return secret if len(secret) == SECRET_SIZE and encode(secret) == text else None


def _decoded(text: str) -> bytes | None:
    """The bytes of a cookie of any length, if it can be read at all."""
    try:
        return base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, UnicodeEncodeError):
        return None


def attach(app: Flask) -> None:
    """Let Flask-Login ask us, and nobody else, who this is."""
    login = LoginManager()
    login.session_protection = None
    login.init_app(app)
    app.config["REMEMBER_COOKIE_NAME"] = "portal has no remember cookie"

    @login.request_loader  # type: ignore[untyped-decorator]
    def load(_request: Request) -> Visitor | None:
        found = present()
        return Visitor(found) if found is not None else None


def _found() -> Recalled | Over | None:
    if "portal_session" not in g:
        text = request.cookies.get(_name("portal"))
        secret = decode(text) if text else None
        found = None if secret is None else recall(parts().house, secret)
        g.portal_session = found
        if text and found is None:
            count_attempt("session")
    return cast("Recalled | Over | None", g.portal_session)


def _name(name: str) -> str:
    return f"__Host-{name}" if parts().settings.tls else name


def _set(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        _name(name),
        value,
        max_age=max_age,
        path="/",
        secure=parts().settings.tls,
        httponly=True,
        samesite="Lax",
    )
