"""The doors of extracts: marked without JavaScript, made, looked through; the unit's alone."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.staging import Stage
from tests.web.browsing import send, text_of
from tests.web.sending_pages import base, get


def start(stage: Stage, client: FlaskClient, form: str = "F") -> str:
    """Open a paper to mark it; returns the address of its pages."""
    paper = f"/unit/extracts/{stage.papers[form]}"
    assert send(client, f"{paper}/open", paper).status_code == 302
    return paper


def test_the_whole_way_of_an_extract_without_javascript(stage: Stage) -> None:
    helen = stage.world.client("helen")
    listed = get(helen, f"{base(stage)}/extracts")
    paper = f"/unit/extracts/{stage.papers['F']}"
    assert paper in listed
    start(stage, helen)
    first = f"{paper}/pages/1"
    assert "Page 1 of 2" in text_of(helen.get(first))
    picture = helen.get(f"{first}/image")
    assert picture.mimetype == "image/png"
    assert picture.headers["Cache-Control"] == "no-store"

    wrong = send(helen, f"{first}/words", first, words="Quixwood")
    assert "These words are not in this paper" in text_of(wrong)
    assert 'value="Quixwood"' in wrong.get_data(as_text=True)
    right = send(helen, f"{first}/words", first, words="form")
    assert right.headers["Location"] == f"{paper}/marks"
    marks = f"{paper}/marks"
    assert "Page 2: " in text_of(helen.get(marks))
    assert helen.get(f"{first}/image").data != picture.data

    assert send(helen, f"{first}/lines", first, lines=["0"]).status_code == 302
    missing = send(helen, f"{first}/lines", first)
    assert "Choose at least one line" in text_of(missing)
    upside = send(helen, f"{first}/area", first, left="50", top="0", right="10", bottom="5")
    assert "Left must be less than right" in text_of(upside)
    drawn = send(helen, f"{first}/area", first, left="0", top="90", right="20%", bottom="95,5")
    assert drawn.status_code == 302

    pages = send(helen, f"{paper}/kept", marks, pages="1-9")
    assert "Write pages from 1 to 2" in text_of(pages)
    assert send(helen, f"{paper}/kept", marks, pages="1").status_code == 302
    made = send(helen, f"{paper}/make", marks)
    assert made.status_code == 302, text_of(made)
    extract = made.headers["Location"]
    assert "A coordinator looks through every page" in text_of(helen.get(extract))

    unlooked = send(helen, f"{extract}/check", extract)
    assert "Look at every page first" in text_of(unlooked)
    assert send(helen, f"{extract}/check", extract, looked="y").status_code == 302
    assert "It can be sent" in text_of(helen.get(extract))
    again = send(helen, f"{extract}/check", extract, looked="y")
    assert again.status_code == 409


def test_a_word_that_is_left_is_told_and_may_stay(stage: Stage) -> None:
    helen = stage.world.client("helen")
    paper = start(stage, helen)
    send(helen, f"{paper}/pages/1/words", f"{paper}/pages/1", words="form")
    marks = f"{paper}/marks"
    body = helen.get(marks).get_data(as_text=True)
    second = re.findall(r'value="(\d+)">\s*<label[^>]*>\s*Page 2', body)
    assert second
    assert send(helen, f"{paper}/marks", marks, out=second).status_code == 302
    refused = send(helen, f"{paper}/make", marks)
    assert refused.status_code == 422
    assert "No extract was made" in text_of(refused)
    assert "Page 2" in text_of(refused)
    assert stage.lines("extract.made") == []
    assert send(helen, f"{paper}/stay", marks, places='["form", "2"]').status_code == 302
    assert send(helen, f"{paper}/make", marks).status_code == 302


@pytest.mark.parametrize(
    "places",
    ["", "x", "[1]", '["a"]', '["a", 2]', '["a", [1]]', "[1, [1]]", '{"a": 1}', '["a", "b"]'],
)
def test_places_that_are_none_are_refused(stage: Stage, places: str) -> None:
    helen = stage.world.client("helen")
    paper = start(stage, helen)
    answer = send(helen, f"{paper}/stay", f"{paper}/marks", places=places)
    assert answer.status_code in (302, 400)


@pytest.mark.parametrize("name", ["carys", "alan", "sian", "dev"])
def test_it_is_the_unit_s_alone(stage: Stage, name: str) -> None:
    client = stage.world.client(name)
    paper = f"/unit/extracts/{stage.papers['F']}"
    for path in (paper, f"{paper}/pages/1", f"{paper}/pages/1/image", f"{paper}/marks"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("places", ["", "x", '["form", 2]'])
def test_nobody_else_is_told_what_was_wrong_with_the_words_that_may_stay(
    stage: Stage, places: str
) -> None:
    """The judge is asked before the form is."""
    paper = f"/unit/extracts/{stage.papers['F']}"
    for name in ("carys", "dev"):
        answer = send(stage.world.client(name), f"{paper}/stay", "/account/", places=places)
        assert answer.status_code == 403, name
        assert "may stay" not in text_of(stage.world.client(name).get("/account/"))


def test_an_address_from_before_leads_to_the_button(stage: Stage) -> None:
    helen = stage.world.client("helen")
    paper = f"/unit/extracts/{stage.papers['F']}"
    answer = helen.get(f"{paper}/pages/1")
    assert answer.headers["Location"] == paper
    assert helen.get(f"{paper}/pages/1/image").status_code == 409
    start(stage, helen)
    assert helen.get(f"{paper}/pages/3").status_code == 404
    assert helen.get(f"{paper}/pages/0").status_code == 404


def test_what_is_not_there_and_what_is_no_paper_answer_alike(stage: Stage) -> None:
    helen = stage.world.client("helen")
    answers = {helen.get(f"/unit/extracts/{each}").status_code for each in ("a" * 26, "nothing")}
    assert answers == {404}


def test_what_is_wrong_with_an_area_is_told_at_the_top_of_the_page(stage: Stage) -> None:
    helen = stage.world.client("helen")
    first = f"{start(stage, helen)}/pages/1"
    wrong = send(helen, f"{first}/area", first, left="abc", top="0", right="101", bottom="5")
    body = wrong.get_data(as_text=True)
    assert "<title>Error: Page 1 of 2" in body
    summary = body.partition("There is a problem")[2].partition("<h1")[0]
    for edge in ("left", "right"):
        assert f'href="#{edge}"' in summary
        assert f'id="{edge}"' in body
    assert "Left edge: write a number from 0 to 100." in summary
    assert "Right edge: write a number from 0 to 100." in summary
    assert "Bottom edge" not in summary
    assert 'value="abc"' in body
    assert "Error:" not in helen.get(first).get_data(as_text=True).partition("</title>")[0]
