"""P5, P7, P11 and the whole sending: the portal as it runs, over HTTP where asked."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdfium2
from flask import Flask, Response
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from portal.chance import new_id
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.argon import argon2id
from portal.crypto.unlock import DEFAULT
from portal.domain.deeds import Deed, line
from portal.domain.grants import SendingKind
from portal.domain.ids import DocumentId, PersonId, SendingId
from portal.domain.packs import Reader
from portal.domain.papers import Document, Kind
from portal.journeys.deed import unjudged
from portal.journeys.giving.dispatch import dispatch
from portal.journeys.giving.sealing import prepare
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.packs.layouts import Layout
from portal.journeys.packs.proposing import setting
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.records.database import reading
from portal.web.current import encode
from tests.bench import looking, ours
from tests.bench.measuring import MIB, Row, Taken, against, peak_mib, seconds, shown, within
from tests.staging import BORN, Places, Stage, stage_from, stage_template
from tests.world import make_template


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("world", "staged", "one"):
            (folder / name).mkdir()
        staged = stage_template(make_template(folder / "world"), folder / "staged")
        stage = stage_from(staged, folder / "one")
        return [
            *_sending(stage),
            *_signing_in(stage),
            *_over_http(_with_pack(stage)),
            *_cold(folder),
        ]


# ---- sending ----


def _sending(stage: Stage) -> list[Row]:
    counts = (30, 100, 300)
    taken = {count: Taken([_send_to(stage, count) for _ in range(3)]) for count in counts}
    each = (taken[300].best - taken[30].best) / 270
    first = (taken[100].best - taken[30].best) / 70
    return [
        within("P2", "10 MiB to 30 people: seal, wrap, sign, all rows, one line", taken[30],
               "< 1 s", 1.0),
        within("P2", "each further person, between 30 and 300", each, "< 1 ms", 0.001),
        Row("P2", "linear: a person between 30 and 100, between 30 and 300",
            f"{shown(first)}, {shown(each)}", "", None, "alike", each < first * 1.6),
    ]  # fmt: skip


def _send_to(stage: Stage, count: int) -> float:
    """Everything a sending does after binding, to people who exist for this measurement alone."""
    house, who = stage.house, stage.world.who("helen")
    area_id = who.actor.area_id
    clear = secrets.token_bytes(10 * MIB)
    people = [PersonId(new_id()) for _ in range(count)]
    keys = {
        p: ConfirmedKey(p, HybridIdentity().recipient(), bytes(32), secrets.token_hex(32))
        for p in people
    }
    with reading(house.engine) as db:
        at = setting(house, db, area_id, stage.slot_id)
        unit = unit_recipient(house, db, area_id)
    closes = house.clock.now() + timedelta(days=30)
    readers = tuple(Reader(p, "Name", "Agency", keys[p].fingerprint, (1,), closes) for p in people)
    document = Document(DocumentId(new_id()), area_id, stage.case_id, stage.slot_id, Kind.PACK, "",
                        who.actor.agency_id, who.actor.person_id, house.clock.now())  # fmt: skip
    start = time.perf_counter()
    prepared = prepare(
        house, who, document, clear, pages=200, readers=keys.values(), unit=unit,
        opens_at=house.clock.now(), closes_at=closes, policy="pack",
    )  # fmt: skip
    with unjudged(house, who.actor, Deed.PACK_SENT) as deed:
        sending_id = SendingId(new_id())
        position = deed.note(
            line(Deed.PACK_SENT, sending=sending_id, slot=stage.slot_id, digest="", reason="",
                 manifests=[prepared.manifest.sha256], granted=list(people), waiting=[],
                 opens_at="", closes_at="")
        )  # fmt: skip
        dispatch(
            deed, at, [Layout((1,), closes, readers, prepared)], [], sending_id=sending_id,
            kind=SendingKind.PACK, reference="NMR/26/0117-P1", digest="", position=position,
            opens_at=house.clock.now(),
        )  # fmt: skip
    return time.perf_counter() - start


# ---- signing in ----


def _signing_in(stage: Stage) -> list[Row]:
    world, house = stage.world, stage.house
    mine = world.secrets("joe")
    source = Source("192.0.2.1")

    def sign_in() -> None:
        half = recall(house, give_passphrase(house, mine.email, mine.passphrase, source))
        assert isinstance(half, Recalled)
        give_code(house, half, world.code("joe"), source, shared=False)

    def refused(email: str) -> None:
        # No try counts against the next: what is measured is the work, not the wait.
        world.clock.advance(timedelta(hours=2))
        try:
            give_passphrase(house, email, "another passphrase altogether", source)
        except NotRight:
            return
        raise AssertionError("a wrong passphrase was taken")

    known = seconds(lambda: refused(mine.email), 7)
    stranger = seconds(lambda: refused("nobody@elsewhere.example"), 7)
    world.clock.advance(timedelta(hours=2))
    whole = seconds(sign_in)
    hashing = seconds(lambda: argon2id(b"x" * 20, bytes(16), DEFAULT, DEFAULT))
    share = hashing.best / whole.best
    return [
        Row("P7", "sign in (passphrase, code, session)", shown(whole),
            f"its Argon2id alone: {shown(hashing)}", None, f"≥ 80% ({share:.0%})", share >= 0.8),
        Row("P7", "refuse a wrong passphrase of somebody known", shown(known),
            f"of somebody unknown: {shown(stranger)}", stranger.best / known.best,
            "alike: 0.95 to 1.05", 0.95 <= stranger.best / known.best <= 1.05),
    ]  # fmt: skip


# ---- over HTTP ----


def _with_pack(stage: Stage) -> Stage:
    """A pack of about 20 MB, sent, with the statement accepted."""
    house, world = stage.house, stage.world
    police = world.agency("police").id
    asked = ask_for_report(house, world.who("helen"), stage.slot_id, police, "risk",
                           date(2026, 5, 20))  # fmt: skip
    carys = world.who("carys")
    examined = examine_report(house, carys, asked.request.id, ours.a_paper(190, 1))
    done = submit_report(house, carys, asked.request.id, examined.candidate_id, BORN)
    found = Stage(world, Places(stage.case_id, stage.slot_id,
                                {**stage.papers, "risk": done.version_id}))  # fmt: skip
    found.arrange(("A", "F", "update", "risk"))
    found.send()
    found.accept("ruth")
    return found


def _over_http(stage: Stage) -> list[Row]:
    who, grant = stage.world.who("ruth"), stage.grant("ruth")
    paper = open_paper(stage.house, who, grant.id)
    inside = seconds(lambda: open_paper(stage.house, who, grant.id), 5)
    pieces = seconds(lambda: sum(len(piece) for piece in paper.chunks()), 5)
    plain = Flask("plain")
    plain.add_url_rule("/", view_func=lambda: Response(paper.pdf_clear, mimetype="application/pdf"))
    both = DispatcherMiddleware(stage.world.app, {"/plain": plain})
    cookie = encode(stage.world.begin("ruth"))
    stage.house.engine.dispose()
    with _served(both) as port:
        cookies = [f"portal={cookie}"]
        page = _ask(port, "GET", f"/papers/{grant.id}", cookies)
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None, page[:500]
        form = urlencode({"csrf_token": token[1].decode()})

        def opened() -> None:
            got = _ask(port, "POST", f"/papers/{grant.id}/open", cookies, form)
            assert len(got) == paper.size

        took = seconds(opened, 7)
        bare = seconds(lambda: _ask(port, "GET", "/plain/", cookies), 7)
        first = looking.first_page(
            grant.id,
            paper.pdf_clear,
            len(pypdfium2.PdfDocument(paper.pdf_clear)),
            lambda method, path: _ask(
                port, method, path, cookies, form if method == "POST" else ""
            ),
        )
    size = f"{paper.size / 1e6:.0f} MB"
    return [
        against("P5", f"open and receive a pack ({size})", took, "plain Flask view, same server",
                bare, "≥ 0.5 of its throughput", 0.5),
        within("P5", "the same, as a time", took, "< 0.2 s", 0.2),
        Row("P5", "of which: judged, written down, opened, proven, stamped", shown(inside), "",
            None, "", None),
        Row("P5", "of which: asking before each piece, handing over", shown(pieces), "", None, "",
            None),
        *first,
        Row("P5", "peak memory of this part", f"{peak_mib():.0f} MiB", "", None, "", None),
    ]  # fmt: skip


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Any, port: int) -> None:
        self._app, self._port = app, port
        super().__init__()

    def load_config(self) -> None:
        chosen = {"bind": f"127.0.0.1:{self._port}", "workers": 1, "worker_class": "gthread",
                  "threads": 4, "loglevel": "error", "control_socket_disable": True,
                  "keepalive": 5}  # fmt: skip
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app


def _serve(app: Any, port: int) -> None:
    _Server(app, port).run()


@contextmanager
def _served(app: Any) -> Iterator[int]:
    port = _free_port()
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(app, port))
    server.start()
    try:
        _until(lambda: _ask(port, "GET", "/plain/", []))
        yield port
    finally:
        server.terminate()
        server.join(20)


def _ask(
    port: int, method: str, path: str, cookies: list[str], form: str = "", host: str = "localhost"
) -> bytes:
    to = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": host, "Cookie": "; ".join(cookies), "Origin": "http://localhost",
               "Referer": "http://localhost/"}  # fmt: skip
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        to.request(method, path, form or None, headers)
        answer = to.getresponse()
        body = answer.read()
        # As a browser does: what is set is sent with the next request.
        cookies += [told.split(";")[0] for told in answer.headers.get_all("Set-Cookie") or []]
    finally:
        to.close()
    if answer.status not in (200, 302):
        raise ConnectionError(f"{path} answered {answer.status}")
    return body


# ---- starting ----


def _cold(folder: Path) -> list[Row]:
    from tests.cli.installed import init, places

    (folder / "cold").mkdir()
    at = places(folder / "cold")
    made = init(at)
    assert made.exit_code == 0, made.output
    port, taken = _free_port(), []
    for _ in range(3):
        start = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "portal", "serve", "--data", at.data, "--port", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _until(lambda: _ask(port, "GET", "/sign-in", [], host="localhost:8000"))
            taken.append(time.perf_counter() - start)
        finally:
            server.terminate()
            server.wait(40)
    return [within("P11", "from nothing to the first page", Taken(taken), "< 2 s", 2.0)]


def _until(ask: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            ask()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
