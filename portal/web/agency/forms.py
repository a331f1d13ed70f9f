"""The forms of an agency's contacts."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovRadioInput, GovTextArea
from wtforms import DateField, FileField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from portal.domain.papers import REQUEST_WORDS, RequestStatus
from portal.journeys.reports.answer_request import ANSWERS
from portal.web.forms import PaperFileForm, PortalForm


class ThreePartDate(DateField):  # type: ignore[misc]
    """Day, month and year as three inputs of one name. All three empty is no date; what is no day
    of the calendar is refused in plain words."""

    widget = GovDateInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        parts = [value.strip() for value in (*valuelist, "", "", "")[:3]]
        self.raw_data = parts
        if not any(parts):
            return
        try:
            super().process_formdata(parts)
        except ValueError:
            raise ValueError(_("There is no such day. Write it like 27 3 2026.")) from None


class UploadForm(PaperFileForm):
    """The report."""

    file = FileField(_l("File with the report"))


class CheckForm(PortalForm):
    """Which file, and whose: the date of birth that stands in the report (rule 22).

    The reason is for a report that corrects one (rule 57).
    """

    candidate = HiddenField(validators=[InputRequired()])
    born = ThreePartDate(
        "Date of birth in the report",
        [InputRequired(_l("Enter the date of birth that stands in the report, like 27 3 1991."))],
        format="%d %m %Y",
        description="For example, 27 3 1991. Read it from the report, not from this page.",
    )
    reason = TextAreaField(
        _l("What is corrected, and why"),
        widget=GovTextArea(),
        description=_l("One sentence. Kept sealed for the MAPPA unit and for you."),
    )


class AnswerForm(PortalForm):
    """An answer without a report (rules 18 and 19)."""

    answer = RadioField(
        _l("What is your answer?"),
        [InputRequired(_l("Choose an answer."))],
        widget=GovRadioInput(),
        choices={answer.value: REQUEST_WORDS[answer] for answer in ANSWERS},
    )
    reason = TextAreaField(
        _l("Why your agency cannot share this"),
        widget=GovTextArea(),
        description=_l("Only where you cannot share. The MAPPA unit reads it."),
    )

    def chosen(self) -> RequestStatus:
        """The answer as a status; one of those offered."""
        return RequestStatus(self.answer.data)
