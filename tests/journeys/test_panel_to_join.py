"""Links for everybody of a panel who has not joined: the look, and what stops all of it."""

from __future__ import annotations

import pytest

from portal.domain.ids import PanelId, PersonId
from portal.domain.meetings import Capacity
from portal.domain.people import Role
from portal.journeys.changed import Changed
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.joining.panel_to_join import (
    PanelToJoin,
    Seen,
    look_at_panel_to_join,
    send_links_to_panel,
)
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.meetings.set_panel import set_panel
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.journeys.other_area import other_area
from tests.journeys.planning import told
from tests.web.browsing import send, text_of
from tests.world import World


def invited(world: World, email: str, name: str = "Nell Invited") -> PersonId:
    new = NewPerson(
        name, email, "Nurse", "01632 960 777", world.agency("health").id,
        frozenset({Role.ATTENDEE}),
    )  # fmt: skip
    return invite_person(world.house, world.who("helen"), new).person.id


def panel(world: World, *more: PersonId) -> PanelId:
    """Carys and Ruth have joined; whoever else was invited only."""
    seats = [world.person("carys").id, world.person("ruth").id, *more]
    return set_panel(
        world.house, world.who("helen"), None, "North", dict.fromkeys(seats, Capacity.SPECIALIST)
    )


def look(world: World, panel_id: PanelId) -> PanelToJoin:
    return look_at_panel_to_join(world.house, world.who("helen"), panel_id)


def seen(world: World, panel_id: PanelId) -> dict[str, Seen]:
    return {row.person.name: row.seen for row in look(world, panel_id).rows}


def test_each_who_has_not_joined_gets_one_link_and_nobody_else(world: World) -> None:
    nell = invited(world, "nell@northmere.example")
    which = panel(world, nell)
    assert seen(world, which) == {
        "Carys Bevan": Seen.JOINED, "Ruth Okell": Seen.JOINED, "Nell Invited": Seen.LINK,
    }  # fmt: skip
    before = len(told(world, "invited_to_join"))
    found = look(world, which)
    assert len(told(world, "invited_to_join")) == before, "a look sends nothing"
    assert send_links_to_panel(world.house, world.who("helen"), which, found.digest, set()) == 1
    new = told(world, "invited_to_join")[before:]
    assert [notice.address for notice in new] == ["nell@northmere.example"]


def test_a_mistyped_domain_stops_everybody(world: World) -> None:
    right = invited(world, "nell@northmere.example")
    typo = invited(world, "tess@northmere.exampel", "Tess Typo")
    which = panel(world, right, typo)
    found, before = look(world, which), len(told(world, "invited_to_join"))
    (row,) = [row for row in found.rows if row.seen is Seen.MISTYPED]
    assert (row.person.id, row.instead, found.clean) == (typo, "northmere.example", False)
    with pytest.raises(Unacceptable):
        send_links_to_panel(world.house, world.who("helen"), which, found.digest, {right, typo})
    assert len(told(world, "invited_to_join")) == before


def test_a_foreign_domain_or_a_name_that_has_joined_is_asked_about_first(world: World) -> None:
    far = invited(world, "fay@elsewhere.example", "Fay Far")
    twin = invited(world, "g.lund@northmere.example", "grace lund")
    which = panel(world, far, twin)
    assert seen(world, which)["Fay Far"] is Seen.CHECK
    assert seen(world, which)["grace lund"] is Seen.TWICE
    found, before = look(world, which), len(told(world, "invited_to_join"))
    for ticked in (set(), {far}, {twin}, {world.person("carys").id, PersonId("a" * 26)}):
        with pytest.raises(Unacceptable):
            send_links_to_panel(world.house, world.who("helen"), which, found.digest, ticked)
    assert len(told(world, "invited_to_join")) == before
    done = send_links_to_panel(world.house, world.who("helen"), which, found.digest, {far, twin})
    assert done == 2


def test_what_changed_since_the_look_stops_everybody(world: World) -> None:
    nell = invited(world, "nell@northmere.example")
    which, helen = panel(world, nell), world.who("helen")
    found, before = look(world, which), len(told(world, "invited_to_join"))
    other = invited(world, "olu@northmere.example", "Olu Other")
    seats = dict.fromkeys([nell, other], Capacity.SPECIALIST)
    set_panel(world.house, helen, which, "North", seats)
    for digest in (found.digest, "", "x"):
        with pytest.raises(Changed):
            send_links_to_panel(world.house, helen, which, digest, set())
    assert len(told(world, "invited_to_join")) == before + 1


def test_who_is_no_more_who_was_invited_stops_everybody(world: World) -> None:
    nell = invited(world, "nell@northmere.example")
    which = panel(world, nell)
    with world.house.engine.begin() as db:
        db.exec_driver_sql("UPDATE people SET phone = '01632 960 666' WHERE id = ?", (nell,))
    found, before = look(world, which), len(told(world, "invited_to_join"))
    with pytest.raises(KeyAlarm):
        send_links_to_panel(world.house, world.who("helen"), which, found.digest, set())
    assert len(told(world, "invited_to_join")) == before


def test_where_all_have_joined_there_is_nothing_to_send(world: World) -> None:
    which = panel(world)
    found = look(world, which)
    assert not found.clean
    with pytest.raises(Unacceptable):
        send_links_to_panel(world.house, world.who("helen"), which, found.digest, set())


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev", "grace"])
def test_nobody_else_looks_or_sends(world: World, by: str) -> None:
    which = panel(world, invited(world, "nell@northmere.example"))
    digest = look(world, which).digest
    with pytest.raises(Refused):
        look_at_panel_to_join(world.house, world.who(by), which)
    with pytest.raises(Refused):
        send_links_to_panel(world.house, world.who(by), which, digest, set())


def test_another_areas_panel_is_not_there(world: World) -> None:
    which = panel(world, invited(world, "nell@northmere.example"))
    there = other_area(world)
    with pytest.raises(Refused) as caught:
        look_at_panel_to_join(world.house, there.olga, which)
    assert caught.value.why is Why.NOT_THERE


def test_on_the_page_look_tick_and_send(world: World) -> None:
    far = invited(world, "fay@elsewhere.example", "Fay Far")
    which, client = panel(world, far), world.client("helen")
    path = f"/unit/panels/{which}/join"
    assert path in client.get("/unit/panels/").get_data(as_text=True)
    shown = client.get(path)
    assert "Ask: nobody who joined has this domain" in text_of(shown)
    digest = look(world, which).digest
    refused = text_of(send(client, path, digest=digest))
    assert "Ask the agency about each one marked" in refused
    done = send(client, path, digest=digest, vouched=far)
    assert done.headers["Location"] == "/unit/panels/"
    assert "1 person has been sent a link" in text_of(client.get("/unit/panels/"))
