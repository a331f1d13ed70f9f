"""The forms of an agency's single point of contact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect, GovTextInput
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.coordinator.fields import DayField
from portal.web.forms import PortalForm


def _text(label: str, missing: str, longest: int = 120) -> StringField:
    return StringField(label, [InputRequired(missing), Length(max=longest)], widget=GovTextInput())


class ColleagueForm(PortalForm):
    """Somebody of the own agency who is to join."""

    name = _text(_l("Name"), _l("Type the person's name."))
    email = _text(_l("Work e-mail address"), _l("Type the person's work e-mail address."), 254)
    job = _text(_l("Job"), _l("Type the person's job."))
    phone = _text(_l("Telephone"), _l("Type the number at which the unit can ring them."), 40)
    roles = SelectMultipleField(
        _l("What this person does"),
        [InputRequired(_l("Choose what this person does."))],
        widget=GovCheckboxesInput(),
    )


class CoverForm(PortalForm):
    """Who covers for somebody, until when."""

    by = SelectField(
        _l("Who covers"), [InputRequired(_l("Choose who covers."))], widget=GovSelect()
    )
    until = DayField(_l("Until and with"), _l("Type the last day of the cover."))
