"""How pages look: templates, the GOV.UK macros, dates in words, and the built style sheet.

Every door of the portal relies on `dress` having been called once on the application.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from flask_babel import Babel
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import (
    BytecodeCache,
    ChainableUndefined,
    ChoiceLoader,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)
from jinja2.bccache import Bucket

PACKAGE = Path(__file__).resolve().parents[1]
STATIC = Path(__file__).resolve().parent / "static"
LONDON = ZoneInfo("Europe/London")


class CompiledInMemory(BytecodeCache):
    """Compiled templates, kept for the applications of one process and never on a disk."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template was compiled before, from the same source."""
        compiled = self._compiled.get(f"{bucket.key}{bucket.checksum}")
        if compiled is not None:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[f"{bucket.key}{bucket.checksum}"] = bucket.bytecode_to_string()


COMPILED = CompiledInMemory()


class StylesMissing(RuntimeError):
    """The style sheet and scripts have not been built in this checkout."""


def dress(app: Flask) -> None:
    """Give the application its templates, filters, macros, language and built files.

    Templates are found in `templates/` beside the package in a checkout, and inside it in a wheel.
    Autoescape is on for all of them, whatever their names end in. Undefined names are empty, for
    the GOV.UK macros are written so.

    Raises StylesMissing if `make setup` has not built the style sheet, for a page without it is
    not one to put before people.
    """
    build = _current_build()
    app.static_folder = str(STATIC)
    if "static" not in app.view_functions:
        app.add_url_rule(
            "/static/<path:filename>", endpoint="static", view_func=app.send_static_file
        )
    environment = app.jinja_env
    environment.undefined = ChainableUndefined
    environment.autoescape = True
    environment.bytecode_cache = COMPILED
    environment.loader = ChoiceLoader(
        [
            FileSystemLoader(template_folder()),
            PrefixLoader(
                {
                    name: PackageLoader(name)
                    for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")
                }
            ),
        ]
    )
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en_GB")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Europe/London")
    Babel(app)
    WTFormsHelpers(app)
    environment.filters |= {
        "uk_date": uk_date,
        "uk_time": uk_time,
        "uk_datetime": uk_datetime,
        "iso_datetime": iso_datetime,
    }

    def asset(name: str) -> str:
        return url_for("static", filename=f"built/{build}/{name}")

    environment.globals["asset"] = asset


def template_folder() -> Path:
    """Where the portal's templates are: `portal/templates` in a wheel, else the checkout's."""
    packed = PACKAGE / "templates"
    return packed if packed.is_dir() else PACKAGE.parent / "templates"


def uk_date(moment: date | datetime) -> str:
    """'14 May 2026', in London if a moment is given.

    Raises ValueError if a moment without a time zone is given.
    """
    day = _in_london(moment) if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%B} {day.year}"


def uk_time(moment: datetime) -> str:
    """'9:02am', '5pm', 'midday' or 'midnight', in London (GOV.UK style guide, 'Times').

    Raises ValueError if the moment has no time zone.
    """
    there = _in_london(moment)
    if there.minute == 0 and there.hour in (0, 12):
        return "midday" if there.hour else "midnight"
    hour = there.hour % 12 or 12
    minutes = f":{there:%M}" if there.minute else ""
    return f"{hour}{minutes}{'am' if there.hour < 12 else 'pm'}"


def uk_datetime(moment: datetime) -> str:
    """'14 May 2026 at 9:02am', in London.

    Raises ValueError if the moment has no time zone.
    """
    return f"{uk_date(moment)} at {uk_time(moment)}"


def iso_datetime(moment: datetime) -> str:
    """'2026-05-14T09:02:00+01:00', for the `datetime` attribute of a `time` element.

    Raises ValueError if the moment has no time zone.
    """
    return _in_london(moment).isoformat(timespec="seconds")


def _in_london(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment without a time zone could be any of several")
    return moment.astimezone(LONDON)


def _current_build() -> str:
    try:
        return (STATIC / "built" / "current").read_text("ascii")
    except FileNotFoundError as missing:
        raise StylesMissing("The style sheet is not built yet: run `make setup`.") from missing
