"""Rules 60 and 62: who decides a request, and who never does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState
from portal.domain.people import Account, Role
from portal.domain.weighing import Approval, Refusal
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.views.disclosures import disclosure_list
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.disclosure.decisions import BOTH, DECIDED, nothing_happened, now, set_person
from tests.disclosure.scene import (
    APPROVAL,
    NEED,
    PURPOSE,
    Scene,
    lines,
    stage,
)
from tests.journeys.other_area import other_area
from tests.world import World


@BOTH
@pytest.mark.parametrize(
    "name", ["priya", "alan", "carys", "joe", "adeyemi", "mark", "sian", "dev", "una"]
)
def test_rule_60_only_a_coordinator_or_a_deputy(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, name: str
) -> None:
    with pytest.raises(Refused) as refused:
        scene.decide(asked.id, decision, by=name)
    assert refused.value.why in (Why.NOT_YOUR_ROLE, Why.NOT_THERE)
    (told,) = lines(scene.world, Deed.DEED_REFUSED)
    assert told["action"] == "decide:disclosure:decide"
    nothing_happened(scene, asked)


@BOTH
@pytest.mark.parametrize(
    "roles",
    [
        {Role.COORDINATOR},
        {Role.DEPUTY},
        {Role.COORDINATOR, Role.ATTENDEE},
        {Role.DEPUTY, Role.CHAIR, Role.ADMINISTRATOR},
    ],
)
def test_rule_62_never_ones_own_request_in_any_role(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, roles: set[Role]
) -> None:
    world = scene.world
    set_person(world, "carys", roles=frozenset(roles))
    with pytest.raises(Refused) as refused:
        scene.decide(asked.id, decision, by="carys")
    assert refused.value.why is Why.OWN_REQUEST
    nothing_happened(scene, asked)


@BOTH
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DEPUTY])
def test_rule_62_never_as_the_receiver(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, role: Role
) -> None:
    set_person(scene.world, "joe", roles=frozenset({role, Role.ATTENDEE}))
    with pytest.raises(Refused) as refused:
        scene.decide(asked.id, decision, by="joe")
    assert refused.value.why is Why.OWN_REQUEST
    nothing_happened(scene, asked)


def test_a_coordinator_who_asks_or_receives_waits_for_another(scene: Scene) -> None:
    for_helen = scene.ask(receiver="helen")
    with pytest.raises(Refused) as refused:
        scene.decide(for_helen.id, by="helen")
    assert refused.value.why is Why.OWN_REQUEST
    assert scene.decide(for_helen.id, by="tom").state is DisclosureState.APPROVED


def test_a_deputy_who_asked_is_marked_and_another_decides(world: World) -> None:
    scene = stage(world, ("carys", "tom"))
    own = scene.ask("tom")
    mine = disclosure_list(world.house, world.who("tom"))
    assert [(line.own, line.asked_it) for line in mine] == [(True, True)]
    assert read_disclosure(world.house, world.who("tom"), own.id).why_not is Why.OWN_REQUEST
    with pytest.raises(Refused) as refused:
        scene.decide(own.id, by="tom")
    assert refused.value.why is Why.OWN_REQUEST
    hers = disclosure_list(world.house, world.who("helen"))
    assert [(line.own, line.asked_it) for line in hers] == [(False, False)]
    assert scene.decide(own.id, by="helen").state is DisclosureState.APPROVED


def test_another_area_sees_and_decides_nothing(scene: Scene, asked: Disclosure) -> None:
    world = scene.world
    olga = other_area(world).olga
    assert disclosure_list(world.house, olga) == ()
    with pytest.raises(Refused) as unread:
        read_disclosure(world.house, olga, asked.id)
    with pytest.raises(Refused) as undecided:
        decide_disclosure(world.house, olga, asked.id, APPROVAL, scene.digest(asked.id), "123456")
    assert unread.value.why is undecided.value.why is Why.NOT_THERE
    nothing_happened(scene, asked)


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "joe", "sian", "dev"])
def test_only_deciders_see_the_list_or_the_request(
    scene: Scene, asked: Disclosure, name: str
) -> None:
    world = scene.world
    with pytest.raises(Refused):
        disclosure_list(world.house, world.who(name))
    with pytest.raises(Refused):
        read_disclosure(world.house, world.who(name), asked.id)
    assert lines(world, Deed.DISCLOSURE_READ) == []


def test_a_decider_reads_what_was_asked_with_a_line(scene: Scene, asked: Disclosure) -> None:
    world = scene.world
    found = read_disclosure(world.house, world.who("tom"), asked.id)
    assert found.asked == {"purpose": PURPOSE, "need": NEED}
    assert found.weighed == {}
    assert found.why_not is None
    assert found.warnings == ()
    (told,) = lines(world, Deed.DISCLOSURE_READ)
    assert (told["actor"], told["request"]) == (world.person("tom").id, asked.id)


def test_a_decider_who_signed_in_too_long_ago(scene: Scene, asked: Disclosure) -> None:
    world = scene.world
    helen, digest, code = world.who("helen"), scene.digest(asked.id), world.code("helen")
    world.clock.advance(timedelta(hours=12))
    with pytest.raises(Refused) as refused:
        decide_disclosure(world.house, helen, asked.id, APPROVAL, digest, code)
    assert refused.value.why is Why.SIGN_IN_AGAIN
    nothing_happened(scene, asked)


@BOTH
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"account": Account.LEFT}, Why.ACCOUNT_CLOSED),
        ({"roles": frozenset({Role.ADMINISTRATOR})}, Why.NOT_YOUR_ROLE),
    ],
)
def test_a_decider_who_stopped_being_one_meanwhile(
    scene: Scene,
    asked: Disclosure,
    decision: Approval | Refusal,
    values: dict[str, object],
    why: Why,
) -> None:
    world = scene.world
    helen, digest, code = world.who("helen"), scene.digest(asked.id), world.code("helen")
    set_person(world, "helen", **values)
    with pytest.raises(Refused) as refused:
        decide_disclosure(world.house, helen, asked.id, decision, digest, code)
    assert refused.value.why is why
    assert now(scene, asked).state is DisclosureState.ASKED
    assert lines(world, *DECIDED) == []
