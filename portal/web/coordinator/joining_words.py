"""The door of joining words: whom to ring, then the seven words, shown once."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from portal.domain.ids import PersonId
from portal.journeys.changed import Changed
from portal.journeys.keys.give_words import give_words, words_to_give
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_words", __name__, url_prefix="/unit/people")


class WordsForm(PortalForm):
    """`instead_of`: the words that there were when the page was shown."""

    instead_of = HiddenField()
    known = BooleanField(
        _l("I am ringing this person now, on a number I already had for them"),
        [InputRequired(_l("Ring them first, on a number you already had."))],
        widget=GovCheckboxInput(),
    )


@door.get("/<person_id>/words", action=Action.DECIDE_WORDS_GIVE)
@door.post("/<person_id>/words", action=Action.DECIDE_WORDS_GIVE)
def words(person_id: PersonId) -> str | Response:
    try:
        found = words_to_give(parts().house, me(), person_id)
        form = WordsForm.at(request)
        if form.validate_on_submit():
            given = give_words(parts().house, me(), person_id, form.instead_of.data or "")
            return page("coordinator/words_shown.html", given=given, area=found.area)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(url_for("unit_sendings.waiting"))
    except Changed:
        flash(_("Words were made for this person already. If they are lost, make new ones."))
        return redirect(url_for(".words", person_id=person_id))
    form.instead_of.data = found.living or ""
    return page(
        "coordinator/words_give.html",
        back=url_for("unit_sendings.waiting"),
        found=found,
        form=form,
    )
