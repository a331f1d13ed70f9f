"""The forms of a disclosure: the request, the approval, the refusal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import (
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from portal.domain.disclosures import (
    CHAIRS_VIEW_WORDS,
    LAWFUL_BASIS_WORDS,
    LEAST_WORDS,
    LONGEST_DAYS,
    ChairsView,
    LawfulBasis,
    Least,
)
from portal.domain.ids import PersonId, VersionId
from portal.domain.weighing import (
    REPEATED,
    Approval,
    NotWeighed,
    Refusal,
    ShortReason,
    Weighing,
    reason,
)
from portal.journeys.disclosure.ask_disclosure import Wish
from portal.web.acts import ActCodeField, ActForm
from portal.web.forms import PortalForm


class Reason:
    """A text that says something (rule 68); `words` say what is wanted."""

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, _form: PortalForm, field: TextAreaField) -> None:
        try:
            reason(field.name, field.data or "")
        except ShortReason as short:
            raise StopValidation(f"{self.words} {short.words}") from None
        except NotWeighed as found:
            raise StopValidation(found.words) from None


def days_in_range(_form: PortalForm, field: StringField) -> None:
    """A whole number of days (rule 74)."""
    typed = (field.data or "").strip()
    whole = typed.isascii() and typed.isdigit() and len(typed) < 4
    if not (whole and 1 <= int(typed) <= LONGEST_DAYS):
        raise StopValidation(_l("Enter a number of days from 1 to %(most)s.", most=LONGEST_DAYS))


def text(label: str, words: str, description: str) -> TextAreaField:
    return TextAreaField(label, [Reason(words)], widget=GovTextArea(), description=description)


class AskForm(PortalForm):
    """Which paper, to whom, what for, and why it is needed."""

    paper = RadioField(
        _l("Which paper?"),
        [InputRequired(_l("Choose a paper."))],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    receiver = SelectField(
        _l("Who is it for?"),
        [InputRequired(_l("Choose the person it is for."))],
        widget=GovSelect(),
        validate_choice=False,
        description=_l(
            "One person of another agency. For a colleague of your own agency ask the unit for "
            "a duty to consider."
        ),
    )
    purpose = text(
        _l("What will they use it for?"),
        _l("Say what they will use it for."),
        _l("The MAPPA unit reads this. It stands in the written authority, if one is given."),
    )
    need = text(
        _l("Why do they need it, and by when?"),
        _l("Say why they need it, and by when."),
        _l("What happens without it? Would a telephone call or a summary do?"),
    )

    def wish(self) -> Wish:
        """What was typed; valid or not, the journey checks it again."""
        return Wish(
            VersionId(self.paper.data or ""),
            PersonId(self.receiver.data or ""),
            self.purpose.data or "",
            self.need.data or "",
        )


class WeighForm(ActForm):
    """What is weighed on approval and on refusal alike."""

    digest = HiddenField()
    necessity = text(
        _l("Necessity"),
        _l("Say whether, and why, the purpose fails without it."),
        _l("Does the purpose fail without this? Who may be harmed, how, and how soon?"),
    )
    proportionality = text(
        _l("Proportionality"),
        _l("Say why this much, and no more."),
        _l("Why this much and no more? Public safety, crime, health, or the rights of others?"),
    )
    risks_of_disclosing = text(
        _l("Risks of passing it on"),
        _l("Say what could happen if it is passed on."),
        _l("To the individual, their family, victims, children, staff, sources, proceedings."),
    )
    risks_of_withholding = text(
        _l("Risks of not passing it on"),
        _l("Say what could happen if it is not passed on."),
        _l("Who could be harmed if nobody tells them?"),
    )
    chair = RadioField(
        _l("The chair's view"),
        [InputRequired(_l("Choose what the chair says."))],
        widget=GovRadioInput(),
        choices={view.value: CHAIRS_VIEW_WORDS[view] for view in ChairsView},
    )
    chair_said = TextAreaField(
        _l("What the chair said, or how you tried to reach them, and when"),
        widget=GovTextArea(),
        description=_l(
            "This stands in a written authority. The reply to a refusal does not say it. "
            "Leave empty if not asked."
        ),
    )
    code = ActCodeField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Every answer that repeats another is named, with whatever else is wrong."""
        valid = bool(super().validate(extra_validators))
        repeated = Weighing(
            self.necessity.data or "",
            self.proportionality.data or "",
            self.risks_of_disclosing.data or "",
            self.risks_of_withholding.data or "",
        ).repeated
        for name in repeated:
            self[name].errors = self[name].errors or [REPEATED]
        return valid and not repeated

    def weighing(self) -> Weighing:
        return Weighing(
            self.necessity.data or "",
            self.proportionality.data or "",
            self.risks_of_disclosing.data or "",
            self.risks_of_withholding.data or "",
            ChairsView(self.chair.data),
            self.chair_said.data or "",
        )


class ApproveForm(WeighForm):
    """An approval; the least that serves comes first (rule 69)."""

    least = RadioField(
        _l("What is the least that serves?"),
        [InputRequired(_l("Choose the least that serves."))],
        widget=GovRadioInput(),
        choices={least.value: LEAST_WORDS[least] for least in Least},
    )
    extract = SelectField(
        _l("Which extract?"),
        widget=GovSelect(),
        validate_choice=False,
        choices=(),
        description=_l("Only where an extract serves. A coordinator has looked through these."),
    )
    basis = RadioField(
        _l("Lawful basis"),
        [InputRequired(_l("Choose the lawful basis."))],
        widget=GovRadioInput(),
        choices={basis.value: LAWFUL_BASIS_WORDS[basis] for basis in LawfulBasis},
    )
    consulted = TextAreaField(
        _l("Views of the agencies that own the information"),
        widget=GovTextArea(),
        description=_l("Which agency, who, when, and what they said. Record an objection too."),
    )
    health = TextAreaField(
        _l("Health information"),
        widget=GovTextArea(),
        description=_l("The overriding public interest, and whether the patient was told."),
    )
    days = StringField(
        _l("For how many days may they read it?"),
        [days_in_range],
        widget=GovTextInput(),
        description=_l(
            "From 1 to %(most)s. Then access ends, and the need is reviewed.", most=LONGEST_DAYS
        ),
    )

    def decision(self) -> Approval:
        """Only for a form that validated."""
        return Approval(
            self.weighing(),
            LawfulBasis(self.basis.data),
            Least(self.least.data),
            int(self.days.data or "0"),
            self.consulted.data or "",
            self.health.data or "",
            VersionId(self.extract.data) if self.extract.data else None,
        )


class RefuseForm(WeighForm):
    """A refusal, with the reply that goes to whoever asked."""

    reply = TextAreaField(
        _l("Reply"),
        [Reason(_l("Write the reply."))],
        widget=GovTextArea(),
        description=_l("This goes to the person who asked. The reasons above do not."),
    )

    def decision(self) -> Refusal:
        return Refusal(self.weighing(), self.reply.data or "")
