"""The forms with which the unit prepares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.ids import AgencyId
from portal.domain.listing import LONGEST_LIST
from portal.domain.meetings import CAPACITY_WORDS
from portal.domain.papers import FORMS
from portal.journeys.meetings.invite_to_slot import LONGEST_REASON
from portal.journeys.meetings.open_case import NewCase
from portal.journeys.reports.ask_for_report import ASKABLE
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator import words
from portal.web.coordinator.fields import ClockField, DayField, choices
from portal.web.forms import PortalForm

MOST_CASES = 8
"""Cases that one form plans for a day; a meeting rarely hears more."""


def _text(label: Any, missing: Any, longest: int = 120, **kwargs: Any) -> StringField:
    return StringField(
        label,
        [
            InputRequired(missing),
            Length(max=longest, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextInput(),
        **kwargs,
    )


def _choose(label: Any, missing: Any, **kwargs: Any) -> SelectField:
    return SelectField(label, [InputRequired(missing)], widget=GovSelect(), **kwargs)


class LinkedForm(PortalForm):
    """How an area reaches an agency that another entered: all but its secure way."""

    spoc = StringField(
        _l("Its single point of contact"),
        [Optional(), Length(max=120)],
        widget=GovTextInput(),
    )
    deputy = StringField(
        _l("The deputy of its single point of contact"),
        [Optional(), Length(max=120)],
        widget=GovTextInput(),
    )
    mailbox = StringField(
        _l("Its team mailbox"),
        [Optional(), Length(max=254)],
        widget=GovTextInput(),
        description=_l("An address of the team. It receives notices and never signs in."),
    )
    phone = _text(_l("Telephone"), _l("Type the agency's telephone number."), 40)


class ReachedForm(LinkedForm):
    """How an agency is reached (rule 13)."""

    secure_way = StringField(
        _l("How it receives securely"),
        [Optional(), Length(max=200)],
        widget=GovTextInput(),
        description=_l("Such as CJSM. Nobody can be invited before this is recorded (rule 13)."),
    )


class AgencyForm(ReachedForm):
    """A new agency (rules 6 and 13)."""

    name = _text(_l("Name of the agency"), _l("Type the agency's name."))
    standing = RadioField(
        _l("What it is to MAPPA"),
        [InputRequired(_l("Choose what the agency is to MAPPA."))],
        widget=GovRadioInput(),
        choices=choices(words.STANDING),
    )
    service = _choose(
        _l("What it does"),
        _l("Choose what the agency does."),
        choices=choices(words.SERVICE, blank=True),
    )


class PersonForm(PortalForm):
    """Somebody who is to join."""

    name = _text(_l("Name"), _l("Type the person's name."))
    email = _text(
        _l("Work e-mail address"),
        _l("Type the person's work e-mail address."),
        254,
        description=_l("Where notices go. It never opens anything by itself."),
    )
    job = _text(_l("Job"), _l("Type the person's job."))
    phone = _text(
        _l("Telephone"),
        _l("Type a number you already have for them."),
        40,
        description=_l("A number you already have, not one from an e-mail you have just received."),
    )
    agency_id = _choose(_l("Agency"), _l("Choose the person's agency."))
    roles = SelectMultipleField(
        _l("What this person does"),
        [InputRequired(_l("Choose what this person does."))],
        widget=GovCheckboxesInput(),
    )


class ListForm(PortalForm):
    """A pasted list of people who are to join."""

    list = TextAreaField(
        _l("The list, one person a line"),
        [
            InputRequired(_l("Paste the list: one person a line.")),
            Length(max=LONGEST_LIST, message=_l("This list is too long.")),
        ],
        widget=GovTextArea(),
        description=_l(
            "Name, e-mail, agency, job, telephone, roles: copied from a spreadsheet, or with "
            "commas between. Roles are: attends, contact, chair, lay adviser; two with a + between."
        ),
    )


class CaseForm(PortalForm):
    """A new case. The name is typed once, and kept sealed."""

    reference = _text(
        _l("Reference"),
        _l("Type the case's reference."),
        40,
        description=_l("Such as NM/2026/014. It stands in e-mails, so it must not name anybody."),
    )
    lead_agency_id = _choose(_l("Lead agency"), _l("Choose the lead agency."))
    category = RadioField(
        _l("Category"),
        [InputRequired(_l("Choose a category."))],
        widget=GovRadioInput(),
        choices=choices(words.CATEGORY),
    )
    level = RadioField(
        _l("Level"),
        [InputRequired(_l("Choose Level 2 or Level 3."))],
        widget=GovRadioInput(),
        choices=choices(words.LEVEL),
    )
    name = _text(
        _l("Name of the individual"),
        _l("Type the individual's name."),
        description=_l("Kept sealed. Only those invited to the case, or asked about it, see it."),
    )
    born = DayField(_l("Date of birth"), _l("Type the date of birth."))

    def typed(self) -> NewCase:
        """The case as it was typed, once the form is valid."""
        return NewCase(
            self.reference.data,
            AgencyId(self.lead_agency_id.data),
            int(self.category.data),
            int(self.level.data),
            self.name.data,
            self.born.day,
        )


class HeardForm(Form):  # type: ignore[misc]
    """One case of a meeting day."""

    case_id = SelectField(_l("Case"), [Optional()], widget=GovSelect(), default="")
    kind = SelectField(
        _l("Kind"), widget=GovSelect(), choices=choices(words.SLOT_KIND), default="initial"
    )
    at = ClockField(_l("Starts at"), [Optional()])


class MeetingForm(PortalForm):
    """A new meeting day."""

    on = DayField(_l("Day of the meeting"), _l("Type the day of the meeting."))
    starts = ClockField(
        _l("Starts at"),
        [InputRequired(_l("Write a time such as 10:30."))],
        description=_l("Such as 10:00."),
    )
    mode = RadioField(
        _l("How it is held"),
        [InputRequired(_l("Choose how the meeting is held."))],
        widget=GovRadioInput(),
        choices=choices(words.MODE),
    )
    cases = FieldList(FormField(HeardForm), min_entries=MOST_CASES, max_entries=MOST_CASES)

    def offer(self, cases: Mapping[str, str]) -> None:
        """Let every row choose among these (value -> words)."""
        for entry in self.cases:
            entry.form.case_id.choices = {"": "", **cases}


class InviteForm(PortalForm):
    """An invitation of one person to one case (rule 4)."""

    person = _choose(_l("Who"), _l("Choose who is invited."))
    capacity = RadioField(
        _l("In what capacity"),
        [InputRequired(_l("Choose in what capacity they come."))],
        widget=GovRadioInput(),
        choices=choices(CAPACITY_WORDS),
    )
    reason = TextAreaField(
        _l("Why they are invited"),
        [
            InputRequired(_l("Write why this person is invited.")),
            Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextArea(),
        description=_l(
            "What they contribute, or what they can commit to. Kept sealed for the unit."
        ),
    )


class AskForm(PortalForm):
    """A report asked of one agency (rule 18)."""

    agency_id = _choose(_l("Which agency"), _l("Choose the agency."))
    form_code = RadioField(
        _l("What is asked for"),
        [InputRequired(_l("Choose what you ask for."))],
        widget=GovRadioInput(),
        choices={code: FORMS[code] for code in ASKABLE},
    )
    due_on = DayField(_l("Due on"), _l("Type the day on which it is due."))


class VouchForm(ActForm):
    """The words on somebody's screen, and the code of whoever vouches for them."""

    words = _text(_l("The four words"), _l("Type the four words they read to you."))
    code = ActCodeField()


class ConfirmForm(PortalForm):
    """A key, confirmed after a telephone call."""

    heard = HiddenField(validators=[InputRequired()])
    rang = BooleanField(
        _l("I rang this person on a number I already had and they read me these words"),
        [InputRequired(_l("Ring the person first. Tick this when they have read you the words."))],
        widget=GovCheckboxInput(),
    )
