"""Gunicorn as the portal runs it: threads, few workers, its timers, and a log that tells nothing.

Imported by `portal serve` alone, so that no other command loads the web.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from portal.cli.renewal import AFTER_SECONDS, Renewal
from portal.jobs.timers import Timers, jobs_of
from portal.settings import Settings
from portal.wiring import wire

_PLAIN = re.compile(r"[a-z][a-z-]{0,19}(?:\.[a-z]{2,4})?\Z")


def shape(path: str) -> str:
    """The path as the log may hold it: its plain words, and a star for everything else.

    Identifiers are not secret, but the token of a joining link is, and both look alike.
    """
    return "/".join(
        part if not part or _PLAIN.match(part) else "*" for part in path[:500].split("/")
    )


class QuietLogger(Logger):  # type: ignore[misc]
    """Logs when, how and how long: no address of a person, no query, no name, no token."""

    def access(self, resp: Any, _req: Any, environ: Any, request_time: timedelta) -> None:
        """One line for one request."""
        if self.access_log_enabled:
            self.access_log.info(
                "%s %s %s %s %.3f",
                self.now(),
                environ.get("REQUEST_METHOD", "-"),
                shape(environ.get("PATH_INFO", "")),
                str(resp.status).partition(" ")[0],
                request_time.total_seconds(),
            )


class Server(BaseApplication):  # type: ignore[misc]
    """The server for these settings. Parts are wired in each worker, after the fork."""

    def __init__(
        self,
        settings: Settings,
        bind: str,
        workers: int,
        threads: int,
        renew_after: float = AFTER_SECONDS,
    ) -> None:
        self._settings = settings
        self._given = {"bind": bind, "workers": workers, "threads": threads}
        self._renew_after = renew_after
        self._timers: Timers | None = None
        self._renewal: Renewal | None = None
        super().__init__()

    def load_config(self) -> None:
        """Gunicorn's settings; nothing is read from its own files or environment."""
        fixed = {
            "worker_class": "gthread",
            "umask": 0o077,
            "accesslog": "-",
            # Nothing manages this server from outside; a socket would only be one more door.
            "control_socket_disable": True,
            "logger_class": QuietLogger,
            "timeout": 120,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            # The portal itself reads what a proxy says, and only where one is configured.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "post_worker_init": self._begin,
            "worker_exit": self._end,
            "pre_request": self._request_begins,
            "post_request": self._request_ends,
        }
        for name, value in {**fixed, **self._given}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, and the timers beside it."""
        from portal import create_app

        # Gunicorn writes this into every answer, and offers no setting for it.
        wsgi.SERVER = "portal"
        _log_to_stderr()
        wired = wire(self._settings)
        self._timers = Timers(wired.house, jobs_of(wired.house, wired.sender, wired.writer))
        clock = wired.house.clock
        self._renewal = Renewal(self._renew_after, lambda: clock.trouble(None, None) is None)
        return create_app(wired)

    def _begin(self, _worker: Any) -> None:
        if self._timers is not None:
            self._timers.start()
        if self._renewal is not None:
            self._renewal.start()

    def _end(self, _server: Any, _worker: Any) -> None:
        if self._timers is not None:
            self._timers.stop(10.0)
        if self._renewal is not None:
            self._renewal.stop()

    def _request_begins(self, _worker: Any, request: Any) -> None:
        if self._renewal is not None:
            self._renewal.begins(request)

    def _request_ends(self, _worker: Any, request: Any, _environ: Any, _answer: Any) -> None:
        if self._renewal is not None:
            self._renewal.ends(request)


def _log_to_stderr() -> None:
    """What the portal itself logs: counts and kinds of errors, never what it was handling."""
    log = logging.getLogger("portal")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
