"""On what a request is decided, and that nothing stands which was not on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState, Least
from portal.domain.ids import DisclosureId
from portal.domain.meetings import Capacity
from portal.domain.people import Role
from portal.domain.weighing import Approval, NotWeighed, Refusal
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.read_disclosure import read_disclosure
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.opening.opened import Spoilt
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import arrangements, disclosures, papers, texts
from portal.records.database import reading
from portal.records.papers import versions
from tests.disclosure.decisions import BOTH, DECIDED, nothing_happened, now, set_person
from tests.disclosure.scene import (
    APPROVAL,
    CANARY,
    REFUSAL,
    Scene,
    days,
    grants_now,
    letters,
    lines,
    stage,
)
from tests.world import World

# ---- no step is skipped ----


@BOTH
@pytest.mark.parametrize("digest", ["", "0" * 64, "x"])
def test_a_made_up_digest(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, digest: str
) -> None:
    world = scene.world
    with pytest.raises(Changed):
        decide_disclosure(
            world.house, world.who("helen"), asked.id, decision, digest, world.code("helen")
        )
    nothing_happened(scene, asked)


@BOTH
def test_the_digest_of_another_request(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal
) -> None:
    for other in (scene.ask(receiver="grace"), scene.ask(paper=scene.health_report)):
        with pytest.raises(Changed):
            scene.decide(asked.id, decision, digest=scene.digest(other.id))
    nothing_happened(scene, asked)


@BOTH
@pytest.mark.parametrize("code", ["", "000000", "abcdef", "  "])
def test_without_a_code(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, code: str
) -> None:
    world = scene.world
    with pytest.raises(CodeRefused):
        decide_disclosure(
            world.house, world.who("helen"), asked.id, decision, scene.digest(asked.id), code
        )
    nothing_happened(scene, asked)


@BOTH
def test_a_code_serves_one_decision(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal
) -> None:
    code = scene.world.code("helen")
    scene.decide(scene.ask(receiver="grace").id, code=code)
    with pytest.raises(CodeRefused):
        scene.decide(asked.id, decision, code=code)
    assert now(scene, asked).state is DisclosureState.ASKED


def test_somebody_elses_code(scene: Scene, asked: Disclosure) -> None:
    with pytest.raises(CodeRefused):
        scene.decide(asked.id, by="helen", code=scene.world.code("tom"))
    nothing_happened(scene, asked)


def test_what_is_not_written_costs_no_code(scene: Scene, asked: Disclosure) -> None:
    code = scene.world.code("helen")
    with pytest.raises(NotWeighed):
        scene.decide(asked.id, replace(APPROVAL, consulted=""), code=code)
    assert scene.decide(asked.id, code=code).state is DisclosureState.APPROVED


@pytest.mark.parametrize("first", [APPROVAL, REFUSAL], ids=["approved", "refused"])
@BOTH
def test_it_is_decided_once(
    scene: Scene, asked: Disclosure, first: Approval | Refusal, decision: Approval | Refusal
) -> None:
    digest = scene.digest(asked.id)
    done = scene.decide(asked.id, first, digest=digest)
    for by in ("helen", "tom"):
        for again in (digest, scene.digest(asked.id)):
            with pytest.raises(Refused) as refused:
                scene.decide(asked.id, decision, by=by, digest=again)
            assert refused.value.why is Why.ALREADY_DECIDED
    assert now(scene, asked) == done
    assert len(lines(scene.world, *DECIDED)) == 1


@pytest.mark.parametrize("made_up", ["", "x", "a" * 26])
def test_a_request_that_is_not_there(scene: Scene, made_up: str) -> None:
    world = scene.world
    with pytest.raises(Refused) as refused:
        decide_disclosure(
            world.house, world.who("helen"), DisclosureId(made_up), APPROVAL, "", "123456"
        )
    assert refused.value.why is Why.NOT_THERE


# ---- what must be written ----


@pytest.mark.parametrize(
    "field", ["necessity", "proportionality", "risks_of_disclosing", "risks_of_withholding"]
)
@BOTH
def test_rule_68_each_has_its_own_text(
    scene: Scene, asked: Disclosure, decision: Approval | Refusal, field: str
) -> None:
    short = replace(decision, weighing=replace(decision.weighing, **{field: "n/a"}))
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, short)
    assert missing.value.field == field
    nothing_happened(scene, asked)


@pytest.mark.parametrize("least", [least for least in Least if least is not Least.THIS_PAPER])
def test_rule_69_where_less_serves(scene: Scene, asked: Disclosure, least: Least) -> None:
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, replace(APPROVAL, least=least))
    assert missing.value.field == "least"
    nothing_happened(scene, asked)


@pytest.mark.parametrize("count", [-1, 0, 85, 9999])
def test_rule_74_days_out_of_range(scene: Scene, asked: Disclosure, count: int) -> None:
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, days(count))
    assert missing.value.field == "days"
    nothing_happened(scene, asked)


def test_rule_64_another_agencys_paper_needs_its_view(scene: Scene, asked: Disclosure) -> None:
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, replace(APPROVAL, consulted=" "))
    assert missing.value.field == "consulted"
    nothing_happened(scene, asked)


def test_rule_72_a_health_paper_needs_its_reason(scene: Scene) -> None:
    asked = scene.ask(paper=scene.health_report)
    with pytest.raises(NotWeighed) as missing:
        scene.decide(asked.id, APPROVAL)
    assert missing.value.field == "health"
    words = "The risk to the children outweighs it; the patient was told on 1 May."
    assert scene.decide(asked.id, replace(APPROVAL, health=words)).number == "DA/2026/001"


def test_ones_own_agencys_paper_needs_nobody_elses_view(world: World) -> None:
    scene = stage(world, ("carys", "grace"))
    words = "The risk to the children outweighs it; the patient was told on 1 May."
    asked = scene.ask("grace", paper=scene.health_report)
    decision = replace(APPROVAL, consulted="", health=words)
    assert scene.decide(asked.id, decision).state is DisclosureState.APPROVED


# ---- an edit between page and click ----


def leaves(scene: Scene) -> None:
    world = scene.world
    remove_person(world.house, world.who("tom"), world.person("joe").id)


def asker_leaves(scene: Scene) -> None:
    world = scene.world
    remove_person(world.house, world.who("tom"), world.person("carys").id)


def paper_replaced(scene: Scene) -> None:
    world = scene.world
    with tending(world.house) as db:
        found = papers.load_version(db, world.area.id, scene.report)
        assert found is not None
        again = {**found.__dict__, "id": "b" * 26, "number": found.number + 1}
        db.execute(versions.insert().values(**again))


def becomes_lay_adviser(scene: Scene) -> None:
    set_person(scene.world, "joe", roles=frozenset({Role.LAY_ADVISER}))


@pytest.mark.parametrize("edit", [leaves, asker_leaves, paper_replaced])
@BOTH
def test_an_edit_voids_the_page(
    scene: Scene,
    asked: Disclosure,
    decision: Approval | Refusal,
    edit: Callable[[Scene], None],
) -> None:
    digest = scene.digest(asked.id)
    edit(scene)
    with pytest.raises(Changed):
        scene.decide(asked.id, decision, digest=digest)
    nothing_happened(scene, asked)


def test_a_key_confirmed_meanwhile_voids_the_page(scene: Scene) -> None:
    world = scene.world
    asked = scene.ask(receiver="una")
    digest = scene.digest(asked.id)
    own = world.secrets("una").keyring
    mark = fingerprint(own.recipient(), own.signing_public())
    confirm_key(world.house, world.who("tom"), world.person("una").id, mark)
    with pytest.raises(Changed):
        scene.decide(asked.id, digest=digest)
    nothing_happened(scene, asked)


@pytest.mark.parametrize("edit", [leaves, paper_replaced, becomes_lay_adviser])
def test_what_can_no_longer_be_given_can_only_be_refused(
    scene: Scene, asked: Disclosure, edit: Callable[[Scene], None]
) -> None:
    edit(scene)
    with pytest.raises(Changed) as changed:
        scene.decide(asked.id)
    assert "can only be refused" in changed.value.words
    nothing_happened(scene, asked)
    assert scene.decide(asked.id, REFUSAL).state is DisclosureState.REFUSED


def test_a_replaced_paper_is_named_on_the_page(scene: Scene, asked: Disclosure) -> None:
    paper_replaced(scene)
    found = read_disclosure(scene.world.house, scene.world.who("helen"), asked.id)
    assert any("replaced" in words for words in found.warnings)


def test_what_the_receiver_holds_is_named_on_the_page(scene: Scene, asked: Disclosure) -> None:
    scene.decide(asked.id)
    second = scene.ask()
    found = read_disclosure(scene.world.house, scene.world.who("helen"), second.id)
    assert any("given this paper already" in words for words in found.warnings)


def test_what_was_kept_back_from_the_receiver_is_named_on_the_page(
    scene: Scene, asked: Disclosure
) -> None:
    world = scene.world
    joe = world.person("joe").id
    helen = world.who("helen")
    invite_to_slot(world.house, helen, scene.slot_id, joe, Capacity.MANAGER, "Manages the case.")
    with tending(world.house) as db:
        arrangements.arrange(
            db, world.area.id, scene.slot_id, [scene.report], {joe: frozenset()}, {}
        )
    found = read_disclosure(world.house, world.who("helen"), asked.id)
    assert any("kept back from this person" in words for words in found.warnings)


def test_the_askers_own_access_may_have_ended(scene: Scene, asked: Disclosure) -> None:
    """It is the receiver who needs the paper."""
    take_back(scene.world.house, scene.world.who("tom"), scene.grant.sending_id)
    assert scene.decide(asked.id).state is DisclosureState.APPROVED
    scene.accept("joe")
    assert len(grants_now(scene.world, "joe")) == 1


def test_an_asker_who_left_gets_no_decision(scene: Scene, asked: Disclosure) -> None:
    world = scene.world
    asker_leaves(scene)
    done = scene.decide(asked.id)
    assert done.decision_version_id is not None
    with reading(world.house.engine) as db:
        assert papers.readers_of(db, world.area.id, done.decision_version_id) == {"unit"}
    assert "disclosure_decided" not in {letter.letter for letter in letters(world)}


# ---- what somebody with the database could try ----


def test_a_request_turned_to_another_receiver_voids_the_page(
    scene: Scene, asked: Disclosure
) -> None:
    digest = scene.digest(asked.id)
    with tending(scene.world.house) as db:
        db.execute(
            disclosures.disclosures.update().values(receiver_id=scene.world.person("grace").id)
        )
    with pytest.raises(Spoilt, match="request"):
        scene.decide(asked.id, digest=digest)
    assert lines(scene.world, *DECIDED) == []


def test_a_damaged_text_opens_nothing(scene: Scene, asked: Disclosure) -> None:
    world = scene.world
    with tending(world.house) as db:
        db.execute(texts.sealed_texts.update().values(sealed=b"age-encryption.org/v1\n"))
    with pytest.raises(Spoilt):
        read_disclosure(world.house, world.who("helen"), asked.id)
    with pytest.raises(Spoilt):
        scene.decide(asked.id)
    assert lines(world, *DECIDED) == []
    assert CANARY not in str(lines(world, *Deed))
