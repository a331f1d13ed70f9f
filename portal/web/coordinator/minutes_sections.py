"""The fields of each section of the minutes' form. None is demanded here: what is unfinished is
kept, and what is missing is said after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from portal.domain.ids import AgencyId
from portal.domain.minutes_form import CHOICES, FIELDS, MOST_ROWS, ROWS, Section, Written
from portal.web.agency.forms import ThreePartDate
from portal.web.coordinator.fields import ClockField
from portal.web.forms import PortalForm

_LABELS: Mapping[str, tuple[object, object]] = {
    "put": (_l("Was the confidentiality statement put at the start of this case?"), ""),
    "put_at": (_l("At what time?"), _l("Such as 10:05.")),
    "information": (
        _l("What information was shared?"),
        _l("By agency. Leave out addresses of victims, children and others."),
    ),
    "risk": (
        _l("What is the risk?"),
        _l("Who is at risk, of what, how likely and how soon, and how it was assessed."),
    ),
    "supervision": (_l("Supervision"), ""),
    "monitoring": (_l("Monitoring and control"), ""),
    "interventions": (_l("Interventions and treatment"), ""),
    "victim_safety": (_l("Victim safety"), _l("Leave out where a victim lives.")),
    "informed": (
        _l("Is the individual told what was decided?"),
        _l("They are told unless there is a reason not to."),
    ),
    "by_whom": (_l("By whom are they told?"), _l("Only if told, or to be told.")),
    "ground": (_l("Why is it withheld?"), _l("Only if withheld: there is no other reason.")),
    "reason": (_l("What could happen if they were told?"), _l("Only if withheld.")),
    "considered": (_l("What did the meeting decide about disclosure?"), ""),
    "why_none": (_l("Why is none needed?"), _l("Only if none is needed.")),
    "to_whom": (_l("To whom?"), _l("Only if something is to be disclosed.")),
    "discloser": (_l("By whom?"), ""),
    "how": (_l("How?"), _l("Such as by telephone, or in person by two officers.")),
    "when": (_l("When?"), ""),
    "no_actions": (_l("No action was agreed"), ""),
    "level": (_l("Level from now on"), ""),
    "category": (_l("Category"), ""),
    "review_on": (_l("Day of the review"), _l("For example, 27 3 2026.")),
    "decision": (_l("Decision"), ""),
    "rationale": (_l("Rationale"), _l("Why the meeting decided so.")),
    "dissent": (_l("Differing views"), _l("Who saw it differently, and why. Leave empty if none.")),
    "action": (_l("What is to be done?"), ""),
    "agency": (_l("Which agency owns it?"), _l("One agency.")),
    "owner": (_l("Who does it?"), ""),
    "due": (_l("By when?"), _l("For example, 27 3 2026.")),
}
LABELS: Mapping[str, object] = {name: label for name, (label, _hint) in _LABELS.items()}
"""The question of each field."""

_LONG = frozenset(
    {"information", "risk", "supervision", "monitoring", "interventions", "victim_safety",
     "reason", "why_none", "how", "to_whom", "decision", "rationale", "dissent", "action"}
)  # fmt: skip
_DAYS = frozenset({"due", "review_on"})
_ROW = re.compile(r"([a-z_]+)_([0-9]{1,2})")


class DayOrNone(ThreePartDate):
    """A day as three inputs, which may all be empty."""

    def __init__(self, label: object, **kwargs: Any) -> None:
        super().__init__(label, format="%d %m %Y", **kwargs)


class ClockOrNone(ClockField):
    """A time of day, which may be left empty."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if any(value.strip() for value in valuelist):
            super().process_formdata(valuelist)


class SectionForm(PortalForm):
    """One section: `digest` is what it was when the page was made."""

    digest = HiddenField()

    def written(self) -> dict[str, str]:
        """What was typed, as the journey takes it; only after the form was found valid."""
        found = {}
        for name, field in self._fields.items():
            if name in ("digest", "csrf_token"):
                continue
            text = _text(field.data)
            if text:
                found[name] = text
        return found


def section_form(
    section: Section, agencies: Mapping[AgencyId, str], number_of_rows: int
) -> type[SectionForm]:
    """The form of this section, with so many rows where it is a list."""
    fields = {name: _field(name, agencies) for name in FIELDS[section]}
    for place in range(1, number_of_rows + 1):
        fields |= {f"{name}_{place}": _field(name, agencies) for name in ROWS.get(section, ())}
    return type("SectionOfMinutes", (SectionForm,), fields)


def rows_of(section: Section, names: Iterable[str], spare: int) -> int:
    """How many rows a list needs for fields of these names, with so many empty ones below."""
    wanted = ROWS.get(section, ())
    if not wanted:
        return 0
    used = [int(m[2]) for name in names if (m := _ROW.fullmatch(name)) and m[1] in wanted]
    return max(1, min(MOST_ROWS, max(used, default=0) + spare))


def blocks(section: Section, form: SectionForm, number_of_rows: int) -> list[dict[str, Any]]:
    """For the template: the fields that stand once, then each row under a legend of its own."""
    legend = {
        Section.DECISIONS: lambda n: _("Decision %(number)d", number=n),
        Section.ACTIONS: lambda n: _("Action %(number)d", number=n),
    }
    once = [{"legend": "", "fields": [form[name] for name in FIELDS[section]]}]
    return once + [
        {
            "legend": legend[section](place),
            "fields": [form[f"{name}_{place}"] for name in ROWS[section]],
        }
        for place in range(1, number_of_rows + 1)
    ]


def initial(written: Written) -> dict[str, Any]:
    """What is written, as the fields take it."""
    found: dict[str, Any] = {}
    for name, text in written.items():
        kind = _kind(name)
        if kind in _DAYS:
            found[name] = date.fromisoformat(text)
        elif kind == "put_at":
            found[name] = time.fromisoformat(text)
        elif kind == "no_actions":
            found[name] = True
        else:
            found[name] = text
    return found


def label_of(name: str) -> str:
    """The question of a field, with the number of its row in a list."""
    numbered = _ROW.fullmatch(name)
    kind = _kind(name)
    return f"{numbered[2]}. {LABELS[kind]}" if numbered and kind != name else str(LABELS[kind])


def _kind(name: str) -> str:
    numbered = _ROW.fullmatch(name)
    return numbered[1] if numbered and numbered[1] in _LABELS else name


def _field(kind: str, agencies: Mapping[AgencyId, str]) -> Field:
    label, hint = _LABELS[kind]
    if kind == "no_actions":
        return BooleanField(label, widget=GovCheckboxInput())
    if kind == "agency":
        choices = {"": ""} | {str(each): named for each, named in agencies.items()}
        return SelectField(
            label, [Optional()], widget=GovSelect(), choices=choices, description=hint
        )
    if kind in CHOICES:
        return RadioField(
            label, [Optional()], widget=GovRadioInput(), choices=dict(CHOICES[kind]),
            description=hint,
        )  # fmt: skip
    if kind in _DAYS:
        return DayOrNone(label, description=hint)
    if kind == "put_at":
        return ClockOrNone(label, description=hint)
    if kind in _LONG:
        return TextAreaField(label, widget=GovTextArea(), description=hint)
    return StringField(label, widget=GovTextInput(), description=hint)


def _text(data: Any) -> str:
    if isinstance(data, bool):
        return "y" if data else ""
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, time):
        return f"{data:%H:%M}"
    return str(data or "")
