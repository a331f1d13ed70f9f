"""The forms with which the unit sends, takes back and gives more time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovTextArea,
)
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.domain.clocks import from_london
from portal.domain.ids import PersonId, VersionId
from portal.domain.meetings import Presence
from portal.web.coordinator.fields import ClockField, DayField
from portal.web.forms import CodeField, PaperFileForm, PortalForm

LONGEST = 1000


def _reason(label: Any, hint: Any, *required: Any) -> TextAreaField:
    most = Length(max=LONGEST, message=_l("Write at most %(max)d characters."))
    return TextAreaField(
        label, [*(required or (Optional(),)), most], widget=GovTextArea(), description=hint
    )


def _clock(label: Any, hint: Any) -> ClockField:
    return ClockField(label, [InputRequired(_l("Write a time such as 10:30."))], description=hint)


class ArrangeForm(PortalForm):
    """The times of a pack; `arrange_form` adds a tick and a place for each paper, and `kept`,
    whose values are "person version"."""

    opens_on = DayField(_l("Can be read from"), _l("Type the day from which it can be read."))
    opens_at = _clock(_l("From what time"), _l("Such as 9:00."))
    closes_on = DayField(_l("Can be read until"), _l("Type the day until which it can be read."))
    closes_at = _clock(_l("Until what time"), _l("Such as 23:59."))
    kept = SelectMultipleField(choices=[])

    @property
    def opens(self) -> datetime:
        return moment_of(self.opens_on, self.opens_at)

    @property
    def closes(self) -> datetime:
        return moment_of(self.closes_on, self.closes_at)

    def order(self, versions: Sequence[VersionId]) -> list[VersionId]:
        """The papers that are ticked, by their numbers; without one, behind the others."""
        ticked = [version for version in versions if self[f"in_{version}"].data]
        return sorted(ticked, key=lambda version: self[f"tab_{version}"].place)

    def kept_back(self) -> dict[PersonId, frozenset[VersionId]]:
        held: dict[PersonId, set[VersionId]] = {}
        for value in self.kept.data or ():
            person, _space, version = value.partition(" ")
            held.setdefault(PersonId(person), set()).add(VersionId(version))
        return {person: frozenset(versions) for person, versions in held.items()}


class PlaceField(StringField):  # type: ignore[misc]
    """A place in an order: a whole number, or nothing."""

    LAST = 1000

    @property
    def place(self) -> int:
        """The number; behind every other where there is none."""
        text = (self.data or "").strip()
        return int(text) if text else self.LAST

    def pre_validate(self, form: object) -> None:  # noqa: ARG002 - the shape WTForms calls
        text = (self.data or "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise ValidationError(_("Write a whole number, such as 2."))


def arrange_form(
    versions: Mapping[VersionId, str], people: Mapping[PersonId, str]
) -> type[ArrangeForm]:
    """The form for these papers (titles) and people (names)."""
    fields: dict[str, Any] = {
        "kept": SelectMultipleField(
            choices=[
                SelectChoice(f"{person} {version}", "") for person in people for version in versions
            ],
            validate_choice=True,
        )
    }
    for version, title in versions.items():
        fields[f"in_{version}"] = BooleanField(title)
        fields[f"tab_{version}"] = PlaceField(_("Place of %(title)s", title=title))
    return type("ArrangeThese", (ArrangeForm,), fields)


class ConfirmForm(PortalForm):
    """What was on the page, and who it is that confirms it."""

    digest = HiddenField(validators=[InputRequired()])
    reason = _reason(
        _l("Why you send it all the same"),
        _l("Because of the warnings above. Kept sealed for the unit."),
    )
    code = CodeField()


class PackConfirmForm(ConfirmForm):
    """Besides: what its readers may do."""

    download = BooleanField(
        _l("Readers may download their copy"),
        default=True,
        description=_l(
            "Without it they read it here, page by page. A saved copy cannot be called back."
        ),
        widget=GovCheckboxInput(),
    )


class TakeBackForm(PortalForm):
    """Why; it may be left empty."""

    reason = _reason(
        _l("Why you take it back (optional)"), _l("Kept sealed for the unit. Speed comes first.")
    )


class MoreTimeForm(PortalForm):
    """Until when, and why."""

    until_on = DayField(_l("Can be read until"), _l("Type the new last day."))
    until = _clock(_l("Until what time"), _l("Such as 23:59."))
    reason = _reason(
        _l("Why they need more time"),
        _l("Kept sealed for the unit."),
        InputRequired(_l("Say why they need more time.")),
    )


class DutyForm(PortalForm):
    """A duty to consider (rule 53)."""

    reason = _reason(
        _l("What they must consider, and why they must"),
        _l("At least 20 characters. Kept sealed for the unit."),
        InputRequired(_l("Say what duty they have.")),
    )
    until = DayField(_l("Can be read until"), _l("Type the last day on which they can read them."))


class LockForm(PortalForm):
    """The register that was on the page."""

    digest = HiddenField(validators=[InputRequired()])


class MinutesFileForm(PaperFileForm):
    """The minutes."""

    file = FileField(_l("File with the minutes"), widget=GovFileInput())


PRESENCE = {
    Presence.ATTENDED: _l("Attended"),
    Presence.PART: _l("Attended in part"),
    Presence.APOLOGIES: _l("Sent apologies"),
    Presence.ABSENT: _l("Absent"),
}


def register_form(people: Mapping[PersonId, str]) -> type[PortalForm]:
    """One choice for each of these people (names); nothing is chosen beforehand."""
    fields: dict[str, Any] = {
        f"of_{person}": RadioField(
            name,
            [InputRequired(_("Choose what is true of %(name)s.", name=name))],
            widget=GovRadioInput(),
            choices=[SelectChoice(each.value, words) for each, words in PRESENCE.items()],
        )
        for person, name in people.items()
    }
    return type("RegisterOfThese", (PortalForm,), fields)


def moment_of(day: DayField, at: ClockField) -> datetime:
    """London's day and time as a UTC moment; only after both were found valid."""
    return from_london(day.day, at.data.hour, at.data.minute)
