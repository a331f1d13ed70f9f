"""Templates are given every name they use: an undefined one shows as nothing and is missed.

The GOV.UK macros need undefined names to be empty, so that a name misspelt in a view or a template
is no error. Here each page that somebody sees in the walk of all routes tells what it was given.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pytest
from flask import Flask, template_rendered
from jinja2 import Environment, Template, meta, nodes

from tests.documents.making import numbered
from tests.house.source import ROOT
from tests.policy_table import walk
from tests.policy_table.scene import Scene

TEMPLATES = ROOT / "templates"
OWN = re.compile(r"[a-z]+/[a-z_0-9]+\.(?:html|txt|svg)")

MAY_BE_ABSENT = {
    "back": "a page without a way back",
    "action": "a form that is sent to its own address",
    "errors": "a form in which nothing is wrong",
    "form": "a page without a form",
    "upload": "a form without a file",
    "marking": "a page without case content",
    "me": "a page for somebody who is not signed in",
    "options": "a page on which no passkey is asked for",
    "next": "a page that leads on to no other",
    "notice": "a page on which nothing has just been done",
}
"""Names that the frame asks for and many pages do not have."""


def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@cache
def names_of(environment: Environment, name: str) -> tuple[set[str], set[str]]:
    """The names a template and all it stands on use, and those it sets for them."""
    tree = environment.parse(source(name))
    used = set(meta.find_undeclared_variables(tree))
    # One that is set under a condition counts as set: the template itself answers for it.
    given = {
        target.name
        for assign in tree.find_all(nodes.Assign)
        for target in assign.find_all(nodes.Name)
        if target.ctx == "store"
    }
    given |= {macro.name for macro in tree.find_all(nodes.Macro)}
    given |= {brought.target for brought in tree.find_all(nodes.Import)}
    for brought in tree.find_all(nodes.FromImport):
        given |= {name if isinstance(name, str) else name[1] for name in brought.names}
    for other in meta.find_referenced_templates(tree):
        if other is not None and OWN.fullmatch(other):
            used_there, given_there = names_of(environment, other)
            used = used | used_there
            given = given | given_there
    return used, given


@pytest.fixture(scope="session")
def rendered(scene: Scene) -> dict[str, list[set[str]]]:
    """Each template that anybody saw, and the names it was given each time."""
    seen: dict[str, list[set[str]]] = {}

    def note(_app: Flask, template: Template, context: dict[str, Any], **_more: Any) -> None:
        seen.setdefault(str(template.name), []).append(set(context))

    with template_rendered.connected_to(note, scene.stage.world.app):
        scene.undo()
        people, table = walk.read()
        for row in walk.rows(scene):
            cells = dict(zip(people, table[row.key], strict=True))
            shown = [who for who in people if cells[who] == "200"]
            refused = [who for who in people if cells[who].startswith("4")]
            for who in {*shown[:1], *shown[-1:], *refused[:1]}:
                walk.ask(scene, row, who).close()
                scene.undo()
        choose_a_file(scene)
        scene.undo()
    return seen


def choose_a_file(scene: Scene) -> None:
    """What whoever chose a file sees of it before it is handed in: no row of the table has one."""
    client, page = scene.clients["carys"], f"/agency/requests/{scene.asked['risk']}"
    chosen = {"csrf_token": scene.tokens["carys"], "file": (io.BytesIO(numbered(1)), "a.pdf")}
    client.post(f"{page}/upload", data=chosen).close()
    for part in ("check", "check/1"):
        assert client.get(f"{page}/{part}").status_code == 200


def test_every_name_a_page_uses_is_given_to_it(
    scene: Scene, rendered: dict[str, list[set[str]]]
) -> None:
    environment = scene.stage.world.app.jinja_env
    missing: dict[str, set[str]] = {}
    for name, times in rendered.items():
        if not OWN.fullmatch(name):
            continue
        used, given = names_of(environment, name)
        known = given | set(environment.globals) | set(MAY_BE_ABSENT)
        for context in times:
            left = used - known - context
            if left:
                missing.setdefault(name, set()).update(left)
    assert missing == {}


def test_most_pages_were_seen(rendered: dict[str, list[set[str]]]) -> None:
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name not in ("base", "components", "errors", "notices", "papers")
    }
    seen = {name for name in rendered if OWN.fullmatch(name)}
    assert len(pages & seen) > 0.7 * len(pages), sorted(pages - seen)


def test_every_name_that_may_be_absent_is_asked_for_somewhere(scene: Scene) -> None:
    environment = scene.stage.world.app.jinja_env
    every = set()
    for path in TEMPLATES.rglob("*.html"):
        every |= names_of(environment, path.relative_to(TEMPLATES).as_posix())[0]
    assert set(MAY_BE_ABSENT) <= every
