"""Fields that the unit's forms share, and putting a journey's words beside the right one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import SelectChoice, TimeField
from wtforms.validators import InputRequired

from portal.journeys.unacceptable import Unacceptable
from portal.web.agency.forms import ThreePartDate
from portal.web.forms import PortalForm


class DayField(ThreePartDate):
    """A day as three inputs, which may not be left empty."""

    def __init__(self, label: object, missing: object, **kwargs: Any) -> None:
        super().__init__(label, [InputRequired(missing)], format="%d %m %Y", **kwargs)

    @property
    def day(self) -> date:
        """The day that was written; only after the form was found valid."""
        assert isinstance(self.data, date)  # noqa: S101 - the validator has seen to it
        return self.data


class ClockInput(GovTextInput):  # type: ignore[misc]
    """An input as wide as a time of day."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params["classes"] = "govuk-input--width-5"
        return params


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day such as 10:30, typed."""

    widget = ClockInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata([value.strip().replace(".", ":") for value in valuelist])
        except ValueError:
            raise ValueError(_("Write a time such as 10:30.")) from None


def choices(
    words: Mapping[Any, Any], of: Iterable[StrEnum | int] | None = None, *, blank: bool = False
) -> list[SelectChoice]:
    """Those members that are wanted, in the order of the words; `blank`: nothing chosen first."""
    wanted = set(words if of is None else of)
    found = [SelectChoice(str(member), words[member]) for member in words if member in wanted]
    return [SelectChoice("", ""), *found] if blank else found


def put(form: PortalForm, refused: Unacceptable) -> list[dict[str, str]]:
    """The error summary for what a journey did not accept, with its words beside the field."""
    name = refused.field
    if name in form:
        form[name].errors = [refused.words]
        return [{"text": refused.words, "href": f"#{form[name].id}"}]
    return [{"text": refused.words}]
