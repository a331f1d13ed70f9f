"""The forms of a disclosure: the request, the approval, the refusal."""

from __future__ import annotations

from govuk_frontend_wtf.wtforms_widgets import (
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from portal.domain.disclosures import (
    LAWFUL_BASIS_WORDS,
    LEAST_WORDS,
    LONGEST_DAYS,
    LawfulBasis,
    Least,
)
from portal.domain.ids import PersonId, VersionId
from portal.domain.weighing import Approval, NotWeighed, Refusal, ShortReason, Weighing, reason
from portal.journeys.ask_disclosure import Wish
from portal.web.forms import CodeField, PortalForm


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
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise StopValidation(f"Enter a number of days from 1 to {LONGEST_DAYS}.")


def text(label: str, words: str, description: str) -> TextAreaField:
    return TextAreaField(label, [Reason(words)], widget=GovTextArea(), description=description)


class AskForm(PortalForm):
    """Which paper, to whom, what for, and why it is needed."""

    paper = RadioField(
        "Which paper?",
        [InputRequired("Choose a paper.")],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    receiver = SelectField(
        "Who is it for?",
        [InputRequired("Choose the person it is for.")],
        widget=GovSelect(),
        validate_choice=False,
        description=(
            "One person of another agency. For a colleague of your own agency ask the unit for a "
            "duty to consider."
        ),
    )
    purpose = text(
        "What will they use it for?",
        "Say what they will use it for.",
        "The MAPPA unit reads this. It stands in the written authority, if one is given.",
    )
    need = text(
        "Why do they need it, and by when?",
        "Say why they need it, and by when.",
        "What happens without it? Would a telephone call or a summary do?",
    )

    def wish(self) -> Wish:
        """What was typed; valid or not, the journey checks it again."""
        return Wish(
            VersionId(self.paper.data or ""),
            PersonId(self.receiver.data or ""),
            self.purpose.data or "",
            self.need.data or "",
        )


class WeighForm(PortalForm):
    """What is weighed on approval and on refusal alike."""

    digest = HiddenField()
    necessity = text(
        "Necessity",
        "Say whether, and why, the purpose fails without it.",
        "Does the purpose fail without this? Who may be harmed, how, and how soon?",
    )
    proportionality = text(
        "Proportionality",
        "Say why this much, and no more.",
        "Why this much and no more? Public safety, crime, health, or the rights of others?",
    )
    risks_of_disclosing = text(
        "Risks of passing it on",
        "Say what could happen if it is passed on.",
        "To the individual, their family, victims, children, staff, sources, proceedings.",
    )
    risks_of_withholding = text(
        "Risks of not passing it on",
        "Say what could happen if it is not passed on.",
        "Who could be harmed if nobody tells them?",
    )
    code = CodeField()

    def weighing(self) -> Weighing:
        return Weighing(
            self.necessity.data or "",
            self.proportionality.data or "",
            self.risks_of_disclosing.data or "",
            self.risks_of_withholding.data or "",
        )


class ApproveForm(WeighForm):
    """An approval; the least that serves comes first (rule 69)."""

    least = RadioField(
        "What is the least that serves?",
        [InputRequired("Choose the least that serves.")],
        widget=GovRadioInput(),
        choices={least.value: LEAST_WORDS[least] for least in Least},
    )
    basis = RadioField(
        "Lawful basis",
        [InputRequired("Choose the lawful basis.")],
        widget=GovRadioInput(),
        choices={basis.value: LAWFUL_BASIS_WORDS[basis] for basis in LawfulBasis},
    )
    consulted = TextAreaField(
        "Views of the agencies that own the information",
        widget=GovTextArea(),
        description="Which agency, who, when, and what they said. Record an objection too.",
    )
    health = TextAreaField(
        "Health information",
        widget=GovTextArea(),
        description="The overriding public interest, and whether the patient was told.",
    )
    days = StringField(
        "For how many days may they read it?",
        [days_in_range],
        widget=GovTextInput(),
        description=f"From 1 to {LONGEST_DAYS}. Then access ends, and the need is reviewed.",
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
        )


class RefuseForm(WeighForm):
    """A refusal, with the reply that goes to whoever asked."""

    reply = TextAreaField(
        "Reply",
        [Reason("Write the reply.")],
        widget=GovTextArea(),
        description="This goes to the person who asked. The reasons above do not.",
    )

    def decision(self) -> Refusal:
        return Refusal(self.weighing(), self.reply.data or "")
