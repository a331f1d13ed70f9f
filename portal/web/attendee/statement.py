"""The door of the confidentiality statement, one for each case slot."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from portal.domain.ids import SlotId
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.views.reader_paper import statement_page
from portal.policy.actions import Action
from portal.web.door import Door, local_path, me, page, parts
from portal.web.forms import PortalForm

door = Door("statement", __name__)


class StatementForm(PortalForm):
    """The tick, and which wording stood above it."""

    wording = HiddenField(validators=[InputRequired()])
    agree = BooleanField(
        _l("I agree"),
        [InputRequired(_l("Tick the box if you agree. Without it nothing of this meeting opens."))],
        widget=GovCheckboxInput(),
    )


@door.get("/meetings/<slot_id>/statement", action=Action.READER_STATEMENT_READ)
def show(slot_id: SlotId) -> str:
    form = StatementForm.at(request)
    return _page(slot_id, form)


@door.post("/meetings/<slot_id>/statement", action=Action.READER_STATEMENT_ACCEPT)
def accept(slot_id: SlotId) -> str | AnyResponse:
    form = StatementForm.at(request)
    if form.validate_on_submit():
        accept_statement(parts().house, me(), slot_id, form.wording.data or "")
        flash(_("You have agreed to the statement for this case."), "success")
        return redirect(local_path(request.args.get("next")))
    return _page(slot_id, form)


def _page(slot_id: SlotId, form: StatementForm) -> str:
    found = statement_page(parts().house, me(), slot_id)
    form.wording.data = found.wording.digest
    return page(
        "attendee/statement.html",
        marking=True,
        reference=found.reference,
        back=url_for("reader.home"),
        found=found,
        form=form,
    )
