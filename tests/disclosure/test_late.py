"""What changes while a decision is bound and sealed, which takes seconds, voids it too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.disclosure.approving import NumberTaken, prepare_approval, write_approval
from portal.journeys.disclosure.refusing import prepare_refusal, write_refusal
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from portal.records.database import reading
from tests.disclosure.decisions import nothing_happened, set_person
from tests.disclosure.scene import APPROVAL, REFUSAL, Scene, lines

Write = Callable[[], Disclosure]


def approval(scene: Scene, asked: Disclosure) -> Write:
    house, helen = scene.world.house, scene.world.who("helen")
    made = prepare_approval(house, helen, asked.id, APPROVAL, scene.digest(asked.id))
    return lambda: write_approval(house, helen, made)


def refusal(scene: Scene, asked: Disclosure) -> Write:
    house, helen = scene.world.house, scene.world.who("helen")
    made = prepare_refusal(house, helen, asked.id, REFUSAL, scene.digest(asked.id))
    return lambda: write_refusal(house, helen, made)


BOTH = pytest.mark.parametrize("ready", [approval, refusal])


def no_orphan(scene: Scene) -> None:
    """The store keeps nothing that no row names."""
    with reading(scene.world.house.engine) as db:
        assert set(scene.world.store.names()) == papers.payload_names(db)


@BOTH
@pytest.mark.parametrize("leaver", ["joe", "carys"])
def test_somebody_who_leaves_meanwhile_is_sealed_nothing(
    scene: Scene, asked: Disclosure, ready: Callable[[Scene, Disclosure], Write], leaver: str
) -> None:
    world, write = scene.world, ready(scene, asked)
    remove_person(world.house, world.who("tom"), world.person(leaver).id)
    with pytest.raises(Changed):
        write()
    nothing_happened(scene, asked)
    no_orphan(scene)


@BOTH
@pytest.mark.parametrize(("roles", "why"), [(frozenset({Role.ADMINISTRATOR}), Why.NOT_YOUR_ROLE)])
def test_a_decider_who_stops_being_one_meanwhile(
    scene: Scene,
    asked: Disclosure,
    ready: Callable[[Scene, Disclosure], Write],
    roles: frozenset[Role],
    why: Why,
) -> None:
    write = ready(scene, asked)
    set_person(scene.world, "helen", roles=roles)
    with pytest.raises(Refused) as refused:
        write()
    assert refused.value.why is why
    nothing_happened(scene, asked)
    no_orphan(scene)


@BOTH
def test_a_decision_that_comes_second(
    scene: Scene, asked: Disclosure, ready: Callable[[Scene, Disclosure], Write]
) -> None:
    write = ready(scene, asked)
    scene.decide(asked.id, REFUSAL, by="tom")
    with pytest.raises(Refused) as refused:
        write()
    assert refused.value.why is Why.ALREADY_DECIDED
    assert len(lines(scene.world, Deed.DISCLOSURE_APPROVED, Deed.DISCLOSURE_REFUSED)) == 1
    no_orphan(scene)


def test_a_number_that_was_taken_meanwhile(scene: Scene, asked: Disclosure) -> None:
    write = approval(scene, asked)
    other = scene.decide(scene.ask(receiver="grace").id, by="tom")
    assert other.number == "DA/2026/001"
    with pytest.raises(NumberTaken):
        write()
    no_orphan(scene)
    assert scene.decide(asked.id).number == "DA/2026/002"


@BOTH
def test_nothing_is_prepared_for_another_page(
    scene: Scene, asked: Disclosure, ready: Callable[[Scene, Disclosure], Write]
) -> None:
    prepare = {approval: prepare_approval, refusal: prepare_refusal}[ready]
    decision = APPROVAL if ready is approval else REFUSAL
    with pytest.raises(Changed):
        prepare(scene.world.house, scene.world.who("helen"), asked.id, decision, "0" * 64)
    nothing_happened(scene, asked)
    no_orphan(scene)
