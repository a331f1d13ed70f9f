"""The area in an address: `/in/<area>/...` is the same page, of another area than one's own.

Whoever belongs to one area never meets it. For whoever belongs to several, an address without an
area is in the one that keeps their account; a page whose thing is elsewhere is sent on, and nothing
that changes anything ever is. An area one does not belong to is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.chance import ID_LENGTH
from portal.domain.ids import AreaId
from portal.journeys.across.act_in import act_in
from portal.journeys.across.place_of import place_of
from portal.journeys.deed import looking
from portal.journeys.signing_in.recall import Recalled
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.current import act_as, parts

BEFORE = "/in/"
_KEY = "portal.area"
AT_HOME = frozenset(
    {action for action in Action if action.value.startswith("own:")} - {Action.OWN_WORDS_USE}
    | {Action.READER_HOME_READ}
)
"""What is about the account itself, or about every area at once."""

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Placed:
    """Takes the area off the front of the address, so that every link of the page keeps it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        area_id, rest = split(str(environ.get("PATH_INFO", "")))
        if area_id:
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}{BEFORE}{area_id}"
            environ["PATH_INFO"] = rest
            environ[_KEY] = area_id
        return self._app(environ, start_response)


def split(path: str) -> tuple[str, str]:
    """The area that a path names, or nothing, and the path without it."""
    if path.startswith(BEFORE):
        area_id, slash, rest = path.removeprefix(BEFORE).partition("/")
        if slash and len(area_id) == ID_LENGTH and area_id.isascii() and area_id.isalnum():
            return area_id, f"/{rest}"
    return "", path


def root_of(area_id: AreaId) -> str:
    """What stands before every address in this area."""
    return f"{BEFORE}{area_id}"


def here() -> str:
    """The path of this request as the browser has it."""
    return f"{request.script_root}{request.path}"


def settle(found: Recalled, action: Action) -> Response | None:
    """Let the signed-in person act in the area of this request, or send a page to its area."""
    area_id = request.environ.get(_KEY)
    if area_id is not None:
        acting = act_in(parts().house, found, AreaId(area_id))
        if acting is None:
            with looking(parts().house, found.actor()):
                raise Refused(action, Why.NOT_THERE)
        if action is Action.READER_HOME_READ:
            return redirect("/")
        if action not in AT_HOME:
            act_as(acting)
        return None
    if not found.elsewhere or action in AT_HOME or request.method not in ("GET", "HEAD"):
        return None
    place = place_of(parts().house, found, action, request.view_args or {})
    if place == found.person.area_id:
        return None
    asked = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return redirect(f"{root_of(place)}{request.path}{asked}")
