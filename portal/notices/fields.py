"""What each field of a notice may hold, and how it reads in a letter.

All fields arrive as strings, so that an outbox row can keep them as JSON: dates and times in ISO
form, as the area's clocks show them. Each is read strictly and put into words here, so no text
typed by anybody reaches a letter except the area's own name, number and case references.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time

from portal.domain.papers import FORMS

_AREA = re.compile(r"[A-Z][A-Za-z]*(?:(?: |-|, | & |')[A-Za-z]+){0,9}")
_REFERENCE = re.compile(r"(?=[^0-9]*[0-9])[A-Z0-9]+(?:[/-][A-Z0-9]+){0,5}")
_PHONE = re.compile(r"\+?[0-9]{2,6}(?: [0-9]{2,6}){0,4}")
_PATH = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/|(?=\Z)))*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class BadField(ValueError):
    """A notice was asked for with a field that is missing, unknown or not allowed.

    The message names the field, never its value: it may be the very thing a notice must not hold.
    """


def area(value: str) -> str:
    """The area's name: plain words, 60 characters at most."""
    return _shaped("area", value, _AREA, 60)


def reference(value: str) -> str:
    """A case or meeting reference: capitals, digits, / and -, with at least one digit.

    A person's name never has this shape.
    """
    return _shaped("reference", value, _REFERENCE, 40)


def phone(value: str) -> str:
    """The unit's telephone number: digits and spaces."""
    return _shaped("phone", value, _PHONE, 20)


def path(value: str) -> str:
    """The path of a page of the portal: identifiers only, no query, no fragment, no dot-dot."""
    return _shaped("path", value, _PATH, 200)


def form(value: str) -> str:
    """A form code (`domain.papers.FORMS`), put as what is asked for."""
    if value not in FORMS:
        raise BadField("form")
    return FORMS[value]


def by(value: str) -> str:
    """Who did it, of those who may."""
    if value not in _BY:
        raise BadField("by")
    return _BY[value]


def day(value: str) -> str:
    """`2026-05-28` reads "Thursday 28 May 2026"."""
    return _in_words(_day(value))


def clock(value: str) -> str:
    """`14:30` reads "2:30pm", `10:00` "10am", `12:00` "midday" and `00:00` "midnight"."""
    return _clock(_time(value))


def moment(value: str) -> str:
    """`2026-05-28T17:00` reads "5pm on Thursday 28 May 2026"."""
    the_day, found, the_time = value.partition("T")
    if not found:
        raise BadField("not a moment")
    return f"{_clock(_time(the_time))} on {_in_words(_day(the_day))}"


_BY = {"unit": "Somebody of the unit", "spoc": "The single point of contact of an agency"}

READERS: Mapping[str, Callable[[str], str]] = {
    "area": area,
    "reference": reference,
    "by": by,
    "date": day,
    "time": clock,
    "form": form,
    "due": day,
    "opens": moment,
    "until": moment,
    "path": path,
    "phone": phone,
}


def _shaped(name: str, value: str, shape: re.Pattern[str], longest: int) -> str:
    if len(value) > longest or not shape.fullmatch(value):
        raise BadField(name)
    return value


def _day(value: str) -> date:
    if not _DAY.fullmatch(value):
        raise BadField("not a day")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadField("not a day") from None


def _time(value: str) -> time:
    if not _TIME.fullmatch(value):
        raise BadField("not a time")
    try:
        return time.fromisoformat(value)
    except ValueError:
        raise BadField("not a time") from None


def _in_words(value: date) -> str:
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def _clock(value: time) -> str:
    if value == time(0):
        return "midnight"
    if value == time(12):
        return "midday"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"
