"""The door at which somebody who was spoken joining words types them, after they have joined."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired

from portal.journeys.keys.use_words import WordsRefused, use_words
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm
from portal.web.leaving import go

door = Door("account_words", __name__, url_prefix="/account")


class SpokenForm(PortalForm):
    """Seven words; they are put back when one is wrong, so that only that one is typed again."""

    joining_words = StringField(
        _l("The seven words"),
        [InputRequired(_l("Type the seven words that were spoken to you."))],
        widget=GovTextInput(),
        description=_l("In their order, with spaces. Capitals or not makes no difference."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"},
    )


@door.get("/words", action=Action.OWN_WORDS_USE)
def words() -> str:
    return page("account/words.html", form=SpokenForm(), back="/")


@door.post("/words", action=Action.OWN_WORDS_USE)
def words_post() -> str | Response:
    form = SpokenForm()
    if form.validate_on_submit():
        try:
            use_words(parts().house, me(), form.joining_words.data or "")
        except (WordsRefused, CodeRefused) as refused:
            form.joining_words.errors = [refused.words]
        else:
            flash(_("Your key counts as confirmed. You can open what was sent to you."), "success")
            return go(url_for("reader.home"))
    return page("account/words.html", form=form, back="/")
