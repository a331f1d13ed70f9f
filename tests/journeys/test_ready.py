"""Who could open the pack now, and the letter that is sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.meetings import Capacity, Slot
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.remind_invited import remind_invited
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.ready import Ready, ready_list
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, meeting_of, told
from tests.web.browsing import send, sign_in, text_of
from tests.world import World


def invited(world: World, *names: str) -> Slot:
    slot = meeting_of(world, case_of(world)).slots[0]
    for name in names:
        invite_to_slot(
            world.house, world.who("helen"), slot.id, world.person(name).id,
            Capacity.SPECIALIST, "x",
        )  # fmt: skip
    return slot


def states(world: World, slot: Slot) -> dict[str, Ready]:
    found = ready_list(world.house, world.who("helen"), slot.id)
    return {row.person.name: row.ready for row in found.rows}


def test_each_stands_where_they_are(world: World) -> None:
    sign_in(world, "carys")
    world.clock.advance(timedelta(minutes=1))
    slot = invited(world, "carys", "ruth", "una", "newcomer", "mark", "grace")
    world.clock.advance(timedelta(minutes=1))
    sign_in(world, "ruth")
    with world.house.engine.begin() as db:
        mark = world.person("mark").id
        for table in ("generators", "backup_codes"):
            db.exec_driver_sql(f"DELETE FROM {table} WHERE person_id = ?", (mark,))
    remove_person(world.house, world.who("helen"), world.person("grace").id)
    assert states(world, slot) == {
        "Carys Bevan": Ready.NOT_SINCE,
        "Ruth Okell": Ready.READY,
        "Una Berg": Ready.NOT_CONFIRMED,
        "Nia Comer": Ready.NEVER,
        "Mark Pell": Ready.FACTOR_MISSING,
        "Grace Lund": Ready.LEFT,
    }
    assert list(states(world, slot))[-1] == "Ruth Okell"


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_the_letter_goes_again_with_its_line(world: World, by: str) -> None:
    slot = invited(world, "carys")
    remind_invited(world.house, world.who(by), slot.id, world.person("carys").id)
    assert len(told(world, "invited_to_meeting")) == 2
    assert lines(world.house, world.area.id, Deed.INVITATION_REPEATED)[-1]["slot"] == slot.id


def test_whoever_has_not_joined_gets_a_new_link(world: World) -> None:
    slot = invited(world, "newcomer")
    remind_invited(world.house, world.who("helen"), slot.id, world.person("newcomer").id)
    assert len(told(world, "invited_to_join")) == 1
    assert lines(world.house, world.area.id, Deed.INVITATION_REPEATED) == []


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev", "grace"])
def test_nobody_else_looks_or_sends(world: World, by: str) -> None:
    slot = invited(world, "ruth")
    with pytest.raises(Refused):
        ready_list(world.house, world.who(by), slot.id)
    with pytest.raises(Refused):
        remind_invited(world.house, world.who(by), slot.id, world.person("ruth").id)


def test_only_who_is_invited_still_and_here(world: World) -> None:
    slot, helen = invited(world, "ruth", "carys"), world.who("helen")
    ruth = world.person("ruth").id
    withdraw_invitation(world.house, helen, slot.id, ruth)
    there = other_area(world)
    for person in (ruth, world.person("mark").id, there.olga.actor.person_id, PersonId("a" * 26)):
        with pytest.raises(Refused) as found:
            remind_invited(world.house, helen, slot.id, person)
        assert found.value.why is Why.NOT_THERE
    with pytest.raises(Refused):
        remind_invited(world.house, there.olga, slot.id, world.person("carys").id)
    remove_person(world.house, helen, world.person("carys").id)
    with pytest.raises(Unacceptable):
        remind_invited(world.house, helen, slot.id, world.person("carys").id)


def test_not_once_the_meeting_is_over(world: World) -> None:
    slot = invited(world, "carys")
    world.clock.advance(slot.starts_at + timedelta(days=2) - world.clock.now())
    who = world.who("helen")
    with pytest.raises(Unacceptable):
        remind_invited(world.house, replace(who), slot.id, world.person("carys").id)


def test_one_press_on_the_page(world: World) -> None:
    slot = invited(world, "carys")
    client = world.client("helen")
    path = f"/unit/slots/{slot.id}/ready"
    page = text_of(client.get(path))
    assert "Not since the invitation" in page
    assert "01632 960 222" in page
    done = send(client, f"{path}/{world.person('carys').id}/again", path)
    assert "The letter is sent again" in text_of(client.get(done.headers["Location"]))
