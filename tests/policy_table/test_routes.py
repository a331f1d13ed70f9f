"""Every route times everybody, by real requests on real objects, against `routes.tsv`.

The table is written by `python -m tests.policy_table.write` and read by a person before it is
kept. A cell is the answer's status with the judge's reason, the kind of file, or the page that
somebody is sent to. Everything is undone after each request, and the token of forms is always
right, so that only the judge can be what refuses.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape

import html5lib
import pytest
from markupsafe import escape

from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.journeys.leaves import LEAVES
from portal.policy.actions import Action
from portal.policy.rulebook import needed_roles
from portal.web.door import DOORS
from tests.policy_table import walk
from tests.policy_table.scene import MARKUP, PEOPLE, Scene

EVERYBODY = list(PEOPLE)
SIGNED_IN = EVERYBODY[EVERYBODY.index("helen") :]
OUTSIDE = EVERYBODY[: EVERYBODY.index("helen")]

INDIVIDUALS = ("Wilfred Crane", "Gordon Pike")
MAY_KNOW_THEM = {"helen", "tom", "priya", "alan", "carys", "adeyemi", "ruth", "mark", "una"}
"""The unit, those invited, and the contacts of agencies that were asked for a report."""

KEPT_BY_GET = {"sessions", "security_log", "pages_read", "throttle"}
"""What a GET may write beside the ledger: when a session was last seen, that names were read in
it, how often somebody outside tried or somebody inside was refused, and which pages of a paper were
shown."""

ALWAYS = {Deed.DEED_REFUSED.value, Deed.NAMES_READ.value, Deed.BACKUP_CODE_USED.value}

SHOWN_BESIDE = {
    "agency.check": {Deed.PARTICULARS_READ.value},
    "agency.check_form": {Deed.PARTICULARS_READ.value},
    "disclosures.approve": {Deed.DISCLOSURE_READ.value},
    "disclosures.refuse": {Deed.DISCLOSURE_READ.value},
    "unit_minutes_form.file": {Deed.MINUTES_FORM_READ.value},
    "unit_summaries.approve": {Deed.SUMMARY_READ.value},
    "unit_summaries.write": {Deed.SUMMARY_READ.value},
}
"""What else a page shows that is sealed, with the line it leaves for that."""


@pytest.fixture(autouse=True)
def undone(scene: Scene) -> Iterator[None]:
    scene.undo()
    yield
    scene.undo()


def test_every_route_has_its_rows_and_every_row_its_route(scene: Scene) -> None:
    people, table = walk.read()
    assert people == EVERYBODY
    assert sorted(table) == sorted(row.key for row in walk.rows(scene))
    assert all(len(cells) == len(people) for cells in table.values())


def test_a_form_stands_ready_for_real_routes_only(scene: Scene) -> None:
    assert walk.FORMS.keys() <= DOORS.keys()
    assert walk.PERSON.keys() <= DOORS.keys()
    assert DOORS.keys() >= walk.TWO_MEETINGS


def without_token(body: str) -> str:
    """Without what differs by itself: the form's token, and the address that was asked for, to
    which the screen is unlocked."""
    return re.sub(r'name="(?:csrf_token|next)" value="[^"]*"', "", body)


def allowed_lines(endpoint: str) -> set[str]:
    declared = DOORS.get(endpoint)
    if not isinstance(declared, Action):
        return {"session.opened", "session.closed", *ALWAYS}
    named = {deed.value for deed in LEAVES.get(declared, frozenset())} | ALWAYS
    return named | SHOWN_BESIDE.get(endpoint, set())


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_is_answered_as_the_table_says(scene: Scene, who: str) -> None:
    people, table = walk.read()
    column = people.index(who)
    wrong = []
    for row in walk.rows(scene):
        with scene.written() as written:
            answer, cell, left = walk.attempt(scene, row, who)
        told = answer.get_data().decode("utf-8", "replace")
        scene.undo()
        expected = table[row.key][column]
        if cell != expected:
            wrong.append(f"{row.method} {row.route} [{row.about}]: {cell}, not {expected}")
        deeds = [str(line["deed"]) for line in left]
        refused = answer.status_code in (403, 404) and who in SIGNED_IN
        if refused and isinstance(DOORS.get(row.endpoint), Action):
            assert deeds == ["deed.refused"], row
        else:
            assert set(deeds) - {"deed.refused"} <= allowed_lines(row.endpoint), (row, deeds)
        if who in OUTSIDE:
            assert not refused or deeds == [], row
        if row.method == "GET":
            records = {table for table in written if not table.startswith("ledger_")}
            assert records <= KEPT_BY_GET, (row, written)
        if who not in MAY_KNOW_THEM:
            assert not any(name in told for name in INDIVIDUALS), row
        if answer.status_code >= 300:
            assert not any(name in told for name in INDIVIDUALS), row
    assert wrong == []


@pytest.mark.parametrize("who", ["outsider", "half-way", "carys", "helen"])
def test_without_its_token_nothing_is_done(scene: Scene, who: str) -> None:
    for row in walk.rows(scene):
        if row.method == "GET":
            continue
        scene.tokens[who], kept = "", scene.tokens[who]
        with scene.written() as written:
            answer = walk.ask(scene, row, who)
        scene.tokens[who] = kept
        inside = who in SIGNED_IN or not isinstance(DOORS[row.endpoint], Action)
        assert answer.status_code in ((400, 302) if not inside else (400, 302, 303)), row
        if who in SIGNED_IN and isinstance(DOORS[row.endpoint], Action):
            assert answer.status_code == 400, row
        # A sample that a stranger sends is counted before any of it is read; another server brings
        # a signature in place of a token, and bad ones are counted.
        counted = {"throttle"} if row.endpoint in ("check.upload", "sign_on.left") else set()
        assert written <= {"drafts", "security_log", *counted}, (row, written)
        scene.undo()


@pytest.mark.parametrize("who", ["outsider", "helen", "carys"])
def test_other_methods_are_not_answered(scene: Scene, who: str) -> None:
    adapter = scene.stage.world.app.url_map.bind("localhost")
    for path in {walk.address(scene, row) for row in walk.rows(scene)}:
        others = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"}
        for method in others - set(adapter.allowed_methods(path.partition("?")[0])):
            with scene.written() as written:
                answer = scene.clients[who].open(
                    path, method=method, data={"csrf_token": scene.tokens[who]}
                )
            assert answer.status_code == 405, (method, path)
            assert written == set(), (method, path)


@pytest.mark.parametrize("who", ["outsider", "helen", "grace"])
def test_head_tells_no_more_than_get_and_options_nothing(scene: Scene, who: str) -> None:
    for row in walk.rows(scene):
        path = walk.address(scene, row)
        with scene.written() as written:
            options = scene.clients[who].open(path, method="OPTIONS")
        assert options.get_data() == b"" or options.status_code == 302, row
        assert options.status_code in (200, 302), row
        assert not any(name in options.text for name in INDIVIDUALS)
        assert {name for name in written if not name.startswith("ledger_")} <= KEPT_BY_GET
        if row.method == "GET":
            plain = walk.ask(scene, row, who)
            plain.get_data()
            scene.undo()
            head = scene.clients[who].head(path)
            assert head.get_data() == b"", row
            assert head.status_code == plain.status_code, row
        scene.undo()


READERS_OF_PAGES = [
    "joining",
    "outsider",
    "half-way",
    "recovering",
    "helen",
    "alan",
    "carys",
    "una",
    "sian",
    "dev",
]


@pytest.mark.parametrize("who", READERS_OF_PAGES)
def test_every_page_is_whole(scene: Scene, who: str) -> None:
    """Strict HTML5, one first heading, a title, a language, nothing inline, kept by nobody.
    What was typed as markup is words: no element, and nothing that the templates work out."""
    seen = set()
    for row in walk.rows(scene):
        answer = walk.ask(scene, row, who)
        body = answer.get_data().decode("utf-8", "replace")
        scene.undo()
        assert answer.headers["Cache-Control"] == "no-store" or row.endpoint == "static", row
        if answer.mimetype != "text/html" or not body or answer.status_code in (302, 303):
            continue
        if without_token(body) in seen:
            continue
        seen.add(without_token(body))
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body)
        assert [len(list(tree.iter(tag))) for tag in ("h1", "title", "main")] == [1, 1, 1], row
        assert tree.get("lang", "").startswith("en"), row
        assert "".join(next(iter(tree.iter("title"))).itertext()).strip(), row
        ids = [each.get("id") for each in tree.iter() if each.get("id")]
        assert len(ids) == len(set(ids)), (row, sorted(ids))
        for each in tree.iter("form"):
            if each.get("method", "get").lower() == "post":
                names = [field.get("name") for field in each.iter("input")]
                assert names.count("csrf_token") == 1, (row, names)
        for each in tree.iter("table"):
            assert each.find("caption") is not None, row
        assert not list(tree.iter("x-typed")), row
        assert "{{" not in unescape(body.replace(escape(MARKUP), "")), row
        assert not re.search(r">\s*None\s*<", body), row


def test_those_outside_are_told_the_same_of_everything(scene: Scene) -> None:
    """What is there and what is not, what is theirs and what is not: one answer for an address."""
    rows = [row for row in walk.rows(scene) if isinstance(DOORS.get(row.endpoint), Action)]
    for who in ("outsider", "left"):
        for row in rows:
            answer = scene.clients[who].get(walk.address(scene, row))
            if row.method == "GET":
                assert answer.headers["Location"].startswith("/sign-in?next="), row


def test_what_is_not_there_looks_like_what_is_not_theirs(scene: Scene) -> None:
    """For somebody of another area: the same page, whether the thing exists or not."""
    for row in walk.rows(scene):
        if row.method != "GET" or not row.values or row.endpoint == "static":
            continue
        if not isinstance(DOORS[row.endpoint], Action) or "position" in row.values:
            continue
        if needed_roles(DOORS[row.endpoint]) == frozenset({Role.SPOC}):
            continue  # she is none: of theirs and of nothing she hears the same, tested beside it
        elsewhere = {n: value if n == "sheet" else "a" * 26 for n, value in row.values.items()}
        nothing = walk.Row(row.method, row.route, row.endpoint, "", elsewhere)
        pages = []
        for each in (row, nothing):
            answer, cell, _left = walk.attempt(scene, each, "olga")
            pages.append((cell, without_token(answer.get_data(as_text=True))))
            scene.undo()
        assert pages[0] == pages[1], row
        assert pages[0][0] == "404", row


ODD = itertools.cycle(["x" * 300, "\0", "'", "\u00e9\u202e", "%2e%2e", "unit", "A" * 26])


@pytest.mark.parametrize("who", ["helen", "alan", "carys", "adeyemi"])
def test_what_does_not_exist_is_refused_with_a_line(scene: Scene, who: str) -> None:
    people, table = walk.read()
    for row in walk.rows(scene):
        reached = table[row.key][people.index(who)].split()[0] in ("200", "->")
        declared = DOORS.get(row.endpoint)
        if not (row.values and reached and isinstance(declared, Action)):
            continue
        for name, value in row.values.items():
            if isinstance(value, int) or f"<{name}>" not in row.route:
                continue
            for hostile in ("a" * 26, next(ODD)):
                changed = walk.Row(
                    row.method, row.route, row.endpoint, row.about, {**row.values, name: hostile}
                )
                answer, _cell, left = walk.attempt(scene, changed, who)
                scene.undo()
                assert answer.status_code == 404, (row, name, hostile)
                if name != "session_id":
                    assert [line["deed"] for line in left] == ["deed.refused"], (row, hostile)


def test_positions_out_of_range_are_not_there(scene: Scene) -> None:
    for position in (10**6, 2**31, 2**63, 10**30):
        assert scene.clients["helen"].get(f"/record/{position}/receipt").status_code == 404
    for below in ("10000000000000000000000", "-1", "x", "\0"):
        assert scene.clients["helen"].get(
            "/record/", query_string={"below": below}
        ).status_code in (200, 404)
