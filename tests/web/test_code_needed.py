"""Whoever sends a form without its code is told what each kind of factor needs."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from portal.web.account.factor_forms import FobForm, NewCodeForm, TakeAwayForm
from portal.web.account.join import FirstCodeForm
from portal.web.account.sign_in import CodeForm
from portal.web.coordinator.trying_again import TryAgainForm
from portal.web.forms import PortalForm
from tests.world import World


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (CodeForm, ("app or fob shows now", "next one on your card")),
        (TakeAwayForm, ("app or fob shows now", "next one on your card")),
        (TryAgainForm, ("app or fob shows now", "next one on your card")),
        (FirstCodeForm, ("your app shows",)),
        (FobForm, ("the fob shows",)),
        (NewCodeForm, ("from the new one",)),
    ],
)
def test_what_is_needed_is_said(
    world: World, form: type[PortalForm], words: tuple[str, ...]
) -> None:
    with world.app.test_request_context(method="POST", data={"code": ""}), force_locale("en"):
        made = form()
        assert not made.validate()
        (said,) = made["code"].errors
    assert all(each in str(said) for each in words), said
