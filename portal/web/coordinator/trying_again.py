"""The page on which somebody whom strangers keep out may try again, for the unit and an agency; and
the one page that shows the words they are read."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.domain.ids import PersonId
from portal.journeys.signing_in.let_try_again import let_try_again, to_let_try
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.door import me, page, parts


class TryAgainForm(ActForm):
    """The code of whoever lets them try."""

    code = ActCodeField()


def try_again_page(action: Action, person_id: PersonId, back: str) -> str | Response:
    """For whoever `action` is of; `back` is the list they came from."""
    form = TryAgainForm.at(request)
    try:
        person = to_let_try(parts().house, me(), person_id, action)
        if form.validate_on_submit():
            spoken = let_try_again(parts().house, me(), person_id, form.given(), action)
            return page("coordinator/try_again_words.html", back=back, person=person, words=spoken)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(back)
    except CodeRefused as wrong:
        form.code.errors = [wrong.words]
    return page("coordinator/person_try_again.html", back=back, person=person, form=form)
