"""The page on which somebody changes their own keys, in the doors and in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.crypto.fingerprint import fingerprint
from tests.record.test_accessible import signed_in
from tests.staging import Stage
from tests.web.browsing import send, text_of, token
from tests.web.test_people_accessible import look

PATH = "/account/keys/change"


def test_one_click_and_the_session_goes_on(stage: Stage) -> None:
    stage.send()
    ruth, elsewhere = stage.world.client("ruth"), stage.world.client("ruth")
    assert PATH in ruth.get("/account/keys").text
    own = stage.world.secrets("ruth").keyring
    was = fingerprint(own.recipient(), own.signing_public())
    form = {"csrf_token": token(ruth, PATH), "digest": was, "code": "000000"}
    assert "There is a problem" in text_of(ruth.post(PATH, data=form))
    form["code"] = stage.world.code("ruth")
    done = ruth.post(PATH, data=form)
    assert done.headers["Location"].endswith("/account/keys")
    page = text_of(ruth.get("/account/keys"))
    assert "everything of yours is sealed to them" in page
    assert "changed their keys" in page
    assert "Copies still sealed" not in page
    assert elsewhere.get("/account/keys").status_code == 302
    form["code"] = stage.world.code("ruth")
    assert ruth.post(PATH, data=form).status_code == 409
    assert send(ruth, "/account/keys/go-on", "/account/keys").status_code in (302, 303)


def test_somebody_whose_key_waits_is_told_whom_to_ring(stage: Stage) -> None:
    una = stage.world.client("una")
    own = stage.world.secrets("una").keyring
    answer = send(
        una, PATH, digest=fingerprint(own.recipient(), own.signing_public()),
        code=stage.world.code("una"),
    )  # fmt: skip
    assert "Nobody has confirmed your key yet." in text_of(answer)


@pytest.mark.real("Chromium")
def test_axe_finds_nothing(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    page = open_page()
    page.goto(serve(signed_in(stage, "helen")) + PATH)
    assert page.locator("h1").count() == 1
    look(axe, page)
