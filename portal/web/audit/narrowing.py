"""What the record is narrowed to, read from the page's address.

The address holds identifiers and days only. What makes no sense is told beside its field, and the
rest counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.domain.deeds import Deed
from portal.journeys.record.read_record import Narrowed

_PARTS = ("day", "month", "year")


@dataclass(frozen=True)
class Asked:
    """What was asked, what is wrong with it (field -> words), and it all as it was typed."""

    narrowed: Narrowed
    errors: Mapping[str, str]
    typed: dict[str, Any]

    @property
    def anything(self) -> bool:
        return bool(self.typed)


def asked(args: Mapping[str, str]) -> Asked:
    """Read the fields of the address; unknown ones are passed over."""
    names = ["person", "case", "slot", "deed"]
    names += [f"{end}-{part}" for end in ("since", "until") for part in _PARTS]
    typed = {name: args[name].strip()[:60] for name in names if args.get(name, "").strip()}
    errors: dict[str, str] = {}
    since, until = (_day(typed, end, errors) for end in ("since", "until"))
    if since and until and until < since:
        errors["until"] = _("The last day must be the first day or after it.")
    deed = typed.get("deed")
    return Asked(
        Narrowed(
            person=typed.get("person", ""),
            case=typed.get("case", ""),
            slot=typed.get("slot", ""),
            deed=Deed(deed) if deed in set(Deed) else None,
            since=since,
            until=until,
        ),
        errors,
        typed,
    )


def _day(typed: Mapping[str, str], end: str, errors: dict[str, str]) -> date | None:
    parts = [typed.get(f"{end}-{part}", "") for part in _PARTS]
    if not any(parts):
        return None
    try:
        # The first and last years leave room for the hours between London and UTC.
        return date(max(int(parts[2]), 2000), int(parts[1]), int(parts[0]))
    except (ValueError, OverflowError):
        errors[end] = _("Enter a real day, like 27 3 2026.")
        return None
