"""The doors of the record: read it, prove it, take it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal.domain.deeds import Deed
from portal.journeys.record.export_record import export_record
from portal.journeys.record.read_record import PAGE, RecordPage, Told, read_record
from portal.journeys.record.verify_record import verify_record
from portal.journeys.views.record import line_receipt, record_choices
from portal.policy.actions import Action
from portal.web.audit.deed_names import NAMES
from portal.web.audit.narrowing import asked
from portal.web.audit.words import sentence_of
from portal.web.door import Door, me, page, parts
from portal.web.look import uk_date

door = Door("record", __name__, url_prefix="/record")


@dataclass(frozen=True)
class Shown:
    """One line as the page shows it."""

    position: int
    at: datetime
    sentence: str
    leaf: str
    leaf_hash: str
    alarm: bool


@door.get("/", action=Action.RECORD_READ)
def read() -> str:
    given = asked(request.args)
    below = request.args.get("below", type=int)
    found = read_record(parts().house, me(), given.narrowed, below)
    choices = record_choices(parts().house, me())
    older = None
    if found.further is not None:
        older = url_for("record.read", below=found.further, **given.typed)
    return page(
        "audit/record.html",
        marking=True,
        things=[show(told, found) for told in found.lines],
        size=found.size,
        stopped_early=found.stopped_early,
        most=PAGE,
        older=older,
        newest=url_for("record.read", **given.typed) if below is not None else None,
        given=given,
        errors=[{"text": words, "href": f"#{name}-day"} for name, words in given.errors.items()],
        people=_items(choices.people, given.typed.get("person")),
        cases=_items(choices.cases, given.typed.get("case")),
        slots=_items(
            [(each, f"{case}, {uk_date(at)}") for each, case, at in choices.slots],
            given.typed.get("slot"),
        ),
        deeds=_items(
            sorted(((deed.value, str(name)) for deed, name in NAMES.items()), key=lambda i: i[1]),
            given.typed.get("deed"),
        ),
    )


@door.get("/verify", action=Action.RECORD_READ)
def verify() -> str:
    found = verify_record(parts().house, me())
    return page("audit/verify.html", back=url_for("record.read"), proof=found)


@door.get("/export", action=Action.RECORD_EXPORT)
def export() -> Response:
    return Response(
        export_record(parts().house, me()),
        mimetype="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="record.jsonl"'},
    )


@door.get("/<int:position>/receipt", action=Action.RECORD_READ)
def receipt(position: int) -> Response:
    text = line_receipt(parts().house, me(), position)
    name = f"receipt-of-line-{position}.txt"
    return Response(
        text,
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def show(told: Told, found: RecordPage) -> Shown:
    """The line with its sentence; a deed of another version of this program is named as it is."""
    try:
        sentence = sentence_of(Deed(told.entry.deed), told.fields, found.pointed)
    except (KeyError, ValueError):
        sentence = told.entry.deed
    return Shown(
        told.entry.position,
        told.entry.recorded_at,
        sentence,
        told.entry.leaf.decode("utf-8"),
        told.entry.leaf_hash.hex(),
        told.entry.deed in (Deed.KEY_ALARM, Deed.DEED_REFUSED),
    )


def _items(choices: Iterable[tuple[str, str]], chosen: str | None) -> list[dict[str, object]]:
    items: list[dict[str, object]] = [{"value": "", "text": _("All"), "selected": not chosen}]
    items += [{"value": v, "text": t, "selected": v == chosen} for v, t in choices]
    return items
