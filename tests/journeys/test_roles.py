"""Roles change after the invitation, with the key they open with, and never past the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.domain.roles import RoleReason, clash
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.joining.invite_person import invite_person, may_give
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.meetings.read_case import read_case
from portal.journeys.roles.change_roles import RolesChanged, change_roles
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, people, sessions
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, told
from tests.journeys.test_people import new_person
from tests.web.browsing import send, text_of
from tests.world import World, cast

COORDINATES = frozenset({Role.COORDINATOR})
ATTENDS = frozenset({Role.ATTENDEE})


def id_of(world: World, name: str) -> PersonId:
    return cast()[name].person_id


def give(
    world: World, name: str, roles: frozenset[Role], by: str = "helen", code: str | None = None
) -> RolesChanged:
    typed = world.code(by) if code is None else code
    before = world.person(name).roles
    return change_roles(
        world.house, world.who(by), id_of(world, name), before, roles, RoleReason.DUTIES, typed
    )


def holds_unit_key(world: World, name: str) -> bool:
    with reading(world.house.engine) as db:
        return keys.unit_wrap_of(db, world.area.id, id_of(world, name)) is not None


# ---- into the unit ----


def test_a_new_co_ordinator_opens_the_units_papers_with_their_own_key(world: World) -> None:
    case = case_of(world)
    with pytest.raises(Refused):
        read_case(world.house, world.who("mark"), case.id)
    done = give(world, "mark", COORDINATES | ATTENDS)
    assert done == RolesChanged(True, False, False, 0)
    read_case(world.house, world.who("mark"), case.id)
    (line,) = lines(world.house, world.area.id, Deed.ROLES_CHANGED)
    assert (list(line["was"]), list(line["roles"])) == (["attendee"], ["attendee", "coordinator"])  # type: ignore[call-overload]
    assert {n.address for n in told(world, "roles_changed")} == {
        cast()["mark"].email, world.area.unit_email,
    }  # fmt: skip


def test_whose_key_nobody_confirmed_waits_for_it(world: World) -> None:
    done = give(world, "una", frozenset({Role.ADMINISTRATOR}))
    assert (done.in_unit, done.waits) == (False, True)
    assert not holds_unit_key(world, "una")
    with reading(world.house.engine) as db:
        key = keys.public_key_of(db, world.area.id, id_of(world, "una"))
    assert key is not None
    confirm_key(world.house, world.who("helen"), id_of(world, "una"), key.fingerprint)
    assert holds_unit_key(world, "una")
    read_case(world.house, world.who("una"), case_of(world).id)


def test_the_new_roles_are_what_the_row_is_compared_with(world: World) -> None:
    give(world, "carys", frozenset({Role.CHAIR, Role.ATTENDEE}))
    with world.house.engine.begin() as db:
        db.execute(people.people.update().where(
            people.people.c.id == id_of(world, "carys")
        ).values(roles=frozenset({Role.ATTENDEE, Role.CONTACT})))  # fmt: skip
    with pytest.raises(KeyAlarm):
        give(world, "carys", ATTENDS)


def test_a_role_that_was_slipped_in_is_not_made_good_by_a_change(world: World) -> None:
    slipped = frozenset({Role.ADMINISTRATOR, Role.ATTENDEE})
    with world.house.engine.begin() as db:
        db.execute(people.people.update().where(
            people.people.c.id == id_of(world, "mark")).values(roles=slipped))  # fmt: skip
    with pytest.raises(KeyAlarm):
        give(world, "mark", slipped | {Role.CHAIR})
    assert not holds_unit_key(world, "mark")


# ---- out of it ----


def test_whoever_leaves_the_unit_loses_its_key_and_their_sessions(world: World) -> None:
    case = case_of(world)
    priya = world.who("priya")
    read_case(world.house, priya, case.id)
    with reading(world.house.engine) as db:
        kept = keys.unit_wrap_of(db, world.area.id, id_of(world, "priya"))
    assert kept is not None
    done = give(world, "priya", ATTENDS)
    assert done.held_unit_key
    assert done.sessions_ended == 1
    with reading(world.house.engine) as db:
        row = sessions.load(db, priya.session_id)
    assert row is not None
    assert row.stage is sessions.Stage.ENDED
    with pytest.raises(Refused):
        read_case(world.house, world.who("priya"), case.id)
    # The row and the wrap put back from an older copy open nothing.
    with tending(world.house) as db:
        keys.save_unit_wrap(db, kept)
        people.set_roles(db, world.area.id, id_of(world, "priya"), priya.actor.roles)
    with pytest.raises(Refused):
        read_case(world.house, world.who("priya"), case.id)


def test_without_losing_a_role_sessions_go_on(world: World) -> None:
    carys = world.who("carys")
    assert give(world, "carys", carys.actor.roles | {Role.SPOC}).sessions_ended == 0


# ---- who, and how ----


@pytest.mark.parametrize("by", ["tom", "priya", "alan", "carys", "grace", "sian", "dev"])
def test_only_a_co_ordinator_changes_roles(world: World, by: str) -> None:
    with pytest.raises(Refused) as found:
        give(world, "mark", COORDINATES, by=by)
    assert found.value.why is Why.NOT_YOUR_ROLE
    assert world.person("mark").roles == ATTENDS


def test_never_ones_own_so_one_co_ordinator_is_always_left(world: World) -> None:
    with pytest.raises(Refused) as found:
        give(world, "helen", ATTENDS)
    assert found.value.why is Why.NOT_ONESELF
    with pytest.raises(Unacceptable) as refused:
        remove_person(world.house, world.who("tom"), id_of(world, "helen"))
    assert "last co-ordinator" in refused.value.words
    give(world, "mark", COORDINATES)
    remove_person(world.house, world.who("tom"), id_of(world, "helen"))


def test_another_areas_people_are_not_there(world: World) -> None:
    olga = other_area(world).olga
    with pytest.raises(Refused) as found:
        change_roles(world.house, olga, id_of(world, "mark"), ATTENDS, COORDINATES,
                     RoleReason.POST, "123456")  # fmt: skip
    assert found.value.why is Why.NOT_THERE


def test_without_an_unused_code_nothing_changes(world: World) -> None:
    used = world.code("helen")
    give(world, "mark", frozenset({Role.CHAIR}), code=used)
    for code in (used, "000000", ""):
        with pytest.raises(CodeRefused):
            give(world, "mark", COORDINATES, code=code)
    assert world.person("mark").roles == frozenset({Role.CHAIR})


def test_two_who_change_them_at_once_do_not_write_over_each_other(world: World) -> None:
    with pytest.raises(Changed):
        change_roles(world.house, world.who("helen"), id_of(world, "mark"), COORDINATES,
                     frozenset({Role.CHAIR}), RoleReason.POST, world.code("helen"))  # fmt: skip


@pytest.mark.parametrize(
    "roles",
    [
        set(),
        {Role.LAY_ADVISER, Role.ATTENDEE},
        {Role.OPERATOR, Role.ADMINISTRATOR},
        {Role.AUDITOR, Role.COORDINATOR},
        {Role.AUDITOR, Role.DEPUTY},
        {Role.AUDITOR, Role.ADMINISTRATOR},
        {Role.COORDINATOR, Role.DEPUTY},
    ],
)
def test_rule_14_what_nobody_holds_together(world: World, roles: set[Role]) -> None:
    assert clash(frozenset(roles))
    with pytest.raises(Unacceptable) as found:
        give(world, "mark", frozenset(roles))
    assert found.value.field == "roles"
    with pytest.raises(Unacceptable):
        invite_person(world.house, world.who("helen"), new_person(world, roles=frozenset(roles)))


def test_the_same_roles_and_one_who_left(world: World) -> None:
    with pytest.raises(Unacceptable):
        give(world, "mark", ATTENDS)
    remove_person(world.house, world.who("helen"), id_of(world, "joe"))
    with pytest.raises(Unacceptable):
        give(world, "joe", COORDINATES)


def test_a_deputy_invites_nobody_who_decides(world: World) -> None:
    tom = world.who("tom")
    assert may_give(tom.actor).isdisjoint({Role.COORDINATOR, Role.DEPUTY})
    for role in (Role.COORDINATOR, Role.DEPUTY):
        with pytest.raises(Refused):
            invite_person(world.house, tom, new_person(world, roles=frozenset({role})))


def test_an_actor_made_up_elsewhere_is_refused(world: World) -> None:
    mark = world.who("mark")
    forged = Who(replace(mark.actor, roles=COORDINATES), mark.keyring, mark.session_id)
    with pytest.raises(Refused):
        read_case(world.house, forged, case_of(world).id)


# ---- in the browser ----


def test_in_the_browser(world: World) -> None:
    client, path = world.client("helen"), f"/unit/people/{id_of(world, 'mark')}/roles"
    assert "Change what they do" in text_of(client.get("/unit/people/"))
    fields = {"before": "attendee", "roles": ["attendee", "administrator"], "because": "post"}
    assert "not right" in text_of(send(client, path, **fields, code="000000"))
    both = fields | {"roles": ["auditor", "administrator"]}
    assert "no part of it" in text_of(send(client, path, **both, code=world.code("helen")))
    stale = fields | {"before": "chair"}
    assert send(client, path, **stale, code=world.code("helen")).status_code == 409
    odd = fields | {"before": "king"}
    assert send(client, path, **odd, code=world.code("helen")).status_code == 409
    done = send(client, path, **fields, code=world.code("helen"))
    assert done.status_code == 302
    assert "given the unit" in client.get("/unit/people/").get_data(as_text=True)
    assert world.client("mark").get("/unit/").status_code == 200
    record = text_of(client.get("/record/"))
    assert "changed what Mark Pell of Probation Service does: administrator, attendee" in record
