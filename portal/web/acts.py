"""Forms that confirm one act: with an unused code, or with a passkey in its place."""

from __future__ import annotations

import json
from typing import Any

from flask import request
from wtforms import HiddenField
from wtforms.validators import InputRequired, StopValidation

from portal.journeys.signing_in.touch import Given, Touch, asked_touch
from portal.web.account.passkeys import site
from portal.web.current import me, parts
from portal.web.forms import CODE_NEEDED, CodeField, PortalForm


class CodeOrTouch(InputRequired):  # type: ignore[misc]
    """A code is asked for unless a passkey answered."""

    def __call__(self, form: Any, field: Any) -> None:
        if form.passkey.data:
            raise StopValidation
        super().__call__(form, field)


class ActCodeField(CodeField):
    """The code of an act; `form.given()` is what confirms it."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, [CodeOrTouch(CODE_NEEDED)], **kwargs)


class ActForm(PortalForm):
    """A form with an ActCodeField called `code`, shown with `act_code` of components/passkeys."""

    passkey = HiddenField()

    def given(self) -> Given:
        """The typed code, or what the passkey answered to this very form."""
        if not self.passkey.data:
            return self.code.data or ""
        who = me()
        return Touch(site(), self._about(), self.passkey.data, who.session_id, who.keyring)

    def touch(self) -> dict[str, Any] | None:
        """What a passkey is asked; None for whoever has none."""
        return asked_touch(parts().house, site(), me(), self._about())

    def _about(self) -> str:
        """Which form, of which object, with which content: its digest or its version."""
        shown = [self[name].data for name in ("digest", "version") if name in self]
        return json.dumps([str(type(self)), sorted((request.view_args or {}).items()), shown])
