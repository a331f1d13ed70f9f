"""Forms: GOV.UK fields, a token in each, and nothing typed is ever lost."""

from __future__ import annotations

from typing import Any, Self

from flask import Request, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import FileField, PasswordField, StringField
from wtforms.validators import InputRequired

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.web import drafts
from portal.web.form_tokens import TokenField

_LOCKED = frozenset({RefusalCode.PASSWORD, RefusalCode.WRONG_PASSWORD})


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form of the portal. Make it with `at`, so that what was typed before a sign-out is back."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = TokenField

    @classmethod
    def at(cls, at: Request = request, **values: Any) -> Self:
        """The form of this request: on a POST what was sent; on a GET the kept draft of this
        address where there is one, else `values` (`data=`, `obj=` or fields)."""
        if at.method in ("GET", "HEAD"):
            kept = drafts.kept_here()
            if kept is not None:
                return cls(formdata=kept, **values)
        return cls(**values)


class CodeInput(GovTextInput):  # type: ignore[misc]
    """The input for a code: offered by the device's keyboard, pasted freely, never shown again."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params["value"] = ""
        params["classes"] = "govuk-input--width-10 portal-code"
        params["autocomplete"] = "one-time-code"
        params["spellcheck"] = False
        return params


CODE_NEEDED = _l(
    "Enter a code: the one that your app or fob shows now, or the next one on your card."
)


class CodeField(StringField):  # type: ignore[misc]
    """A second-factor code: digits of an app or a fob, letters of a card, or a backup code.
    `needed` is what is said where none was typed."""

    widget = CodeInput()

    def __init__(
        self,
        label: str = "",
        validators: Any = None,
        *,
        needed: object = CODE_NEEDED,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            label or _l("Code from your code app, key-fob or code card"),
            validators or [InputRequired(needed)],
            description=kwargs.pop(
                "description",
                _l("One that you have not used yet. A backup code works here too."),
            ),
            **kwargs,
        )


class PassphraseInput(GovPasswordInput):  # type: ignore[misc]
    """The input for a passphrase: it can be shown, pasted, and filled by a password manager."""

    def __init__(self, autocomplete: str) -> None:
        super().__init__()
        self.autocomplete = autocomplete

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params["autocomplete"] = self.autocomplete
        return params


class PassphraseField(PasswordField):  # type: ignore[misc]
    """A passphrase, never shown again by the server, and never trimmed."""

    def __init__(self, label: str, message: str, *, new: bool = False, **kwargs: Any) -> None:
        super().__init__(
            label,
            [InputRequired(message)],
            widget=PassphraseInput("new-password" if new else "current-password"),
            **kwargs,
        )


class PaperFileForm(PortalForm):
    """One file. Its kind is told by its structure, never by its name.

    The password of a locked file is asked for only after it was refused for want of one. It goes
    with the file once, and is kept nowhere.
    """

    asks_password = False
    file = FileField(_l("File"))
    password = PasswordField(
        _l("Password of the file"),
        widget=PassphraseInput("off"),
        description=_l("Used once to open this file. It is not kept."),
    )

    def refuse(self, refused: RefusedPaper) -> None:
        """Say why at the file, and ask for the password where that is what is missing."""
        self.file.errors = [refused.words]
        self.asks_password = refused.code in _LOCKED
