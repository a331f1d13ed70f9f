"""Settings are read once, and what makes no sense is refused with the name of the setting."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from portal.documents.limits import MIB, Limits
from portal.documents.scan import Clamd, NoScanner
from portal.settings import BadSettings, Settings, from_environment
from portal.wiring import _scanner

HERE = {"PORTAL_DATA": "/srv/portal", "PORTAL_BASE_URL": "https://portal.example.org"}


def told(**more: str) -> Settings:
    return from_environment(HERE | {f"PORTAL_{name}": value for name, value in more.items()})


def test_without_a_word_the_limits_are_the_usual_ones() -> None:
    assert told().limits == Limits()
    assert isinstance(_scanner(told()), NoScanner)
    assert not _scanner(told()).scans


@pytest.mark.parametrize("field", fields(Limits), ids=lambda field: field.name)
def test_every_limit_is_a_setting(field: object) -> None:
    name = field.name  # type: ignore[attr-defined]
    limits = told(**{f"LIMIT_{name.upper()}": "7"}).limits
    assert getattr(limits, name) == 7
    assert {each.name for each in fields(Limits) if getattr(limits, each.name) == 7} == {name}


def test_seconds_may_be_parts_of_one() -> None:
    assert told(LIMIT_WALL_SECONDS="2.5").limits.wall_seconds == 2.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIMIT_PAGES", "many"),
        ("LIMIT_PAGES", ""),
        ("LIMIT_PAGES", "0"),
        ("LIMIT_PAGES", "-1"),
        ("LIMIT_PAGES", "1.5"),
        ("LIMIT_PAGES", "99999999999999"),
        ("LIMIT_WALL_SECONDS", "nan"),
        ("LIMIT_BYTES", str(50 * MIB + 1)),
        ("LIMIT_PAGE", "10"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"PORTAL_{name}"):
        told(**{name: value})


def test_the_scanner_is_the_one_that_is_named() -> None:
    assert _scanner(told(CLAMD="/run/clamav/clamd.ctl")) == Clamd(Path("/run/clamav/clamd.ctl"))
    assert _scanner(told(CLAMD="")) == NoScanner()
