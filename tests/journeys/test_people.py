"""Agencies are added; people are invited, sent a new link, and leave with nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.deeds import Deed
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import AgencyId, GrantId, ManifestId, PersonId, SendingId, VersionId
from portal.domain.meetings import Capacity, Slot
from portal.domain.people import Account, Role, Service, Standing
from portal.identity.invitation import LIFETIME
from portal.identity.secret_token import hash_of
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.opened import NotGiven
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, papers, people, sendings, sessions
from portal.records.database import reading, writing
from portal.records.sessions import Stage
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, meeting_of, read_by, told
from tests.world import World

AGENCY = NewAgency(
    "Elm School", Standing.DUTY_TO_COOPERATE, Service.EDUCATION, "CJSM", "Head", "01632 960 555"
)


def new_person(world: World, **changes: Any) -> NewPerson:
    new = NewPerson(
        "Ivy Lane", "Ivy.Lane@elm.example", "Teacher", "01632 960 556",
        world.agency("housing").id, frozenset({Role.ATTENDEE}),
    )  # fmt: skip
    return replace(new, **changes)


# ---- agencies ----


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_the_unit_adds_an_agency(world: World, by: str) -> None:
    agency = add_agency(world.house, world.who(by), AGENCY)
    assert agency.may_be_invited
    entry = lines(world.house, world.area.id, Deed.AGENCY_ADDED)[-1]
    assert (entry["agency"], entry["service"]) == (agency.id, "education")
    assert "Elm School" not in str(entry)


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev"])
def test_nobody_else_adds_an_agency(world: World, by: str) -> None:
    with pytest.raises(Refused):
        add_agency(world.house, world.who(by), AGENCY)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 121), ("name", "hmp ELMSWORTH"), ("phone", " "),
     ("phone", "1" * 41), ("secure_way", "x" * 201), ("spoc", "x" * 121)],
)  # fmt: skip
def test_an_agency_that_can_not_stand_is_refused(world: World, field: str, value: str) -> None:
    with pytest.raises(Unacceptable) as found:
        add_agency(world.house, world.who("helen"), replace(AGENCY, **{field: value}))
    assert found.value.field == field


# ---- joining ----


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_an_invited_person_has_an_account_that_opens_nothing_and_a_link(
    world: World, by: str
) -> None:
    linked = invite_person(world.house, world.who(by), new_person(world))
    assert linked.person.account is Account.INVITED
    assert linked.person.email == "ivy.lane@elm.example"
    token = linked.path.removeprefix("/join/")
    with reading(world.house.engine) as db:
        link = sessions.link_by(db, hash_of(token))
        assert keys.public_key_of(db, world.area.id, linked.person.id) is None
    assert link is not None
    assert link.expires_at == world.clock.now() + LIFETIME
    (notice,) = told(world, "invited_to_join")
    assert notice.fields["path"] == linked.path
    assert notice.fields["until"] == "2026-05-11T10:00"
    entry = lines(world.house, world.area.id, Deed.PERSON_INVITED)[-1]
    assert token not in str(entry)
    assert "ivy" not in str(entry).lower()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("job", " "),
        ("phone", ""),
        ("email", "ivy"),
        ("email", "ivy@elm.example\nBcc: a@b.example"),
        ("email", "carys@northmere.example"),
        ("email", " CARYS@northmere.example"),
        ("roles", frozenset()),
        ("roles", frozenset({Role.LAY_ADVISER, Role.ATTENDEE})),
        ("roles", frozenset({Role.OPERATOR, Role.COORDINATOR})),
    ],
)
def test_a_person_who_can_not_stand_is_refused(world: World, field: str, value: object) -> None:
    with pytest.raises(Unacceptable) as found:
        invite_person(world.house, world.who("helen"), new_person(world, **{field: value}))
    assert found.value.field == field
    assert told(world, "invited_to_join") == []


@pytest.mark.parametrize(
    "role",
    [Role.COORDINATOR, Role.DEPUTY, Role.ADMINISTRATOR, Role.CHAIR, Role.AUDITOR, Role.OPERATOR],
)
def test_rule_14_an_administrator_gives_no_role_that_decides_or_watches(
    world: World, role: Role
) -> None:
    new = new_person(world, roles=frozenset({role}))
    with pytest.raises(Refused) as found:
        invite_person(world.house, world.who("priya"), new)
    assert found.value.why is Why.NOT_YOUR_ROLE
    by = "helen" if role in (Role.COORDINATOR, Role.DEPUTY) else "tom"
    assert invite_person(world.house, world.who(by), new).person.roles == {role}


def test_an_agency_of_another_area_does_not_exist_here(world: World) -> None:
    there = other_area(world)
    for agency in (there.agency.id, AgencyId("a" * 26)):
        with pytest.raises(Refused) as found:
            invite_person(world.house, world.who("helen"), new_person(world, agency_id=agency))
        assert found.value.why is Why.NOT_THERE


def test_an_address_is_one_account_in_the_whole_installation(world: World) -> None:
    """Another area may invite it, and learns nothing; whose account it is stays the same."""
    there = other_area(world)
    new = new_person(world, agency_id=there.agency.id, email="carys@northmere.example")
    invited = invite_person(world.house, there.olga, new).person
    with reading(world.house.engine) as db:
        assert people.by_email(db, "carys@northmere.example") == world.person("carys")
    assert invited.id != world.person("carys").id
    with pytest.raises(Unacceptable):
        invite_person(world.house, there.olga, new)


def test_a_new_link_ends_the_one_before(world: World) -> None:
    first = invite_person(world.house, world.who("helen"), new_person(world))
    world.clock.advance(timedelta(days=3))
    second = resend_link(world.house, world.who("priya"), first.person.id)
    assert second.path != first.path
    with reading(world.house.engine) as db:
        assert sessions.link_by(db, hash_of(first.path.removeprefix("/join/"))) is None
        link = sessions.link_by(db, hash_of(second.path.removeprefix("/join/")))
    assert link is not None
    assert link.expires_at == world.clock.now() + LIFETIME


def test_no_link_for_who_has_joined_left_or_is_elsewhere(world: World) -> None:
    there = other_area(world)
    for name in ("carys", "una"):
        with pytest.raises(Unacceptable):
            resend_link(world.house, world.who("helen"), world.person(name).id)
    remove_person(world.house, world.who("helen"), world.person("newcomer").id)
    with pytest.raises(Unacceptable):
        resend_link(world.house, world.who("helen"), world.person("newcomer").id)
    with pytest.raises(Refused):
        resend_link(world.house, there.olga, world.person("newcomer").id)
    with pytest.raises(Refused):
        resend_link(world.house, world.who("carys"), world.person("newcomer").id)


# ---- leaving ----


def granted(world: World, slot: Slot, name: str, state: GrantState) -> GrantId:
    """A grant of a pack, as sending leaves it, with its wrap where one exists."""
    person, now = world.person(name).id, world.clock.now()
    version = VersionId(f"version{name}")
    grant = Grant(
        GrantId(f"grant{name}{state.value}".replace("_", "")), world.area.id,
        SendingId(f"sending{name}"), version,
        person, ManifestId("m"), 1, 1, now, now + timedelta(days=9), state, now,
    )  # fmt: skip
    with writing(world.house.engine) as db:
        sendings.save_sending(
            db,
            Sending(
                grant.sending_id, world.area.id, slot.id, slot.case_id, SendingKind.PACK, "R1",
                world.person("helen").id, now, "0" * 64,
            ),
        )  # fmt: skip
        sendings.save_grant(db, grant)
        if state is GrantState.GRANTED:
            papers.save_header(db, papers.Header(world.area.id, version, person, "0" * 64, b"h"))
        db.commit()
    return grant.id


def state_of(world: World, grant_id: GrantId) -> GrantState:
    with reading(world.house.engine) as db:
        found = sendings.load_grant(db, world.area.id, grant_id)
    assert found is not None
    return found.state


def test_rule_81_a_leaver_loses_everything_at_once(world: World) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    carys = world.who("carys")
    invite_to_slot(
        world.house, world.who("helen"), slot.id, carys.actor.person_id, Capacity.MANAGER, "x"
    )
    open_, waiting = (
        granted(world, slot, "carys", GrantState.GRANTED),
        granted(world, slot, "una", GrantState.WAITING),
    )
    removed = remove_person(world.house, world.who("tom"), carys.actor.person_id)
    assert (removed.wraps_deleted, removed.held_unit_key) == (2, False)
    assert removed.sessions_ended == 1
    remove_person(world.house, world.who("tom"), world.person("una").id)
    assert state_of(world, open_) is GrantState.TAKEN_BACK
    assert state_of(world, waiting) is GrantState.TAKEN_BACK
    assert world.person("carys").account is Account.LEFT
    with pytest.raises(NotGiven):
        read_by(world, case, carys)
    with reading(world.house.engine) as db:
        found = sessions.load(db, carys.session_id)
        assert keys.public_key_of(db, world.area.id, carys.actor.person_id) is not None
    assert found is not None
    assert (found.stage, found.keyring) == (Stage.ENDED, None)
    entry = lines(world.house, world.area.id, Deed.PERSON_LEFT)[0]
    assert entry["wraps_deleted"] == 2


def test_rule_81_a_leaver_of_the_unit_loses_the_units_key(world: World) -> None:
    case_of(world, by="priya")
    priya = world.who("priya")
    removed = remove_person(world.house, world.who("helen"), priya.actor.person_id)
    assert removed.held_unit_key
    with reading(world.house.engine) as db, pytest.raises(Refused):
        priya.unit(db)
    # What she signed is still believed.
    slot = meeting_of(world, case_of(world, "NM/2026/015")).slots[0]
    invite_to_slot(
        world.house, world.who("helen"), slot.id, world.person("ruth").id, Capacity.MANAGER, "x"
    )


def test_a_case_opened_by_a_leaver_still_opens(world: World) -> None:
    case = case_of(world, by="priya")
    slot = meeting_of(world, case).slots[0]
    remove_person(world.house, world.who("helen"), world.person("priya").id)
    invite_to_slot(
        world.house, world.who("helen"), slot.id, world.person("ruth").id, Capacity.MANAGER, "x"
    )
    assert read_by(world, case, world.who("ruth")).name


def test_the_joining_link_of_who_is_removed_is_spent(world: World) -> None:
    linked = invite_person(world.house, world.who("helen"), new_person(world))
    remove_person(world.house, world.who("helen"), linked.person.id)
    with reading(world.house.engine) as db:
        link = sessions.link_of(db, linked.person.id)
        found = people.load(db, world.area.id, linked.person.id)
    assert link is not None
    assert link.used_at is not None
    assert found is not None
    assert found.account is Account.LEFT


@pytest.mark.parametrize("by", ["priya", "alan", "carys", "sian", "dev"])
def test_only_coordinators_and_deputies_remove(world: World, by: str) -> None:
    with pytest.raises(Refused):
        remove_person(world.house, world.who(by), world.person("joe").id)
    assert world.person("joe").account is Account.ENROLLED


def test_nobody_is_removed_twice_removes_themselves_or_reaches_elsewhere(world: World) -> None:
    there = other_area(world)
    with pytest.raises(Refused) as found:
        remove_person(world.house, world.who("helen"), world.person("helen").id)
    assert found.value.why is Why.NOT_ONESELF
    for who, person in (
        (there.olga, world.person("joe").id),
        (world.who("helen"), there.olga.actor.person_id),
        (world.who("helen"), PersonId("a" * 26)),
    ):
        with pytest.raises(Refused) as found:
            remove_person(world.house, who, person)
        assert found.value.why is Why.NOT_THERE
    remove_person(world.house, world.who("helen"), world.person("joe").id)
    with pytest.raises(Unacceptable):
        remove_person(world.house, world.who("tom"), world.person("joe").id)


def test_rule_26_withdrawing_takes_this_slots_grants_and_no_others(world: World) -> None:
    case = case_of(world)
    first, second = (
        meeting_of(world, case).slots[0],
        meeting_of(world, case_of(world, "NM/2026/015")).slots[0],
    )
    carys = world.person("carys").id
    invite_to_slot(world.house, world.who("helen"), first.id, carys, Capacity.MANAGER, "x")
    taken = granted(world, first, "carys", GrantState.GRANTED)
    other = granted(world, second, "ruth", GrantState.GRANTED)
    gone = withdraw_invitation(world.house, world.who("helen"), first.id, carys)
    assert gone.wraps_deleted == 2
    assert state_of(world, taken) is GrantState.TAKEN_BACK
    assert state_of(world, other) is GrantState.GRANTED
