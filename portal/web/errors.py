"""Every refusal and failure becomes a page here, with words that say what to do and tell nothing.

A person who is not signed in sees one and the same page for whatever they may not reach. Nothing
of what was being handled (no local variable, no text of a form) reaches a page or the log.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.documents.child import NoSeat
from portal.documents.limits import MIB
from portal.domain.extracts import BothWays
from portal.journeys.agencies.at_home import KeptElsewhere
from portal.journeys.changed import Changed
from portal.journeys.deed import ClockDoubted
from portal.journeys.dormancy.require_awake import Dormant
from portal.journeys.keys.alarm import raise_alarm
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.opening.opened import NotGiven, Spoilt
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.ledger.errors import RecordBehind
from portal.policy.judge import Refused
from portal.policy.rulebook import lacking
from portal.policy.verdict import Why
from portal.storage.store import StorageError
from portal.web import drafts
from portal.web.current import count_attempt, parts, present, signed_in
from portal.web.door import page
from portal.web.refusals import STATUS, words_for

Answer = tuple[str, int]
log = logging.getLogger("portal.web")


def refusal(why: Why) -> Answer:
    """The page for a signed-in person who was refused."""
    found = signed_in()
    telephone = found.area.phone if found else ""
    if why is Why.TOO_MANY:
        return page("errors/429.html", words=words_for(why, telephone)), STATUS[why]
    body = page("errors/refused.html", words=words_for(why, telephone), telephone=telephone)
    return body, STATUS.get(why, 403)


def _refused(error: Refused) -> Answer:
    found, why = signed_in(), error.why
    if found is None:
        return outsider(404)
    if found.waiting & lacking(error.action, why):
        why = Why.CANNOT_OPEN_YET
    return refusal(why)


def _not_given(_error: NotGiven) -> Answer:
    return refusal(Why.NOT_THERE) if signed_in() else outsider(404)


def _changed(error: Changed) -> Answer:
    return page("errors/changed.html", words=error.words, again=drafts.page_of_form()), 409


def _both_ways(_error: BothWays) -> Answer:
    return page("errors/both_ways.html", again=drafts.page_of_form()), 409


def _code_refused(error: CodeRefused) -> Answer:
    return page("errors/403.html", words=error.words), 403


def _kept_elsewhere(error: KeptElsewhere) -> Answer:
    return page("errors/403.html", words=error.words), 403


def _dormant(error: Dormant) -> Answer:
    g.portal_session = None
    return page("account/dormant.html", since=error.since, phone=error.phone), 403


def _clock_doubted(_error: ClockDoubted) -> Answer:
    return page("errors/clock.html"), 503


def _record_behind(_error: RecordBehind) -> Answer:
    log.error("the record in the database is not the one that was seen last: see portal ledger")
    return page("errors/record.html"), 503


def _key_alarm(error: KeyAlarm) -> Answer:
    found = present()
    count_attempt("key_alarm")
    if found is not None:
        raise_alarm(parts().house, found.person.area_id, error)
    return page("errors/stopped.html"), 409


def _spoilt(error: Spoilt) -> Answer:
    count_attempt(f"spoilt_{error.what}"[:40])
    found = signed_in()
    return page("errors/spoilt.html", telephone=found.area.phone if found else ""), 409


def _storage(error: StorageError) -> Answer:
    full = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.ENOSPC
    log.error("storage: %s", type(error).__name__)
    return page("errors/503.html"), 507 if full else 503


def _room_full(_error: RoomFull | NoSeat) -> Answer:
    return page("errors/503.html"), 503


def _database(error: OperationalError) -> Answer:
    log.error("database: %s", type(error.orig).__name__)
    return page_without_database(), 507 if "full" in str(error.orig) else 503


def _old_token(_error: CSRFError) -> Answer:
    drafts.keep_own()
    return page("errors/token.html", again=drafts.page_of_form()), 400


def _http(error: HTTPException) -> Answer:
    return for_status(error.code or 500)


def _last_resort(error: Exception) -> Answer:
    # The type only: a message or a traceback may quote what somebody typed.
    log.error("%s at %s", type(error).__qualname__, request.endpoint)
    return page_without_database("errors/500.html"), 500


HANDLERS: Mapping[type[Exception], Callable[[Any], Answer]] = {
    Refused: _refused,
    NotGiven: _not_given,
    Changed: _changed,
    BothWays: _both_ways,
    CodeRefused: _code_refused,
    KeptElsewhere: _kept_elsewhere,
    ClockDoubted: _clock_doubted,
    RecordBehind: _record_behind,
    Dormant: _dormant,
    KeyAlarm: _key_alarm,
    Spoilt: _spoilt,
    StorageError: _storage,
    RoomFull: _room_full,
    NoSeat: _room_full,
    OperationalError: _database,
    CSRFError: _old_token,
    HTTPException: _http,
    Exception: _last_resort,
}


def attach(app: Flask) -> None:
    """Register the handlers."""
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, handler)


def for_status(status: int) -> Answer:
    """The page of a status that the framework answered with."""
    if status == 404:
        return refusal(Why.NOT_THERE) if signed_in() else outsider(404)
    if status == 413:
        return page("errors/413.html", most=parts().house.limits.bytes // MIB), status
    if status in (400, 403, 405, 429, 503):
        return page(f"errors/{status}.html"), status
    if status >= 500:
        return page_without_database("errors/500.html"), status
    return page("errors/400.html"), status


def outsider(status: int) -> Answer:
    """The one page for everybody who is not signed in."""
    return page("errors/outsider.html"), status


def page_without_database(template: str = "errors/503.html") -> str:
    """A page that says nothing of who looks at it, for when nothing can be read."""
    g.portal_session = None
    return page(template)
