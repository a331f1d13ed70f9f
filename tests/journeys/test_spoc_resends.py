"""A single point of contact sends a colleague who has not joined a new link, as the unit does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.identity.secret_token import hash_of
from portal.journeys.agencies.name_colleague import name_colleague
from portal.journeys.agencies.remove_person import remove_colleague
from portal.journeys.deed import tending
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.resend_link import resend_to_colleague
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import people, sessions
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import told
from tests.journeys.test_people import new_person
from tests.web.browsing import send, text_of
from tests.world import World


def test_a_new_link_is_sent_and_the_one_before_works_no_more(world: World) -> None:
    grace = world.who("grace")
    first = name_colleague(world.house, grace, new_person(world))
    world.clock.advance(timedelta(days=8))
    second = resend_to_colleague(world.house, world.who("grace"), first.person.id)
    with reading(world.house.engine) as db:
        assert sessions.link_by(db, hash_of(first.path.removeprefix("/join/"))) is None
        assert sessions.link_by(db, hash_of(second.path.removeprefix("/join/"))) is not None
    assert [each.fields["path"] for each in told(world, "invited_to_join")][-1] == second.path
    entry = lines(world.house, world.area.id, Deed.PERSON_INVITED)[-1]
    assert entry["person"] == first.person.id
    assert entry["actor"] == grace.actor.person_id


def test_the_page_offers_it_for_who_has_not_joined_alone(world: World) -> None:
    grace = world.client("grace")
    assert "Send a new link" in text_of(grace.get("/agency/people/"))
    person = world.person("newcomer")
    before = len(told(world, "invited_to_join"))
    answer = send(grace, f"/agency/people/{person.id}/link", form="/agency/people/")
    assert answer.headers["Location"] == "/agency/people/"
    assert "A new link is sent" in text_of(grace.get("/agency/people/"))
    assert len(told(world, "invited_to_join")) == before + 1
    remove_colleague(world.house, world.who("grace"), person.id)
    assert "Send a new link" not in text_of(grace.get("/agency/people/"))
    with pytest.raises(Unacceptable):
        resend_to_colleague(world.house, world.who("grace"), person.id)


@pytest.mark.parametrize("by", ["carys", "alan", "ruth", "helen", "sian"])
def test_nobody_else_does_it_this_way(world: World, by: str) -> None:
    with pytest.raises(Refused):
        resend_to_colleague(world.house, world.who(by), world.person("newcomer").id)
    assert told(world, "invited_to_join") == []


def test_neither_another_agencys_nor_another_areas_nor_whoever_has_a_role_of_the_unit(
    world: World,
) -> None:
    there = other_area(world)
    helen, health = world.who("helen"), world.agency("health").id
    chair = new_person(world, agency_id=health, roles=frozenset({Role.CHAIR, Role.ATTENDEE}))
    other = new_person(world, email="ed@elm.example")
    found = [invite_person(world.house, helen, each).person.id for each in (chair, other)]
    before = len(told(world, "invited_to_join"))
    for person_id in (*found, there.olga.actor.person_id):
        with pytest.raises(Refused):
            resend_to_colleague(world.house, world.who("grace"), person_id)
    assert len(told(world, "invited_to_join")) == before


def test_whoever_has_another_address_now_than_was_invited_is_sent_nothing(world: World) -> None:
    person = world.person("newcomer")
    with tending(world.house) as db:
        db.execute(
            people.people.update()
            .where(people.people.c.id == person.id)
            .values(email=replace(person, email="imp@elsewhere.example").email)
        )
    with pytest.raises(KeyAlarm):
        resend_to_colleague(world.house, world.who("grace"), person.id)
    assert told(world, "invited_to_join") == []
