"""The page on which the unit's key is changed, in the doors and in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.journeys.agencies.remove_person import remove_person
from portal.records.database import reading
from portal.records.keys import unit_key_of
from tests.journeys.test_unit_key import change
from tests.record.test_accessible import signed_in
from tests.staging import Stage
from tests.web.browsing import send, text_of, token
from tests.web.test_people_accessible import look

PATH = "/unit/key/"


def digest(stage: Stage) -> str:
    with reading(stage.house.engine) as db:
        row = unit_key_of(db, stage.world.area.id)
    assert row is not None
    return row.fingerprint


def test_a_member_leaves_and_a_coordinator_changes_the_key(stage: Stage) -> None:
    stage.send()
    helen = stage.world.client("helen")
    assert "The unit's key is to be changed" not in text_of(helen.get("/unit/"))
    remove_person(stage.house, stage.world.who("helen"), stage.id("priya"))
    assert "The unit's key is to be changed" in text_of(helen.get("/unit/"))
    page = text_of(helen.get(PATH))
    assert "Priya Nand : they left" in page
    form = {"csrf_token": token(helen, PATH), "digest": digest(stage), "code": "000000"}
    assert "There is a problem" in text_of(helen.post(PATH, data=form))
    form["code"] = stage.world.code("helen")
    assert helen.post(PATH, data=form).headers["Location"] == PATH
    page = text_of(helen.get(PATH))
    assert "Members who have it: 2" in page
    assert "Everything is sealed to the new key." in page
    assert "Priya Nand" not in page
    assert "to be changed" not in text_of(helen.get("/unit/"))
    again = form | {"code": stage.world.code("helen")}
    assert helen.post(PATH, data=again).status_code == 409


def test_one_page_says_what_must_happen_when_somebody_leaves(stage: Stage) -> None:
    helen = stage.world.client("helen")
    where = f"{PATH}leaving/{stage.id('tom')}"
    assert helen.get(where).status_code == 404
    sent = send(helen, f"/unit/people/{stage.id('tom')}/remove")
    assert sent.headers["Location"] == where
    page = text_of(helen.get(where))
    assert "Tom Adair" in page
    assert "2. The unit's key To do" in page
    assert "4. The recovery kit Ask them" in page
    assert "5. What they set going Nothing runs" in page
    assert "Every paper, name and reason of this area" in page
    assert where in helen.get(PATH).text
    change(stage)
    page = text_of(helen.get(where))
    assert "2. The unit's key Done" in page
    assert "Still sealed to a former key:" in page
    send(helen, f"{PATH}go-on", PATH)
    page = text_of(helen.get(where))
    assert "3. What was sealed before Done" in page
    # Somebody who never held the key has no such page, though they left.
    send(helen, f"/unit/people/{stage.id('joe')}/remove")
    assert helen.get(f"{PATH}leaving/{stage.id('joe')}").status_code == 404
    assert stage.world.client("priya").get(where).status_code == 403


def test_whoever_loses_the_role_or_begins_anew_has_the_page_too(stage: Stage) -> None:
    helen = stage.world.client("helen")
    path = f"/unit/people/{stage.id('priya')}/roles"
    done = send(
        helen, path, before="administrator", roles=["attendee"], because="duties",
        code=stage.world.code("helen"),
    )  # fmt: skip
    where = f"{PATH}leaving/{stage.id('priya')}"
    assert done.headers["Location"] == where
    assert "they do something else" in text_of(helen.get(where))
    tom = stage.id("tom")
    send(helen, f"/unit/people/{tom}/proofing", how="rang", code=stage.world.code("helen"))
    assert "they do something else" in text_of(helen.get(PATH))


def test_what_is_left_is_shown_and_anybody_who_decides_goes_on(stage: Stage) -> None:
    change(stage)
    tom = stage.world.client("tom")
    board = text_of(tom.get("/unit/"))
    assert "papers are still sealed to the former one" in board
    assert PATH in tom.get("/unit/").text
    page = text_of(tom.get(PATH))
    assert "Still sealed to a former key:" in page
    assert tom.post(f"{PATH}go-on", data={"csrf_token": token(tom, PATH)}).status_code == 302
    assert "Everything is sealed to the new key." in text_of(tom.get(PATH))
    assert "Still sealed" not in text_of(tom.get(PATH))


def test_an_administrator_is_told_and_has_no_page(stage: Stage) -> None:
    change(stage)
    priya = stage.world.client("priya")
    assert "A co-ordinator deals with it." in text_of(priya.get("/unit/"))
    assert PATH not in priya.get("/unit/").text + priya.get("/unit/people/").text
    assert priya.get(PATH).status_code == 403
    assert priya.post(f"{PATH}go-on").status_code in (400, 403)


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("path", [PATH, "/unit/", f"{PATH}leaving/{{tom}}"])
def test_axe_finds_nothing(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
    path: str,
) -> None:
    remove_person(stage.house, stage.world.who("helen"), stage.id("priya"))
    change(stage)
    remove_person(stage.house, stage.world.who("helen"), stage.id("tom"))
    page = open_page()
    page.goto(serve(signed_in(stage, "helen")) + path.format(tom=stage.id("tom")))
    assert page.locator("h1").count() == 1
    look(axe, page)
