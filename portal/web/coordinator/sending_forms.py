"""The forms with which the unit sends, takes back and gives more time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
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
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.domain.clocks import from_london
from portal.domain.ids import PersonId, VersionId
from portal.domain.meetings import Presence
from portal.domain.packs import Others
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator.fields import ClockField, DayField
from portal.web.forms import PaperFileForm, PortalForm

LONGEST = 1000


def _reason(label: Any, hint: Any, *required: Any) -> TextAreaField:
    most = Length(max=LONGEST, message=_l("Write at most %(max)d characters."))
    return TextAreaField(
        label, [*(required or (Optional(),)), most], widget=GovTextArea(), description=hint
    )


def _clock(label: Any, hint: Any) -> ClockField:
    return ClockField(label, [InputRequired(_l("Write a time such as 10:30."))], description=hint)


AS = (
    ("", _l("In the pack")),
    (Others.SIGNPOST.value, _l("Restricted annex: others see that further information is held")),
    (Others.NOTHING.value, _l("Restricted annex: others see nothing of it")),
)
"""How a paper goes. A restricted annex cannot be chosen without what others see of it."""


class ArrangeForm(PortalForm):
    """The times of a pack; `arrange_form` adds a tick, a place and a kind for each paper, and
    `gets`, whose values are "person version"."""

    opens_on = DayField(_l("Can be read from"), _l("Type the day from which it can be read."))
    opens_at = _clock(_l("From what time"), _l("Such as 9:00."))
    closes_on = DayField(_l("Can be read until"), _l("Type the day until which it can be read."))
    closes_at = _clock(_l("Until what time"), _l("Such as 23:59."))
    gets = SelectMultipleField(choices=[])
    looked = SelectMultipleField(choices=[])
    """The papers whose column was shown as that of a restricted annex."""

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

    def given(self) -> dict[PersonId, frozenset[VersionId]]:
        """Who was chosen for what: papers, and extracts instead of them."""
        found: dict[PersonId, set[VersionId]] = {}
        for value in filter(None, self.gets.data or ()):
            person, _space, version = value.partition(" ")
            found.setdefault(PersonId(person), set()).add(VersionId(version))
        return {person: frozenset(versions) for person, versions in found.items()}

    def ticked(self, version: VersionId) -> frozenset[PersonId]:
        """Those who were chosen for the whole of this paper."""
        return frozenset(person for person, papers in self.given().items() if version in papers)

    def untick(self, version: VersionId) -> None:
        """Nobody is chosen for the whole of this paper."""
        self.gets.data = [v for v in self.gets.data or () if v.partition(" ")[2] != version]

    def annexes(self, versions: Sequence[VersionId]) -> dict[VersionId, Others]:
        """The ticked papers that are restricted annexes, with what others see of them."""
        kinds = {version: self[f"as_{version}"].data or "" for version in self.order(versions)}
        return {version: Others(kind) for version, kind in kinds.items() if kind}


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
    versions: Mapping[VersionId, str],
    people: Mapping[PersonId, str],
    extracts: Sequence[VersionId] = (),
) -> type[ArrangeForm]:
    """The form for these papers (titles), the extracts of them, and people (names)."""
    fields: dict[str, Any] = {
        "gets": SelectMultipleField(
            choices=[
                SelectChoice("", ""),
                *(
                    SelectChoice(f"{person} {version}", "")
                    for person in people
                    for version in (*versions, *extracts)
                ),
            ],
            validate_choice=True,
        ),
        "looked": SelectMultipleField(choices=[SelectChoice(each, "") for each in versions]),
    }
    for version, title in versions.items():
        fields[f"in_{version}"] = BooleanField(title)
        fields[f"tab_{version}"] = PlaceField(_("Place of %(title)s", title=title))
        fields[f"as_{version}"] = SelectField(
            _("How %(title)s goes", title=title),
            [Optional()],
            default="",
            choices=[SelectChoice(value, words) for value, words in AS],
        )
    return type("ArrangeThese", (ArrangeForm,), fields)


class ConfirmForm(ActForm):
    """What was on the page, and who it is that confirms it."""

    digest = HiddenField(validators=[InputRequired()])
    reason = _reason(
        _l("Why you send it all the same"),
        _l("Because of the warnings above. Kept sealed for the unit."),
    )
    code = ActCodeField()


class SaveableForm(ConfirmForm):
    """Besides: what its readers may do."""

    download = BooleanField(
        _l("Readers may download their copy"),
        default=True,
        description=_l(
            "Without it they read it here, page by page. A saved copy cannot be called back."
        ),
        widget=GovCheckboxInput(),
    )


class AnnexForm(ConfirmForm):
    """Besides: what readers of a restricted annex may do, where nothing is ticked beforehand."""

    download = BooleanField(
        _l("Readers may download their copy"),
        default=False,
        description=_l("Without it they read it here, page by page."),
        widget=GovCheckboxInput(),
    )


class PackConfirmForm(SaveableForm):
    """Besides: the same of each restricted annex, and what is to happen with late reports. Nothing
    of it is ticked beforehand."""

    # Which annexes there are, the sending finds under the lock; an unknown one chosen means none.
    download_annexes = SelectMultipleField(
        _l("Which restricted annexes may their readers download?"),
        choices=[],
        validate_choice=False,
        description=_l("One that you do not tick they read here, page by page."),
        widget=GovCheckboxesInput(),
    )
    late = BooleanField(
        _l("Reports that come late go to these readers at once"),
        default=False,
        description=_l(
            "Only those asked for by now, only to those who get the whole pack, as addenda, until "
            "the meeting begins. Nobody looks at them first. You can withdraw this at any time."
        ),
        widget=GovCheckboxInput(),
    )

    def offer(self, annexes: Mapping[VersionId, str]) -> None:
        """Ask about these annexes, told by their titles."""
        self.download_annexes.choices = [
            SelectChoice(each, title) for each, title in annexes.items()
        ]


class AddendumForm(PortalForm):
    """Where a late paper belongs, and whom it is for; `addendum_form` knows the choices."""

    after = RadioField(choices=[])
    to = SelectMultipleField(choices=[])


def addendum_form(tabs: Mapping[int, str], people: Mapping[PersonId, str]) -> type[AddendumForm]:
    """The form for these tabs and people (in words). Nobody is ticked beforehand."""
    fields: dict[str, Any] = {
        "after": RadioField(
            _("Where does it belong?"),
            [InputRequired(_("Choose where it belongs."))],
            widget=GovRadioInput(),
            choices=[SelectChoice(str(tab), words) for tab, words in tabs.items()],
        ),
        "to": SelectMultipleField(
            _("Who gets it?"),
            [InputRequired(_("Choose at least one person."))],
            widget=GovCheckboxesInput(),
            choices=[SelectChoice(person, words) for person, words in people.items()],
            description=_("Nobody gets it whom you do not tick."),
        ),
    }
    return type("AddendumOfThese", (AddendumForm,), fields)


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


class MinutesCheckForm(PortalForm):
    """Which of the examined files becomes the draft."""

    candidate = HiddenField()


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
