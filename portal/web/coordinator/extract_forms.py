"""The forms with which places of a paper are marked, by words, by lines, or by a rectangle."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovTextInput
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, StopValidation

from portal.web.forms import PortalForm


class WordsForm(PortalForm):
    """Words that are to go, wherever they stand."""

    words = StringField(
        _l("Words to take out"),
        [InputRequired(_l("Write the words to take out."))],
        widget=GovTextInput(),
        description=_l(
            "A name, an address, a number. Every place on every page is marked, however it is "
            "written; you can leave places out afterwards."
        ),
    )


class LinesForm(PortalForm):
    """Whole lines of one page."""

    lines = SelectMultipleField(
        _l("Lines to take out"),
        [InputRequired(_l("Choose at least one line."))],
        widget=GovCheckboxesInput(),
        coerce=int,
    )


def per_cent(_form: PortalForm, field: StringField) -> None:
    """A number from 0 to 100."""
    try:
        found = float((field.data or "").strip().rstrip("%").replace(",", "."))
    except ValueError:
        found = -1.0
    if not 0 <= found <= 100:
        raise StopValidation(_("%(edge)s: write a number from 0 to 100.", edge=field.label.text))


def _side(label: str) -> StringField:
    return StringField(label, [per_cent], widget=GovTextInput())


class AreaForm(PortalForm):
    """A rectangle, in per cent of the page as it is shown."""

    left = _side(_l("Left edge"))
    top = _side(_l("Top edge"))
    right = _side(_l("Right edge"))
    bottom = _side(_l("Bottom edge"))

    @property
    def sides(self) -> list[float]:
        """Only for a form that validated."""
        typed = (self.left.data, self.top.data, self.right.data, self.bottom.data)
        return [float((each or "").strip().rstrip("%").replace(",", ".")) for each in typed]


class MarksForm(PortalForm):
    """What was marked: each place may be left out."""

    out = SelectMultipleField(
        _l("Places to leave as they are"),
        [InputRequired(_l("Choose at least one place."))],
        widget=GovCheckboxesInput(),
        coerce=int,
    )


class PagesForm(PortalForm):
    """Which pages the extract has."""

    pages = StringField(
        _l("Pages in the extract"),
        [InputRequired(_l("Write which pages it has."))],
        widget=GovTextInput(),
        description=_l("Numbers and runs, such as 1-4, 7. All others are left out."),
    )


class StayForm(PortalForm):
    """Words that may be seen where they were found."""

    places = SelectMultipleField(
        _l("Words that may stay where they are"),
        [InputRequired(_l("Choose at least one word, or mark it on its page."))],
        widget=GovCheckboxesInput(),
        validate_choice=False,
    )


class LookedForm(PortalForm):
    """That somebody has looked at every page."""

    looked = BooleanField(
        _l("I have looked at every page of this extract"),
        [InputRequired(_l("Look at every page first, then say so."))],
    )
