"""Forms for second factors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain.factors import FactorKind
from portal.journeys.own_account.own_factors import LONGEST_NAME
from portal.web.forms import CodeField, PortalForm

KINDS = {
    FactorKind.CODE_APP: _l("A code app on a telephone or tablet"),
    FactorKind.KEY_FOB: _l("A key-fob that shows codes"),
    FactorKind.CODE_CARD: _l("A printed card of codes"),
}
"""What can be added on a page without scripts."""


KIND_WORDS = {
    FactorKind.CODE_APP: _l("Code app"),
    FactorKind.KEY_FOB: _l("Key-fob"),
    FactorKind.CODE_CARD: _l("Printed code card"),
    FactorKind.PASSKEY: _l("Passkey"),
}


class AddForm(PortalForm):
    """What is added, what its owner calls it, and a fresh code of what they have already."""

    kind = RadioField(
        _l("What do you want to add?"),
        [InputRequired(_l("Choose what you want to add."))],
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        widget=GovRadioInput(),
    )
    name = StringField(
        _l("What will you call it?"),
        [
            InputRequired(_l("Give it a name that you will know it by.")),
            Length(max=LONGEST_NAME, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextInput(),
        description=_l("For example: work telephone, fob on my keys, card in my locker."),
    )
    code = CodeField()


class NewCodeForm(PortalForm):
    """The first code of what was added."""

    code = CodeField(
        _l("Code from the new one"),
        needed=_l("Enter a code from the new one."),
        description=_l("It is used up by this."),
    )


class FobForm(PortalForm):
    """A key-fob: its seed, how its codes change, and one of them."""

    seed = StringField(
        _l("Seed of the key-fob"),
        [
            InputRequired(_l("Type the seed that came with the fob.")),
            Length(max=200, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextInput(),
        description=_l("32 or more letters and digits. Spaces and dashes do not matter."),
    )
    moves = RadioField(
        _l("When does its code change?"),
        [InputRequired(_l("Choose when the code changes."))],
        choices=[
            SelectChoice("time", _l("by itself, every 30 or 60 seconds")),
            SelectChoice("press", _l("each time its button is pressed")),
        ],
        widget=GovRadioInput(),
    )
    code = CodeField(
        _l("Code that the fob shows now"),
        needed=_l("Enter the code that the fob shows now."),
        description=_l("Six or eight digits."),
    )

    @property
    def pressed(self) -> bool:
        """Whether it counts presses."""
        return bool(self.moves.data == "press")


class TakeAwayForm(PortalForm):
    """A fresh code, of this one or another."""

    code = CodeField()


class CardForm(PortalForm):
    """How it was made sure who gets the card, and a code of whoever issues it."""

    proofed = RadioField(
        _l("How did you make sure that it is them?"),
        [InputRequired(_l("Choose how you made sure."))],
        choices=[
            SelectChoice("issued_met", _l("I met them and know them, or saw a picture document")),
            SelectChoice("issued_rang", _l("I rang them on a number that was known before")),
        ],
        widget=GovRadioInput(),
    )
    code = CodeField()
