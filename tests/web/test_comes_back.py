"""Whoever left an area, or was removed by a slip, joins again: as somebody new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from portal.domain.deeds import Deed
from portal.domain.listing import Fault
from portal.domain.people import Account, Person, Role
from portal.journeys.agencies.change_agency import change_agency
from portal.journeys.agencies.name_colleague import name_colleague
from portal.journeys.agencies.reaching import Reached
from portal.journeys.agencies.remove_person import remove_colleague, remove_person
from portal.journeys.joining.invite_list import invite_list, look_at_list
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.keys.confirm_key import confirm_key, registered_key
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.unacceptable import Unacceptable
from portal.records import keys, people, sendings
from portal.records.database import reading, writing
from tests.journeys.other_area import lines
from tests.web.browsing import send, text_of
from tests.web.test_account_join import PASSPHRASE, begin, choose, finish, set_app
from tests.world import World, cast


def removed(world: World, name: str = "ruth") -> Person:
    remove_person(world.house, world.who("helen"), world.person(name).id)
    return world.person(name)


def as_before(former: Person) -> NewPerson:
    return NewPerson(
        former.name, former.email, former.job, former.phone, former.agency_id, former.roles
    )


def back(world: World, former: Person) -> Linked:
    return invite_person(world.house, world.who("helen"), as_before(former))


def joined(world: World, linked: Linked) -> None:
    client = world.client()
    begin(world, client, linked.path.removeprefix("/join/"))
    choose(client)
    set_app(world, client)
    assert finish(client).headers["Location"] == "/join/done"


def now_of(world: World, person: Person) -> Person:
    with reading(world.house.engine) as db:
        found = people.load(db, person.area_id, person.id)
    assert found is not None
    return found


def test_a_leaver_is_invited_again_as_somebody_new_with_nothing_of_the_former(
    world: World,
) -> None:
    former = removed(world)
    again = back(world, former).person
    assert again.id != former.id
    assert again.account_id != former.account_id
    assert again.account is Account.INVITED
    assert world.person("ruth").account is Account.LEFT
    with reading(world.house.engine) as db:
        assert keys.public_key_of(db, world.area.id, again.id) is None
        assert sendings.grants_of_person(db, world.area.id, again.id) == []
        assert again.id not in confirmed_keys(world.house, db, world.area.id)
    of_former = list(lines(world.house, world.area.id, Deed.PERSON_JOINED))
    assert former.id in str(of_former)
    assert again.id not in str(of_former)


def test_they_join_are_confirmed_anew_and_sign_in_with_the_new_passphrase_alone(
    world: World,
) -> None:
    former = removed(world)
    linked = back(world, former)
    joined(world, linked)
    with reading(world.house.engine) as db:
        key = registered_key(db, world.area.id, linked.person.id)
        assert key is not None
        assert linked.person.id not in confirmed_keys(world.house, db, world.area.id)
        found = people.by_email(db, former.email)
    assert found is not None
    assert found.id == linked.person.id
    confirm_key(world.house, world.who("helen"), linked.person.id, key.fingerprint)
    with reading(world.house.engine) as db:
        assert linked.person.id in confirmed_keys(world.house, db, world.area.id)
    old = send(world.client(), "/sign-in", email=former.email, passphrase=cast()["ruth"].passphrase)
    assert old.status_code != 303
    new = send(world.client(), "/sign-in", email=former.email, passphrase=PASSPHRASE)
    assert new.headers["Location"].startswith("/sign-in/code")


def test_one_living_person_of_an_address_in_an_area(world: World) -> None:
    former = removed(world)
    linked = back(world, former)
    with pytest.raises(Unacceptable) as found:
        back(world, former)
    assert found.value.field == "email"
    again = replace(linked.person, id=former.id[::-1], account_id=former.account_id)
    with pytest.raises(IntegrityError), writing(world.house.engine) as db:
        people.save(db, again)


def test_somebody_may_leave_and_come_back_more_than_once(world: World) -> None:
    former = removed(world)
    for _ in range(3):
        again = back(world, former).person
        remove_person(world.house, world.who("helen"), again.id)
        assert now_of(world, again).account is Account.LEFT
    joined(world, back(world, former))


def test_the_link_of_before_they_left_is_dead_also_once_they_are_invited_again(
    world: World,
) -> None:
    token = world.joining_token()
    former = removed(world, "newcomer")
    back(world, former)
    assert world.client().get(f"/join/{token}").status_code == 404
    with pytest.raises(Unacceptable):
        resend_link(world.house, world.who("helen"), former.id)


def test_a_single_point_of_contact_puts_a_slip_right_alone(world: World) -> None:
    grace, colleague = world.client("grace"), world.person("newcomer")
    send(grace, f"/agency/people/{colleague.id}/remove")
    assert world.person("newcomer").account is Account.LEFT
    answer = send(
        grace, "/agency/people/invite", name="Nia Comer", email=colleague.email, job="Nurse",
        phone="01632 960 222", roles="attendee",
    )  # fmt: skip
    assert answer.status_code == 302, text_of(answer)
    said = grace.get("/agency/people/").get_data(as_text=True)
    assert said.count('scope="row" class="govuk-table__header">Nia Comer<') == 1


def test_no_roles_come_back_by_themselves(world: World) -> None:
    """Whoever was of the unit comes back as what the invitation says, and no more."""
    remove_person(world.house, world.who("helen"), world.person("tom").id)
    only = frozenset({Role.ATTENDEE})
    again = replace(as_before(world.person("tom")), roles=only)
    linked = invite_person(world.house, world.who("helen"), again)
    joined(world, linked)
    assert now_of(world, linked.person).roles == only
    with reading(world.house.engine) as db:
        assert keys.unit_wrap_of(db, world.area.id, linked.person.id) is None


def test_a_pasted_list_takes_who_has_left_and_not_who_is_here(world: World) -> None:
    ruth, joe = removed(world), world.person("joe")
    text = "\n".join(
        f"{who.name},{who.email},{agency},{who.job},{who.phone},attends"
        for who, agency in [(ruth, "Northmere Adult Social Care"), (joe, "Northmere Homes")]
    )
    listed = look_at_list(world.house, world.who("helen"), text)
    assert [[f.fault for f in row.findings if f.fault is Fault.KNOWN] for row in listed.rows] == [
        [], [Fault.KNOWN],
    ]  # fmt: skip
    first = text.partition("\n")[0]
    digest = look_at_list(world.house, world.who("helen"), first).digest
    assert invite_list(world.house, world.who("helen"), first, digest, frozenset({1})) == 1


def test_an_address_that_has_become_a_mailbox_meanwhile_signs_in_no_more(world: World) -> None:
    former = removed(world)
    agency = world.agency("social_care")
    reached = Reached(agency.secure_way, agency.spoc, "", former.email, agency.phone)
    change_agency(world.house, world.who("helen"), agency.id, reached)
    with pytest.raises(Unacceptable) as found:
        back(world, former)
    assert "team mailbox" in found.value.words


def test_a_colleague_removed_by_the_agency_is_named_again_by_it(world: World) -> None:
    colleague = world.person("newcomer")
    remove_colleague(world.house, world.who("grace"), colleague.id)
    again = replace(as_before(colleague), roles=frozenset({Role.ATTENDEE}))
    joined(world, name_colleague(world.house, world.who("grace"), again))
