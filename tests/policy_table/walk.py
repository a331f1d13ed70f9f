"""One row for each route and each kind of object behind it; one column for each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.policy_table.forms import FORMS
from tests.policy_table.scene import PEOPLE, Scene

TABLE = Path(__file__).with_name("routes.tsv")

SLOT = "the meeting"
SETTLED = "a meeting whose minutes are approved"
TWO_MEETINGS = frozenset({
    "chair.approve", "chair.read", "chair.show", "unit_attendance.lock", "unit_attendance.record",
    "unit_minutes.confirm", "unit_minutes.file", "unit_minutes.send",
    "chair.changes", "unit_minutes_form.file", "unit_minutes_form.write",
})  # fmt: skip
"""What depends on how far the minutes are; `SETTLED` alone where it needs a form."""

PERSON: Mapping[str, str] = {
    "unit_cards.card": "mark",
    "unit_cards.card_post": "mark",
    "unit_cards.handed_over": "mark",
    "unit_cards.show": "mark",
    "agency_people.cover": "newcomer",
    "agency_people.cover_get": "newcomer",
    "unit_words.words": "newcomer",
    "unit_words.words_get": "newcomer",
    "agency_people.resend": "newcomer",
    "agency_people.remove": "newcomer",
    "agency_people.remove_form": "newcomer",
    "agency_people.vouch_for": "newcomer",
    "agency_people.vouch_for_get": "newcomer",
    "agency_people.wake": "newcomer",
    "agency_people.try_again": "newcomer",
    "agency_people.try_again_get": "newcomer",
    "agency_people.wake_get": "newcomer",
    "agency_cards.card": "newcomer",
    "agency_cards.card_post": "newcomer",
    "agency_cards.handed_over": "newcomer",
    "agency_cards.show": "newcomer",
    "unit_dormant.wake": "mark",
    "unit_roles.change": "mark",
    "unit_roles.change_get": "mark",
    "unit_roles.deputy": "mark",
    "unit_roles.deputy_get": "mark",
    "unit_roles.end": "mark",
    "unit_dormant.wake_get": "mark",
    "unit_minutes.duty": "ruth",
    "unit_minutes.duty_get": "ruth",
    "unit_addenda.preview": "mark",
    "unit_annexes.preview": "mark",
    "unit_packs.preview": "carys",
    "unit_packs.preview_annex": "carys",
    "unit_ready.again": "carys",
    "unit_people.confirm": "una",
    "unit_people.confirm_get": "una",
    "unit_people.end_sessions": "mark",
    "unit_people.remove": "mark",
    "unit_people.remove_form": "mark",
    "unit_people.vouch_for": "mark",
    "unit_people.try_again": "mark",
    "unit_people.try_again_get": "mark",
    "unit_key.left": "mark",
    "unit_proofing.approve": "mark",
    "unit_proofing.proofing": "mark",
    "unit_proofing.proofing_get": "mark",
    "unit_people.vouch_for_get": "mark",
    "unit_people.resend": "newcomer",
    "unit_sendings.let_open": "una",
    "unit_sendings.take_one_back": "carys",
    "unit_sendings.take_one_back_get": "carys",
    "unit_slots.withdraw": "mark",
}
GRANTS = ("carys", "una")
"""Whose copies are asked for: one that is open, one that waits for a key."""


@dataclass(frozen=True)
class Row:
    """A route, tried on these objects (`about` in words; `values` for its address)."""

    method: str
    route: str
    endpoint: str
    about: str
    values: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.method, self.route, self.about


def rows(scene: Scene) -> list[Row]:
    """Every route of the application, sorted; GET and POST of one address stand together."""
    found = []
    for rule in scene.stage.world.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            for about, values in objects(scene, rule):
                found.append(Row(method, rule.rule, rule.endpoint, about, values))
    return sorted(found, key=lambda row: (row.route, row.about, row.method))


def objects(scene: Scene, rule: Rule) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the route is tried on."""
    names = rule.arguments
    if not names:
        yield "", {}
    elif "request_id" in names and rule.rule.startswith(("/agency/", "/unit/requests/")):
        more = {"sheet": 1} if "sheet" in names else {}
        yield "the prison's, answered", {"request_id": scene.asked["F"], **more}
        yield "the police's, open", {"request_id": scene.asked["risk"], **more}
    elif "request_id" in names:
        yield "asked by Carys, for Grace", {"request_id": scene.disclosure}
    elif "grant_id" in names:
        for name in GRANTS:
            values = {"grant_id": scene.stage.grant(name).id}
            values |= {"version_id": scene.stage.papers["F"]} if "version_id" in names else {}
            yield f"{name.title()}'s copy", values | ({"sheet": 3} if "sheet" in names else {})
    else:
        yield from _others(scene, rule)


def _others(scene: Scene, rule: Rule) -> Iterator[tuple[str, dict[str, Any]]]:
    names, values, about = rule.arguments, {}, []
    if "person_id" in names:
        name = PERSON[rule.endpoint]
        values["person_id"] = scene.stage.id(name)
        about.append(name.title())
    if "sending_id" in names:
        values["sending_id"] = scene.stage.grant("carys").sending_id
    if "case_id" in names:
        values["case_id"] = scene.stage.case_id
    if "day_id" in names:
        with scene.stage.house.engine.connect() as db:
            found = db.exec_driver_sql(
                "SELECT meeting_day_id FROM slots WHERE id = ?", (scene.stage.slot_id,)
            )
            values["day_id"] = found.scalar_one()
    if rule.endpoint.startswith("unit_extracts.") and "version_id" in names:
        values |= {"version_id": scene.stage.papers["F"], "sheet": 1}
    elif "sheet" in names:
        values["sheet"] = 1
    if "session_id" in names:
        values["session_id"] = scene.second_session
        about.append("another session of Carys")
    if "agency_id" in names:
        values["agency_id"] = scene.stage.world.agency("police").id
        about.append("the police")
    if "card_id" in names:
        values["card_id"] = scene.factors["card"]
        about.append("issued by Helen")
    if "factor_id" in names:
        begun = "set_up" in rule.endpoint
        values["factor_id"] = scene.factors["begun" if begun else "spare"]
        about.append("begun by Carys" if begun else "a spare of Carys")
    if "panel_id" in names:
        values["panel_id"] = scene.panel
        about.append("a panel")
    if "trace_id" in names:
        values["trace_id"] = scene.trace
        about.append("asked by Helen")
    if "passkey_id" in names:
        values["passkey_id"] = scene.factors["passkey"]
        about.append("begun by Carys")
    if "token" in names:
        values["token"] = scene.joining_token
        about.append("a living link")
    if "position" in names:
        values["position"] = 3
    if rule.endpoint in ("unit_packs.preview_annex", "unit_packs.newer", "unit_changes.show"):
        values["version_id"] = scene.stage.papers["F"]
    if rule.endpoint.startswith("unit_addenda."):
        values |= {"version_id": scene.stage.papers["update"], "after": 1}
        values["to"] = scene.stage.id("mark")
    if "section" in names:
        values["section"] = "risk"
    if "filename" in names:
        values["filename"] = "built/nothing.css"
        about.append("no such file")
    if "slot_id" in names:
        values["slot_id"] = scene.stage.slot_id
        if rule.endpoint in TWO_MEETINGS:
            yield SETTLED, {**values, "slot_id": scene.settled.slot_id}
            about.append(SLOT)
    assert names <= values.keys(), rule
    yield ", ".join(about), values


def address(scene: Scene, row: Row) -> str:
    adapter = scene.stage.world.app.url_map.bind("localhost")
    return adapter.build(row.endpoint, dict(row.values), method=row.method)


def ask(scene: Scene, row: Row, who: str) -> TestResponse:
    """The request of this person, with a token and, on a POST, a form that is right."""
    client, path = scene.clients[who], address(scene, row)
    if row.method == "GET":
        return client.get(path)
    fields = dict(FORMS.get(row.endpoint, lambda _s, _w: {})(scene, who))
    return client.open(path, method=row.method, data={"csrf_token": scene.tokens[who], **fields})


def cell(scene: Scene, answer: TestResponse, why: str) -> str:
    """The answer in a word or two; `why` is the judge's reason, from the ledger."""
    status = answer.status_code
    if status in (302, 303):
        return f"-> {where(scene, answer.headers['Location'])}"
    if status == 403:
        return f"403 {why}".strip()
    if status == 200 and answer.mimetype != "text/html":
        return f"200 {answer.mimetype.rpartition('/')[2]}"
    return str(status)


def where(scene: Scene, location: str) -> str:
    """The name of the page somebody is sent to."""
    parts = urlsplit(location)
    assert parts.netloc in ("", "localhost"), location
    adapter = scene.stage.world.app.url_map.bind("localhost")
    try:
        endpoint, _values = adapter.match(parts.path, method="GET")
    except HTTPException:
        return parts.path
    return str(endpoint).removesuffix("_get")


def attempt(scene: Scene, row: Row, who: str) -> tuple[TestResponse, str, list[dict[str, Any]]]:
    """Ask, and see what it left: the answer, its cell, the lines of the ledger. Not undone."""
    before = scene.sizes()
    answer = ask(scene, row, who)
    answer.get_data()
    left = [
        line
        for area, size in scene.sizes().items()
        for line in scene.newest(area, size - before[area])
    ]
    why = [str(line["why"]) for line in left if line["deed"] == "deed.refused"]
    return answer, cell(scene, answer, " ".join(why)), left


def read() -> tuple[list[str], dict[tuple[str, str, str], list[str]]]:
    """The checked-in table: the people of its columns, and the cells of each row."""
    lines = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    head, *rest = [line for line in lines if not line[0].startswith("#")]
    return head[3:], {(line[0], line[1], line[2]): line[3:] for line in rest}


def write(cells: Mapping[tuple[str, str, str], list[str]]) -> None:
    """Write the table anew. Read every line that changed against `docs/rules` and the rulebook."""
    head = "\t".join(("method", "route", "about", *PEOPLE))
    body = ["\t".join((*key, *found)) for key, found in cells.items()]
    TABLE.write_text("\n".join((head, *body)) + "\n", "utf-8")
