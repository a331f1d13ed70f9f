"""One area with everything in it at once, everybody at its door, and a way back after each try."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from portal.chance import new_id
from portal.crypto.keyring import Keyring, new_keyring
from portal.domain.factors import FactorKind
from portal.domain.ids import DisclosureId, PanelId, PersonId, RequestId, TraceId
from portal.domain.meetings import Capacity, Mode, SlotKind
from portal.domain.packs import Others
from portal.domain.people import Account, Person, Role
from portal.domain.proofing import How
from portal.identity import totp
from portal.identity.sign_on.client import Demand, Proof
from portal.journeys.agencies.record_provider import NewSettings, record_provider
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.copies.ask_trace import ask_trace
from portal.journeys.deed import tending
from portal.journeys.disclosure.ask_disclosure import Wish, ask_disclosure
from portal.journeys.keys.proof_person import proof_person
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.meetings.set_panel import set_panel
from portal.journeys.own_account.add_passkey import begin_passkey
from portal.journeys.own_account.issue_card import Proofed, issue_card
from portal.journeys.own_account.own_factors import new_generator
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.ledger import book, leaf
from portal.records import generators, papers, people, sessions
from portal.records.database import reading
from tests.journeys.other_area import other_area
from tests.staging import BORN, INVITED, Places, Stage

PEOPLE: Mapping[str, str] = {
    "outsider": "nobody: no cookie at all",
    "half-way": "the co-ordinator after the passphrase, before the code",
    "joining": "somebody who follows their joining link",
    "recovering": "Carys with her recovery code, before the code of her app",
    "left": "Joe, an invitee who left the day before, with his old cookie",
    "helen": "co-ordinator",
    "tom": "deputy",
    "priya": "administrator",
    "alan": "police superintendent, chair of the meeting",
    "carys": "police contact, invited; reads her copy, and asked to pass a paper on",
    "adeyemi": "the prison's contact, invited; its MAPPA F is in",
    "ruth": "social care's contact, invited; has not accepted the statement",
    "grace": "health's contact, at no meeting; somebody asked to pass a paper to her",
    "mark": "probation officer, invited, no contact",
    "una": "housing manager, invited; nobody has confirmed her key",
    "lay": "lay adviser",
    "sian": "auditor",
    "dev": "operator",
    "olga": "co-ordinator of another area",
}
"""Everybody who tries every door, in the order of the table's columns."""

MARKUP = "<x-typed a=b>'\"-->{{ 7 * 7 }}"
"""What somebody might type to become a part of a page: see test_every_page_is_whole."""
PURPOSE = f"{MARKUP} To find a flat that is nowhere near the family he harmed."
NEED = f"{MARKUP} A tenancy starts on 20 May, and the ward must know before then."


@dataclass
class Scene:
    """The meeting of `tests/staging.py` after its pack was sent, a second one whose minutes are
    ready to go, and the browsers of everybody."""

    stage: Stage
    settled: Stage
    asked: Mapping[str, RequestId]
    disclosure: DisclosureId
    trace: TraceId
    panel: PanelId
    leaked: str
    second_session: str
    joining_token: str
    clients: dict[str, FlaskClient]
    ids: Mapping[str, PersonId]
    factors: Mapping[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    _cookies: dict[str, dict[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage.world.clock.advance(timedelta(minutes=2))
        for name, client in self.clients.items():
            self.tokens[name] = _token(client)
            self._cookies[name] = dict(client._cookies or {})
        self._image = sqlite3.connect(":memory:")
        with _driver(self) as live:
            live.backup(self._image)
        self._sealed = dict(self.stage.world.store._kept)
        self._changed = False
        event.listen(self.stage.house.engine, "before_cursor_execute", self._note)

    def _note(self, *args: object) -> None:
        if not str(args[2]).startswith(("SELECT", "PRAGMA", "BEGIN")):
            self._changed = True

    def undo(self) -> None:
        """Everything as it was when the scene was made."""
        if self._changed:
            with _driver(self) as live:
                self._image.backup(live)
            shutil.rmtree(self.stage.world.settings.checkpoints, ignore_errors=True)
            self._changed = False
        for name, client in self.clients.items():
            client._cookies = dict(self._cookies[name])
        self.stage.world.store._kept.clear()
        self.stage.world.store._kept.update(self._sealed)

    def close(self) -> None:
        """After the last try."""
        self._image.close()
        self.stage.house.engine.dispose()

    def sizes(self) -> dict[str, int]:
        """How many lines each area's ledger has."""
        with self.stage.house.engine.connect() as db:
            found = db.exec_driver_sql("SELECT area_id, size FROM ledger_heads")
            return {str(area): int(size) for area, size in found}

    def newest(self, area_id: str, count: int) -> list[dict[str, leaf.Value]]:
        """The last so many lines of one area."""
        if count == 0:
            return []
        with reading(self.stage.house.engine) as db:
            size = book.head(db, area_id).size
            return [
                dict(leaf.decode(e.leaf)) for e in book.entries(db, area_id, size - count, size)
            ]

    @contextmanager
    def written(self) -> Iterator[set[str]]:
        """The tables that are written to meanwhile."""
        seen: set[str] = set()

        def note(*args: object) -> None:
            words = str(args[2]).replace('"', "").split()
            if words[0] in ("INSERT", "DELETE", "REPLACE"):
                seen.add(words[2])
            elif words[0] == "UPDATE":
                seen.add(words[1])

        engine = self.stage.house.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _driver(scene: Scene) -> Iterator[sqlite3.Connection]:
    raw = scene.stage.house.engine.raw_connection()
    try:
        assert isinstance(raw.driver_connection, sqlite3.Connection)
        yield raw.driver_connection
    finally:
        raw.close()


def _token(client: FlaskClient) -> str:
    """The token of any form this browser can see."""
    for path in ("/", "/sign-in", "/sign-in/code"):
        page = client.get(path).get_data(as_text=True)
        if found := page.partition('name="csrf_token" value="')[2].partition('"')[0]:
            return found
    raise AssertionError("no page with a form")


def make(stage: Stage) -> Scene:
    """Everything that can be there, by the journeys."""
    house, world = stage.house, stage.world
    helen = world.who("helen")
    due = date(2026, 5, 20)
    ask_for_report(house, helen, stage.slot_id, world.agency("police").id, "risk", due)
    stage.arrange(["A", "F"])
    stage.send()
    stage.arrange(["A"], annexes={"F": (Others.NOTHING, ["carys"])})
    stage.accept("carys", "alan")
    stage.register()
    stage.file()
    settled = _settled(stage)
    wish = Wish(stage.papers["F"], world.person("grace").id, PURPOSE, NEED)
    disclosure = ask_disclosure(house, world.who("carys"), stage.grant("carys").id, wish)
    lay = _lay_adviser(stage)
    elsewhere = other_area(world)
    with reading(house.engine) as db:
        olga = people.by_id(db, elsewhere.olga.actor.person_id)
        asked = {r.form_code: r.id for r in papers.requests_for(db, world.area.id, stage.slot_id)}
    assert olga is not None

    # On trial, at an address of this computer where nobody answers.
    demand = Demand(Proof.ACR, ("two-factors",), timedelta(hours=1))
    on_trial = NewSettings("http://127.0.0.1:9", "portal", "a-secret-of-the-table", demand)
    record_provider(house, helen, world.agency("police").id, on_trial, world.code("helen"))
    grace = world.person("grace").id
    panel = set_panel(house, helen, None, "Level 2 panel", {grace: Capacity.SPECIALIST})
    joe = world.client("joe")
    # Only the browser keeps it: her session in another browser.
    second = world.session_id(world.begin("carys")).hex()
    clients = {
        "outsider": world.client(),
        "half-way": _client(stage, world.begin("helen", sessions.Stage.PASSPHRASE)),
        "joining": _joining(stage),
        "recovering": _client(stage, world.begin("carys", sessions.Stage.RECOVERING)),
        "left": joe,
        "lay": _signed_in(stage, lay, new_keyring()),
        "olga": _signed_in(stage, olga, elsewhere.olga.keyring),
    }
    for name in PEOPLE:
        if name not in clients:
            clients[name] = world.client(name)
    begun = clients["carys"].post(
        f"/papers/{stage.grant('carys').id}/read", data={"csrf_token": _token(clients["carys"])}
    )
    assert begun.status_code == 302
    leaked = str(stage.lines("paper.opened")[-1]["copy"])
    trace = ask_trace(house, helen, "It lay in a car park in Elmsworth.", written=leaked)
    remove_person(house, helen, world.person("joe").id)
    factors = _factors(stage)
    ids = {
        name: world.secrets(name).person_id
        for name in (*INVITED, "helen", "grace", "tom", "newcomer")
    }
    return Scene(
        stage=stage,
        settled=settled,
        asked=asked,
        disclosure=disclosure.id,
        trace=trace,
        panel=panel,
        leaked=leaked,
        second_session=second,
        joining_token=world.joining_token(),
        clients={name: clients[name] for name in PEOPLE},
        ids=ids,
        factors=factors,
    )


def _factors(stage: Stage) -> dict[str, str]:
    """What Carys has besides her code app, what she has begun to add, and a card for Mark."""
    house, world = stage.house, stage.world
    carys, app = world.person("carys"), FactorKind.CODE_APP
    spare = new_generator(house, carys, app, "Spare", totp.new_secret())
    begun = new_generator(house, carys, app, "New", totp.new_secret())
    with tending(house) as db:
        generators.save(db, replace(spare, proved_at=house.clock.now()))
        generators.save(db, begun)
    half = recall(house, world.begin("carys"))
    assert isinstance(half, Recalled)
    passkey = begin_passkey(house, half, "Laptop", world.code("carys"))
    found = recall(house, world.begin("helen"))
    assert isinstance(found, Recalled)
    mark = world.secrets("mark").person_id
    card = issue_card(house, found, mark, Proofed.MET, world.code("helen"))
    proof_person(house, world.who("helen"), mark, How.MET, world.code("helen"))
    return {"spare": spare.id, "begun": begun.id, "card": card, "passkey": passkey}


def _settled(stage: Stage) -> Stage:
    """Another case at another meeting: attendance locked, minutes approved, nothing sent."""
    house, world = stage.house, stage.world
    helen = world.who("helen")
    new = NewCase("NMR/26/0118", world.agency("police").id, 3, 2, "Gordon Pike", BORN)
    case = open_case(house, helen, new)
    heard = [Heard(case.id, SlotKind.INITIAL)]
    planned = plan_meeting(house, helen, date(2026, 5, 29), time(10, 0), Mode.REMOTE, heard)
    slot_id = planned.slots[0].id
    for name, capacity in INVITED.items():
        invite_to_slot(house, helen, slot_id, stage.id(name), capacity, "Works with him too.")
    settled = Stage(world, Places(case.id, slot_id, {}))
    settled.minutes_ready()
    return settled


def _lay_adviser(stage: Stage) -> Person:
    world = stage.world
    person = Person(
        PersonId(new_id()), world.area.id, world.agency("probation").id, "lay@northmere.example",
        "Lena Yates", "Lay adviser", "01632 960 333", frozenset({Role.LAY_ADVISER}),
        Account.ENROLLED, world.clock.now(),
    )  # fmt: skip
    with tending(stage.house) as db:
        people.save(db, person)
    return person


def _joining(stage: Stage) -> FlaskClient:
    """Somebody who has opened their link and chosen nothing yet."""
    newcomer = stage.world.person("newcomer")
    with tending(stage.house) as db:
        now = stage.world.clock.now()
        secret = begin(stage.house, db, newcomer, sessions.Stage.JOINING, None, now)
    return _client(stage, secret)


def _signed_in(stage: Stage, person: Person, own: Keyring) -> FlaskClient:
    now = stage.world.clock.now()
    with tending(stage.house) as db:
        secret = begin(stage.house, db, person, sessions.Stage.SIGNED_IN, own, now, factor_at=now)
    return _client(stage, secret)


def _client(stage: Stage, secret: bytes) -> FlaskClient:
    client = stage.world.client()
    stage.world.give_cookie(client, secret)
    return client
