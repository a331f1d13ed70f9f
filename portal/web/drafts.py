"""What somebody typed and could not send: kept sealed to them, and put back into the form.

Secrets are never kept, nor files, nor what ties a form to one moment.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from flask import current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from portal.journeys.keep_draft import drop_draft, keep_draft, keep_own_draft, read_draft
from portal.journeys.signing_in.recall import Over
from portal.web import places
from portal.web.current import parts, signed_in

KEPT = "We kept what you typed. Check it, then send it again."
NEVER_KEPT = frozenset(
    {
        "csrf_token",
        "next",
        "code",
        "passkey",
        "answer",
        "prf",
        "client_secret",
        "digest",
        "passphrase",
        "password",
        "new_passphrase",
        "recovery_code",
        "suggested",
        "group",
        "joining_words",
    }
)
LONGEST = 64 * 1024


def typed() -> bytes | None:
    """The fields of this request as they may be kept, or None where there is nothing to keep."""
    try:
        pairs = [
            [name, value]
            for name, value in request.form.items(multi=True)
            if name not in NEVER_KEPT
        ]
    except HTTPException:
        return None
    clear = json.dumps(pairs).encode()
    return clear if pairs and len(clear) <= LONGEST else None


def page_of_form() -> str:
    """The page on which the form of this request stands: a path of ours that can be looked at.

    Mostly the form's own address; where that only takes forms, the page the browser came from.
    """
    adapter = current_app.create_url_adapter(request)
    came_from = urlsplit(request.referrer or "")
    ours = came_from.netloc == request.host
    for path in (places.here(), came_from.path if ours else ""):
        shown = places.split(path)[1]
        if shown.startswith("/") and adapter is not None and adapter.test(shown, "GET"):
            return path
    return "/"


def keep_late(writer: Over) -> None:
    """Keep a form that came after its session was over."""
    clear = typed()
    if clear is not None:
        keep_draft(parts().house, writer, page_of_form(), clear)


def keep_own() -> None:
    """Keep a form of the signed-in person that could not be taken."""
    found, clear = signed_in(), typed()
    if found is not None and clear is not None:
        keep_own_draft(parts().house, found.who(), page_of_form(), clear)


def keep_of(path: str) -> None:
    """Keep what came with a locked screen as the draft of the form on the page that was shown."""
    found, clear = signed_in(), typed()
    shown, adapter = urlsplit(path).path, current_app.create_url_adapter(request)
    if found is None or clear is None or adapter is None:
        return
    if adapter.test(places.split(shown)[1], "GET"):
        keep_own_draft(parts().house, found.who(), shown, clear)
        g.draft_kept_now = True


def kept_here() -> MultiDict[str, str] | None:
    """The kept fields of the form at this address, if the person has any."""
    found = signed_in()
    if found is None:
        return None
    clear = read_draft(parts().house, found.who(), places.here())
    if clear is None:
        return None
    g.kept_draft = True
    return MultiDict([(str(name), str(value)) for name, value in json.loads(clear)])


def forget_here() -> None:
    """The form at this address went through: nothing of it need be kept."""
    found = signed_in()
    if found is not None and not g.get("draft_kept_now"):
        drop_draft(parts().house, found.who(), page_of_form())
