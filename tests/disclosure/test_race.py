"""Fifty decisions at once end in exactly one, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState
from portal.domain.ids import DisclosureId
from portal.journeys.disclosure.approving import prepare_approval, write_approval
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.refusing import prepare_refusal, write_refusal
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.house import House, Who
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.ledger import verify
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from portal.records.database import reading
from tests.disclosure.scene import (
    APPROVAL,
    REFUSAL,
    Scene,
    at_once,
    grants_now,
    letters,
    lines,
    stage,
)
from tests.world import World, world_on

pytestmark = pytest.mark.timeout(300)
"""Each of the two makes fifty sealed decisions first."""

DECIDED = (Deed.DISCLOSURE_APPROVED, Deed.DISCLOSURE_REFUSED)


@pytest.fixture
def postgres_world(postgres_url: URL, tmp_path: Path) -> Iterator[World]:
    made = world_on(postgres_url, tmp_path)
    yield made
    made.house.engine.dispose()


def prepared(scene: Scene, request_id: DisclosureId) -> list[Callable[[], Disclosure]]:
    """Fifty decisions, past the code and ready to be written: ten approvals, forty refusals."""
    house, digest = scene.world.house, scene.digest(request_id)
    deciders = [scene.world.who("helen"), scene.world.who("tom")]

    def approve(house: House, who: Who) -> Callable[[], Disclosure]:
        made = prepare_approval(house, who, request_id, APPROVAL, digest)
        return lambda: write_approval(house, who, made)

    def refuse(house: House, who: Who) -> Callable[[], Disclosure]:
        made = prepare_refusal(house, who, request_id, REFUSAL, digest)
        return lambda: write_refusal(house, who, made)

    return [
        (approve if place % 5 == 0 else refuse)(house, deciders[place % 2]) for place in range(50)
    ]


def exactly_one(scene: Scene, request_id: DisclosureId) -> None:
    world = scene.world
    outcome = at_once(prepared(scene, request_id))
    won = [each for each in outcome if isinstance(each, Disclosure)]
    lost = [each for each in outcome if isinstance(each, Refused)]
    assert (len(won), len(lost)) == (1, 49), Counter(type(each).__name__ for each in outcome)
    assert {each.why for each in lost} == {Why.ALREADY_DECIDED}
    assert len(lines(world, *DECIDED)) == 1
    approved = won[0].state is DisclosureState.APPROVED
    assert len(grants_now(world, "joe")) == approved
    told = Counter(letter.letter for letter in letters(world))
    assert told["disclosure_decided"] == 1
    assert told["paper_disclosed"] == approved
    assert read_decision(world.house, world.who("carys"), request_id, as_unit=False).pdf_clear
    assert check_exactness(world.house, world.area.id) == []
    with reading(world.house.engine) as db:
        assert set(world.store.names()) == papers.payload_names(db)
        assert verify.audit(db, world.area.id, world.area.ledger_vkey).first_bad is None


def test_one_decision_stands_on_sqlite(scene: Scene) -> None:
    exactly_one(scene, scene.ask().id)


@pytest.mark.real("PostgreSQL")
def test_one_decision_stands_on_postgresql(postgres_world: World) -> None:
    scene = stage(postgres_world)
    exactly_one(scene, scene.ask().id)


def test_two_deciders_press_at_once_with_one_code_each(scene: Scene) -> None:
    asked = scene.ask()
    digest = scene.digest(asked.id)
    codes = {name: scene.world.code(name) for name in ("helen", "tom")}
    for name in codes:
        scene.world.who(name)

    def press(name: str, place: int) -> Callable[[], Disclosure]:
        decision = APPROVAL if place % 2 else REFUSAL
        return lambda: scene.decide(asked.id, decision, name, digest, codes[name])

    outcome = at_once([press(name, place) for name in codes for place in range(4)])
    kinds = Counter(type(each).__name__ for each in outcome)
    assert kinds["Disclosure"] == 1, kinds
    assert kinds["Disclosure"] + kinds["Refused"] + kinds["CodeRefused"] == 8, kinds
    assert any(isinstance(each, CodeRefused) for each in outcome)
    assert len(lines(scene.world, *DECIDED)) == 1


def test_authorities_given_at_once_have_numbers_of_their_own(scene: Scene) -> None:
    first, second = scene.ask(), scene.ask(receiver="grace")
    codes = {name: scene.world.code(name) for name in ("helen", "tom")}
    digests = [scene.digest(each.id) for each in (first, second)]
    for name in codes:
        scene.world.who(name)
    outcome = at_once(
        [
            lambda: scene.decide(first.id, APPROVAL, "helen", digests[0], codes["helen"]),
            lambda: scene.decide(second.id, APPROVAL, "tom", digests[1], codes["tom"]),
        ]
    )
    numbers = sorted(each.number or "" for each in outcome if isinstance(each, Disclosure))
    assert numbers == ["DA/2026/001", "DA/2026/002"], outcome
