"""Asking to pass a paper on, in the browser."""

from __future__ import annotations

from html import unescape

import pytest

from tests.browsing import post, words_of
from tests.disclosure.browsing import (
    browser,
    pass_on,
    unit,
    wish,
)
from tests.disclosure.scene import (
    NEED,
    PURPOSE,
    Scene,
)


def test_from_the_paper_to_the_request(scene: Scene) -> None:
    client = browser(scene, "carys")
    assert pass_on(scene) in client.get(f"/papers/{scene.grant.id}").get_data(as_text=True)
    form = words_of(client.get(pass_on(scene)))
    assert "OFFICIAL-SENSITIVE" in form
    assert "MAPPA F: prison or youth custody report (HMP Elmsworth)" in form
    assert "Northmere Homes: Joe Tarn, Housing officer" in form
    assert "For a colleague of your own agency ask the unit for a duty to consider." in form
    assert "Alan Reeve" not in form
    assert "Daniel" not in form
    sent = post(client, pass_on(scene), wish(scene))
    assert sent.status_code == 302
    assert sent.headers["Location"].startswith("/requests/")
    page = words_of(client.get(sent.headers["Location"]))
    assert "Your request has been sent to the MAPPA unit." in page
    assert "To be decided" in page
    assert PURPOSE in page
    assert NEED in page
    assert "Your request to pass something on" in words_of(client.get("/"))


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("paper", "", "Choose a paper."),
        ("paper", "a" * 26, "Choose a paper of your own copy."),
        ("receiver", "", "Choose the person it is for."),
        ("receiver", "a" * 26, "Choose the person it is for."),
        ("purpose", "", "Say what they will use it for. Write at least 20 characters."),
        ("need", "soon", "Say why they need it, and by when. Write at least 20 characters."),
        ("need", "x" * 5000, "Write at most 4000 characters."),
    ],
)
def test_an_error_keeps_what_was_typed(scene: Scene, field: str, typed: str, words: str) -> None:
    client = browser(scene, "carys")
    answer = post(client, pass_on(scene), wish(scene, **{field: typed}))
    assert answer.status_code == 200
    page = unescape(answer.get_data(as_text=True))
    assert words in words_of(answer)
    for kept in {"purpose", "need"} - {field}:
        assert wish(scene)[kept] in page
    if field != "receiver":
        assert f'value="{scene.world.person("joe").id}" selected' in page


def test_a_colleague_of_ones_own_agency(scene: Scene) -> None:
    client = browser(scene, "carys")
    answer = post(client, pass_on(scene), wish(scene, receiver=scene.world.person("alan").id))
    said = "Error: For a colleague of your own agency ask the unit for a duty to consider."
    assert said in words_of(answer)
    assert PURPOSE in words_of(answer)


@pytest.mark.parametrize("name", ["joe", "adeyemi", "helen", "priya", "alan", "sian", "dev"])
def test_somebody_elses_copy_or_request_is_not_there(scene: Scene, name: str) -> None:
    asked = scene.ask()
    client = browser(scene, name)
    for path in (pass_on(scene), f"/requests/{asked.id}"):
        assert client.get(path).status_code == 404
    assert post(client, pass_on(scene), wish(scene)).status_code == 404
    assert post(client, f"/requests/{asked.id}/decision").status_code == 404


def test_an_outsider_is_sent_to_sign_in(scene: Scene) -> None:
    asked = scene.ask()
    client = scene.world.client()
    for path in (pass_on(scene), f"/requests/{asked.id}", unit(asked), "/unit/disclosures/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")
