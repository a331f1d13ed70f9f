"""Issuing a printed code card to somebody without telephone or fob: by the unit, and by the single
point of contact of their agency."""

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


def add_to(door: Door, action: Action, list_of: str) -> None:
    """The four doors of a card, for whoever `action` is of; `list_of` is where they came from."""

    @door.get("/<person_id>/card", action=action)
    def card(person_id: PersonId) -> str:
        return ask(person_id, CardForm())

    @door.post("/<person_id>/card", action=action)
    def card_post(person_id: PersonId) -> str | Response:
        form = CardForm()
        if form.validate_on_submit():
            proofed, code = Proofed(form.proofed.data), form.code.data
            try:
                made = issue_card(parts().house, the_signed_in(), person_id, proofed, code, action)
                return go(url_for(".show", person_id=person_id, card_id=made))
            except (CodeRefused, Unacceptable) as wrong:
                form.code.errors = [wrong.words]
        return ask(person_id, form)

    @door.get("/<person_id>/card/<card_id>", action=action)
    def show(person_id: PersonId, card_id: str) -> str:
        return page(
            "coordinator/card_issued.html",
            issued=issued_card(parts().house, the_signed_in(), person_id, card_id, action),
            back=url_for(list_of),
        )

    @door.post("/<person_id>/card/<card_id>", action=action)
    def handed_over(person_id: PersonId, card_id: str) -> Response:
        hand_card_over(parts().house, the_signed_in(), person_id, card_id, action)
        flash(_("The card's codes are shown no more."), "success")
        return go(url_for(list_of))

    def ask(person_id: PersonId, form: CardForm) -> str:
        person, agency = person_to_give_card(parts().house, the_signed_in(), person_id, action)
        return page(
            "coordinator/card_issue.html",
            person=person,
            agency=agency,
            form=form,
            back=url_for(list_of),
        )


door = Door("unit_cards", __name__, url_prefix="/unit/people")
add_to(door, Action.UNIT_CARD_ISSUE, "unit_people.people")
