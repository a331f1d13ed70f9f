"""Issuing a printed code card to somebody without telephone or fob."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import PersonId
from portal.journeys.own_account.issue_card import (
    Proofed,
    hand_card_over,
    issue_card,
    issued_card,
    person_to_give_card,
)
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.account.factor_forms import CardForm
from portal.web.current import the_signed_in
from portal.web.door import Door, page, parts
from portal.web.leaving import go

door = Door("unit_cards", __name__, url_prefix="/unit/people")


@door.get("/<person_id>/card", action=Action.UNIT_CARD_ISSUE)
def card(person_id: PersonId) -> str:
    return _page(person_id, CardForm())


@door.post("/<person_id>/card", action=Action.UNIT_CARD_ISSUE)
def card_post(person_id: PersonId) -> str | Response:
    form = CardForm()
    if form.validate_on_submit():
        try:
            card_id = issue_card(
                parts().house,
                the_signed_in(),
                person_id,
                Proofed(form.proofed.data),
                form.code.data,
            )
            return go(url_for(".show", person_id=person_id, card_id=card_id))
        except (CodeRefused, Unacceptable) as wrong:
            form.code.errors = [wrong.words]
    return _page(person_id, form)


@door.get("/<person_id>/card/<card_id>", action=Action.UNIT_CARD_ISSUE)
def show(person_id: PersonId, card_id: str) -> str:
    return page(
        "coordinator/card_issued.html",
        issued=issued_card(parts().house, the_signed_in(), person_id, card_id),
        back=url_for("unit_people.people"),
    )


@door.post("/<person_id>/card/<card_id>", action=Action.UNIT_CARD_ISSUE)
def handed_over(person_id: PersonId, card_id: str) -> Response:
    hand_card_over(parts().house, the_signed_in(), person_id, card_id)
    flash(_("The card's codes are shown no more."), "success")
    return go(url_for("unit_people.people"))


def _page(person_id: PersonId, form: CardForm) -> str:
    person, agency = person_to_give_card(parts().house, the_signed_in(), person_id)
    return page(
        "coordinator/card_issue.html",
        person=person,
        agency=agency,
        form=form,
        back=url_for("unit_people.people"),
    )
