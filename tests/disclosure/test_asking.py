"""Asking to pass a paper on: whose paper, for whom, and what is kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.crypto.age.errors import AgeError
from portal.domain.deeds import FIELDS, Deed
from portal.domain.disclosures import DisclosureState
from portal.domain.ids import DisclosureId, GrantId, PersonId, VersionId
from portal.domain.people import Account, Role
from portal.domain.weighing import NotWeighed
from portal.journeys.deed import tending
from portal.journeys.digests import read_text
from portal.journeys.disclosure.ask_disclosure import Wish, ask_disclosure
from portal.journeys.disclosure.read_own_disclosure import read_own_disclosure
from portal.journeys.giving.take_back import take_back
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pass_on import pass_on_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import disclosures, texts
from portal.records.database import reading
from portal.records.people import people as people_table
from tests.disclosure.scene import CANARY, NEED, PURPOSE, Scene, letters, lines, stage
from tests.world import World


def wish(scene: Scene, **other: object) -> Wish:
    joe = scene.world.person("joe").id
    return replace(Wish(scene.report, joe, PURPOSE, NEED), **other)  # type: ignore[arg-type]


def ask(scene: Scene, by: str = "carys", **other: object) -> None:
    ask_disclosure(scene.world.house, scene.world.who(by), scene.grant.id, wish(scene, **other))


def kept(scene: Scene) -> int:
    with reading(scene.world.house.engine) as db:
        return len(disclosures.in_area(db, scene.world.area.id))


def test_a_reader_asks_and_the_unit_is_told(scene: Scene) -> None:
    asked = scene.ask()
    assert asked.state is DisclosureState.ASKED
    (told,) = lines(scene.world, Deed.DISCLOSURE_ASKED)
    assert FIELDS[Deed.DISCLOSURE_ASKED] < set(told)
    assert (told["request"], told["version"]) == (asked.id, scene.report)
    assert told["receiver"] == scene.world.person("joe").id
    notice = letters(scene.world)[-1]
    assert notice.letter == "disclosure_asked"
    assert notice.address == "unit@northmere.example"
    assert notice.fields["path"] == f"/unit/disclosures/{asked.id}"


def test_what_was_typed_is_sealed_and_nowhere_else(scene: Scene) -> None:
    asked = scene.ask()
    world = scene.world
    with reading(world.house.engine) as db:
        kept = texts.of_subjects(db, world.area.id, [asked.id])
        sealed = {each.field: each.sealed for each in kept}
        assert set(sealed) == {"request"}
        for name in ("tom", "adeyemi", "joe", "alan"):
            with pytest.raises(AgeError):
                read_text(sealed["request"], world.who(name).identities())
        opener = world.who("tom").unit(db).opener()
    for identities in ([opener], world.who("carys").identities()):
        assert json.loads(read_text(sealed["request"], identities).text) == {
            "purpose": PURPOSE, "need": NEED,
        }  # fmt: skip
    world.house.engine.dispose()
    at_rest = b"".join(each.read_bytes() for each in world.folder.glob("portal.db*"))
    assert CANARY.encode() not in at_rest


def test_one_sees_ones_own_request_with_a_line(scene: Scene) -> None:
    asked = scene.ask()
    own = read_own_disclosure(scene.world.house, scene.world.who("carys"), asked.id)
    assert own.asked == {"purpose": PURPOSE, "need": NEED}
    (told,) = lines(scene.world, Deed.DISCLOSURE_READ)
    assert told["actor"] == scene.world.person("carys").id


@pytest.mark.parametrize("name", ["joe", "adeyemi", "helen", "priya", "sian", "dev", "alan"])
def test_nobody_elses_request_is_there(scene: Scene, name: str) -> None:
    asked = scene.ask()
    with pytest.raises(Refused) as refused:
        read_own_disclosure(scene.world.house, scene.world.who(name), asked.id)
    assert refused.value.why is Why.NOT_THERE
    assert list(lines(scene.world, Deed.DISCLOSURE_READ)) == []


@pytest.mark.parametrize("name", ["joe", "helen", "tom", "priya", "alan", "sian", "dev", "grace"])
def test_rule_54_only_the_reader_of_the_copy_may_ask(scene: Scene, name: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(scene, name)
    assert refused.value.why is Why.NOT_THERE
    assert kept(scene) == 0


@pytest.mark.parametrize("made_up", ["", "x", "a" * 26])
def test_a_copy_that_is_not_there(scene: Scene, made_up: str) -> None:
    with pytest.raises(Refused) as refused:
        ask_disclosure(scene.world.house, scene.world.who("carys"), GrantId(made_up), wish(scene))
    assert refused.value.why is Why.NOT_THERE


def test_before_the_statement_is_accepted_nothing_is_asked(world: World) -> None:
    scene = stage(world, ("carys", "ruth"))
    with tending(world.house) as db:
        from portal.records.minutes import statements

        db.execute(statements.delete().where(statements.c.person_id == world.person("ruth").id))
    with pytest.raises(Refused) as refused:
        ask_disclosure(world.house, world.who("ruth"), scene.grant_of("ruth").id, wish(scene))
    assert refused.value.why is Why.STATEMENT_FIRST


def test_after_the_copy_closed(scene: Scene) -> None:
    scene.world.clock.advance(timedelta(days=60))
    with pytest.raises(Refused) as refused:
        ask(scene)
    assert refused.value.why is Why.ENDED


def test_after_the_copy_was_taken_back(scene: Scene) -> None:
    take_back(scene.world.house, scene.world.who("helen"), scene.grant.sending_id)
    with pytest.raises(Refused) as refused:
        ask(scene)
    assert refused.value.why is Why.TAKEN_BACK


@pytest.mark.parametrize(
    ("receiver", "words"),
    [
        ("alan", "For a colleague of your own agency ask the unit for a duty to consider."),
        ("carys", "For a colleague of your own agency ask the unit for a duty to consider."),
        ("sian", "This person's role has no case papers."),
        ("dev", "This person's role has no case papers."),
    ],
)
def test_whom_a_paper_cannot_be_for(scene: Scene, receiver: str, words: str) -> None:
    with pytest.raises(Unacceptable) as bad:
        ask(scene, receiver=scene.world.person(receiver).id)
    assert (bad.value.field, bad.value.words) == ("receiver", words)
    assert kept(scene) == 0


@pytest.mark.parametrize("made_up", ["", "system", "unit", "a" * 26])
def test_rule_3_nobody_without_an_account(scene: Scene, made_up: str) -> None:
    with pytest.raises(Unacceptable) as bad:
        ask(scene, receiver=PersonId(made_up))
    assert bad.value.field == "receiver"


def test_rule_15_no_lay_adviser(scene: Scene) -> None:
    world = scene.world
    with tending(world.house) as db:
        db.execute(
            people_table.update()
            .where(people_table.c.id == world.person("joe").id)
            .values(roles=frozenset({Role.LAY_ADVISER}))
        )
    with pytest.raises(Unacceptable):
        ask(scene)


def test_nobody_who_has_left(scene: Scene) -> None:
    world = scene.world
    with tending(world.house) as db:
        db.execute(
            people_table.update()
            .where(people_table.c.id == world.person("joe").id)
            .values(account=Account.LEFT)
        )
    with pytest.raises(Unacceptable):
        ask(scene)


def test_somebody_invited_but_not_yet_joined_can_be_asked_for(scene: Scene) -> None:
    assert scene.ask(receiver="newcomer").state is DisclosureState.ASKED


def test_only_a_paper_of_ones_own_copy(scene: Scene) -> None:
    for other in (VersionId(""), VersionId("a" * 26), scene.grant.version_id):
        with pytest.raises(Unacceptable) as bad:
            ask(scene, paper=other)
        assert bad.value.field == "paper"
    assert kept(scene) == 0


def test_a_paper_kept_back_from_the_asker_is_not_theirs_to_pass_on(scene: Scene) -> None:
    world = scene.world
    with tending(world.house) as db:
        from portal.records.sendings import layout_papers

        db.execute(
            layout_papers.update()
            .where(layout_papers.c.paper_version_id == scene.report)
            .values(given=False)
        )
    with pytest.raises(Unacceptable):
        ask(scene)
    page = pass_on_page(world.house, world.who("carys"), scene.grant.id)
    assert [paper for paper, _, _ in page.papers] == [scene.health_report]


@pytest.mark.parametrize("field", ["purpose", "need"])
@pytest.mark.parametrize("short", ["", "please", " " * 40, "x" * 5000])
def test_both_texts_must_say_something(scene: Scene, field: str, short: str) -> None:
    with pytest.raises(NotWeighed) as bad:
        ask(scene, **{field: short})
    assert bad.value.field == field
    assert kept(scene) == 0


def test_the_same_is_asked_once_while_it_waits(scene: Scene) -> None:
    scene.ask()
    with pytest.raises(Unacceptable):
        scene.ask()
    scene.ask(paper=scene.health_report)
    scene.ask(receiver="grace")
    assert kept(scene) == 3


def test_the_page_offers_only_what_can_be_asked(scene: Scene) -> None:
    world = scene.world
    page = pass_on_page(world.house, world.who("carys"), scene.grant.id)
    assert {paper for paper, _, _ in page.papers} == {scene.report, scene.health_report}
    offered = {person for person, _, _, _ in page.receivers}
    assert world.person("joe").id in offered
    assert world.person("newcomer").id in offered
    for name in ("carys", "alan", "sian", "dev"):
        assert world.person(name).id not in offered


def test_the_page_is_not_for_others(scene: Scene) -> None:
    for name in ("joe", "helen", "alan"):
        with pytest.raises(Refused):
            pass_on_page(scene.world.house, scene.world.who(name), scene.grant.id)


def test_a_request_that_is_not_there(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        read_own_disclosure(scene.world.house, scene.world.who("carys"), DisclosureId("a" * 26))
    assert refused.value.why is Why.NOT_THERE
