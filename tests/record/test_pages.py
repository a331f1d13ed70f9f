"""The pages of the record, of letters that did not arrive, and of the operator."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import html5lib
import pytest

from portal.domain.ids import PersonId
from portal.domain.people import Account
from portal.jobs.timers import jobs_of, run
from portal.journeys.deed import tending
from portal.journeys.views.operator import operator_state
from portal.records import outbox, people
from portal.records.outbox import Delivery
from tests.browsing import words_of
from tests.record.test_verify_and_export import edit
from tests.staging import Stage
from tests.world import World, cast

PAGES = ("/record/", "/record/verify", "/record/export", "/record/0/receipt", "/unit/letters/",
         "/operator/")  # fmt: skip
ANSWERS = {
    "helen": (200, 200, 200, 200, 200, 403),
    "tom": (200, 200, 200, 200, 200, 403),
    "priya": (403, 403, 403, 403, 200, 403),
    "sian": (200, 200, 200, 200, 403, 403),
    "dev": (403, 403, 403, 403, 403, 200),
    "alan": (403, 403, 403, 403, 403, 403),
    "adeyemi": (403, 403, 403, 403, 403, 403),
    "joe": (403, 403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_who_sees_what(world: World, name: str) -> None:
    client = world.client(name)
    assert tuple(client.get(path).status_code for path in PAGES) == ANSWERS[name]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_who_is_not_signed_in(world: World, path: str) -> None:
    answer = world.client().get(path)
    assert answer.status_code in (302, 303)
    assert "/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_kept_by_a_browser_or_a_proxy(world: World, path: str) -> None:
    name = "dev" if path == "/operator/" else "helen"
    assert "no-store" in world.client(name).get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", [p for p in PAGES if p.endswith("/") or "verify" in p])
def test_the_pages_are_html(world: World, path: str) -> None:
    name = "dev" if path == "/operator/" else "helen"
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(world.client(name).get(path).get_data(as_text=True))


def test_the_story_of_a_sending(stage: Stage) -> None:
    stage.arrange(kept_back={"joe": ["F"]})
    stage.send()
    stage.accept("ruth")
    stage.opens("ruth")
    words = words_of(stage.world.client("sian").get("/record/"))
    for sentence in (
        "Helen Marsh sent pack NMR/26/0117-P1 to 8 people; 2 wait for a key.",
        "arranged the pack for the meeting of NMR/26/0117 on 28 May 2026: 3 papers.",
        "Ruth Okell opened NMR/26/0117-P1 (copy ",
        "Ruth Okell accepted the confidentiality statement for the meeting of NMR/26/0117 on 28",
        "Sola Adeyemi handed in the report of HMP Elmsworth for the meeting of NMR/26/0117 on 28",
        "Helen Marsh invited Joe Tarn of Northmere Homes to the meeting of NMR/26/0117",
        "Helen Marsh opened case NMR/26/0117: category 2, level 2, led by Probation Service.",
    ):
        assert sentence in words
    assert "OFFICIAL-SENSITIVE" in words


def test_no_page_names_the_individual_or_a_reason(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    client = stage.world.client("sian")
    for path in ("/record/", "/record/verify", "/record/export", "/record/3/receipt"):
        body = client.get(path).get_data(as_text=True)
        for canary in ("Wilfred", "Crane", "Works with the individual", "strategy meeting"):
            assert canary not in body


def test_details_show_the_exact_line_and_its_hash(world: World) -> None:
    body = unescape(world.client("sian").get("/record/").get_data(as_text=True))
    assert re.search(r'\{"actor":"[a-z2-7]{26}".*"deed":"key\.confirmed"', body)
    assert len(re.findall(r">[0-9a-f]{64}<", body)) == 50


def test_narrowed_and_kept_as_typed(world: World) -> None:
    helen = cast()["helen"].person_id
    path = f"/record/?person={helen}&deed=key.confirmed&since-day=1&since-month=1&since-year=2026"
    body = world.client("sian").get(path).get_data(as_text=True)
    assert f'value="{helen}" selected' in body
    assert 'value="key.confirmed" selected' in body
    assert "confirmed the key of" in body
    assert "signed in" not in words_of(world.client("sian").get(path)).partition("Show all")[2]


@pytest.mark.parametrize(
    "query",
    [
        "since-day=31&since-month=2&since-year=2026",
        "since-day=x",
        "since-day=1&since-month=1&since-year=99999",
        "since-day=2&since-month=1&since-year=2026&until-day=1&until-month=1&until-year=2026",
    ],
)
def test_a_day_that_is_none_is_told_beside_its_field(world: World, query: str) -> None:
    answer = world.client("sian").get(f"/record/?{query}")
    assert answer.status_code == 200
    assert "There is a problem" in words_of(answer)


@pytest.mark.parametrize("query", ["deed=no.such", "below=x", "below=-1", "person=%00", "slot=x"])
def test_nonsense_in_the_address_breaks_nothing(world: World, query: str) -> None:
    assert world.client("sian").get(f"/record/?{query}").status_code == 200


def test_the_address_never_writes_into_the_page(world: World) -> None:
    body = world.client("sian").get("/record/?since-day=%22%3E%3Cscript%3E").get_data(as_text=True)
    assert '"><script>' not in body


def test_the_proof_says_what_is_wrong(world: World) -> None:
    client = world.client("sian")
    assert "The record is whole" in words_of(client.get("/record/verify"))
    edit(world, "UPDATE ledger_entries SET deed = 'pack.sent' WHERE position = 4")
    words = words_of(client.get("/record/verify"))
    assert "The record is not whole" in words
    assert "The first line that does not fit is 4:" in words


def test_downloads_are_downloads(world: World) -> None:
    client = world.client("sian")
    export, receipt = client.get("/record/export"), client.get("/record/2/receipt")
    assert "attachment" in export.headers["Content-Disposition"]
    assert "receipt-of-line-2.txt" in receipt.headers["Content-Disposition"]
    assert receipt.get_data().startswith(b"c2sp.org/tlog-proof@v1\nindex 2\n")


def test_letters_that_did_not_arrive_say_whom_to_ring(world: World) -> None:
    client = world.client("priya")
    assert "Every letter has arrived" in words_of(client.get("/unit/letters/"))
    assert "did not arrive" not in words_of(client.get("/unit/"))
    with tending(world.house) as db:
        notice = outbox.due(db, world.clock.now(), 1)[0]
        outbox.settle(db, notice.id, Delivery.FAILED, 16, world.clock.now())
    assert "1 letter did not arrive" in words_of(client.get("/unit/"))
    words = words_of(client.get("/unit/letters/"))
    people = {mine.email: name for name, mine in cast().items()}
    name = people.get(notice.address)
    assert (world.person(name).phone if name else notice.address) in words


@pytest.mark.parametrize("row", ["a" * 26, "z" * 26])
def test_whoever_left_and_came_back_is_rung_on_the_number_they_have_now(
    world: World, row: str
) -> None:
    ruth = world.person("ruth")
    left = replace(ruth, id=PersonId(row), account=Account.LEFT, phone="01632 960777")
    with tending(world.house) as db:
        notice = outbox.due(db, world.clock.now(), 1)[0]
        outbox.settle(db, notice.id, Delivery.FAILED, 16, world.clock.now())
        table = outbox.outbox
        to_ruth = table.update().where(table.c.id == notice.id).values(address=ruth.email)
        db.execute(to_ruth)
        people.save(db, left)
    words = words_of(world.client("priya").get("/unit/letters/"))
    assert ruth.phone in words
    assert left.phone not in words


def test_the_operator_sees_counts_and_no_name(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    wiring = stage.world.wiring
    for job in jobs_of(stage.house, wiring.sender, wiring.writer):
        run(stage.house, job)
    body = stage.world.client("dev").get("/operator/").get_data(as_text=True)
    main = body[body.index("<main") : body.index("</main>")]
    for canary in ("NMR/26", "Wilfred", "Helen", "Joe", "HMP", "MAPPA F", "@northmere"):
        assert canary not in main
    state = operator_state(stage.house, stage.world.who("dev"), stage.world.settings.keys)
    assert state.store_count == len(set(stage.house.store.names()))
    assert state.store_bytes > state.store_count
    assert {run.name for run in state.jobs} == {
        "notices",
        "expiry",
        "sweep",
        "exactness",
        "disposal",
        "deputies",
        "dormancy",
        "originals",
        "certifying",
    }
    assert all(key.closed for key in state.keys)


def test_the_operator_sees_a_doubtful_clock_and_loose_keys(world: World) -> None:
    client = world.client("dev")
    (world.settings.keys / "session").chmod(0o644)
    world.clock.doubt = "the clock is 3 hours behind where it should be"
    words = words_of(client.get("/operator/"))
    assert "Nothing opens: the clock is 3 hours behind where it should be" in words
    assert "Open to others 0644" in words
