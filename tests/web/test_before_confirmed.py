"""Whose key nobody confirmed acts for nobody, whatever role their invitation names.

A joining link may reach the wrong person; a role may be written into the database.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed
from portal.domain.people import Account, Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.unacceptable import Unacceptable
from portal.records import keys, people
from portal.records.database import reading
from tests.journeys.other_area import lines
from tests.web.browsing import send, text_of
from tests.web.test_account_join import app_secret, begin, choose, finish, set_app
from tests.world import World, cast

EMAIL = "imp@northmere.example"

# What each role is for: a page to see, and a form to send, of Northmere's people.
PAGES = {
    Role.COORDINATOR: ("/unit/", "/unit/people/", "/record/"),
    Role.DEPUTY: ("/unit/", "/unit/people/", "/record/"),
    Role.ADMINISTRATOR: ("/unit/", "/unit/people/"),
    Role.SPOC: ("/agency/people/",),
    Role.CONTACT: ("/agency/",),
    Role.AUDITOR: ("/record/",),
    Role.OPERATOR: ("/operator/",),
    Role.CHAIR: (),
}


def joined(world: World, *roles: Role, agency: str = "probation") -> FlaskClient:
    """Somebody into whose hands a joining link fell, signed in."""
    new = NewPerson("Imp Ostor", EMAIL, "Officer", "01632 960 555", world.agency(agency).id,
                    frozenset(roles))  # fmt: skip
    link = invite_person(world.house, world.who("helen"), new).path.removeprefix("/join/")
    client = world.client()
    begin(world, client, link)
    choose(client)
    app_secret(client)
    set_app(world, client)
    finish(client)
    return client


def them(world: World) -> people.Person:
    with reading(world.house.engine) as db:
        return next(
            each for each in people.of_area(db, world.area.id).values() if each.email == EMAIL
        )


def unit_wraps(world: World) -> int:
    with reading(world.house.engine) as db:
        found = [keys.unit_wrap_of(db, world.area.id, each.person_id) for each in cast().values()]
    return len([each for each in found if each is not None])


@pytest.mark.parametrize("role", PAGES, ids=lambda role: role.value)
def test_no_page_of_a_role_before_somebody_confirmed_the_key(world: World, role: Role) -> None:
    client = joined(world, role)
    assert client.get("/").status_code in {200, 302}, "what is theirs is there"
    assert client.get("/account/").status_code == 200
    for page in PAGES[role]:
        assert client.get(page).status_code == 403, page


@pytest.mark.parametrize("role", PAGES, ids=lambda role: role.value)
def test_and_every_page_of_it_afterwards(world: World, role: Role) -> None:
    client = joined(world, role)
    confirmed(world)
    for page in PAGES[role]:
        assert client.get(page).status_code == 200, page


@pytest.mark.parametrize(
    "role", [each for each in PAGES if PAGES[each]], ids=lambda role: role.value
)
def test_they_are_told_that_it_is_their_key_that_waits(world: World, role: Role) -> None:
    client, ring = joined(world, role), f"Ring {world.area.phone}."
    told = "you cannot do the work of your role. " + ring
    assert told in text_of(client.get("/"))
    refused = text_of(client.get(PAGES[role][0]))
    assert "a coordinator has still to confirm your key with you. " + ring in refused
    not_theirs = "/operator/" if role is not Role.OPERATOR else "/unit/"
    assert "for other people in the unit" in text_of(client.get(not_theirs))
    confirmed(world)
    assert told not in text_of(client.get("/"))


def test_whose_roles_need_no_confirmation_is_told_nothing_of_work(world: World) -> None:
    client = joined(world, Role.ATTENDEE, agency="health")
    assert "the work of your role" not in text_of(client.get("/"))
    assert "for other people in the unit" in text_of(client.get("/unit/"))


def test_a_link_that_went_astray_removes_nobody(world: World) -> None:
    client, before = joined(world, Role.COORDINATOR), unit_wraps(world)
    for name in ("helen", "tom", "priya", "ruth"):
        assert send(client, f"/unit/people/{cast()[name].person_id}/remove").status_code == 403
        assert world.person(name).account is Account.ENROLLED
    assert unit_wraps(world) == before > 0
    assert lines(world.house, world.area.id, Deed.PERSON_LEFT) == []


def test_nor_speaks_for_an_agency(world: World) -> None:
    client = joined(world, Role.SPOC, Role.CONTACT, agency="health")
    fields = {
        "name": "Sock",
        "email": "sock@health.example",
        "job": "Nurse",
        "phone": "01632 960 1",
    }
    assert send(client, "/agency/people/invite", roles="contact", **fields).status_code in {
        403,
        404,
    }
    ruth = cast()["newcomer"].person_id
    assert send(client, f"/agency/people/{ruth}/remove").status_code in {403, 404}
    assert world.person("newcomer").account is not Account.LEFT


def test_who_is_not_confirmed_is_no_other_co_ordinator(world: World) -> None:
    """Removing the last who can name another would leave the area to its kit."""
    joined(world, Role.COORDINATOR)
    helen = cast()["helen"].person_id
    with pytest.raises(Unacceptable) as refused:
        remove_person(world.house, world.who("tom"), helen)
    assert "last co-ordinator" in refused.value.words
    confirmed(world)
    remove_person(world.house, world.who("tom"), helen)
    assert world.person("helen").account is Account.LEFT


@pytest.mark.parametrize("name", ["mark", "ruth"])
def test_a_role_written_into_the_database_does_nothing(world: World, name: str) -> None:
    with world.house.engine.begin() as db:
        slipped = world.person(name).roles | {Role.COORDINATOR}
        db.execute(
            update(people.people)
            .where(people.people.c.id == cast()[name].person_id)
            .values(roles=slipped)
        )
    with pytest.raises(KeyAlarm):
        remove_person(world.house, world.who(name), cast()["priya"].person_id)
    answer = send(world.client(name), f"/unit/people/{cast()['priya'].person_id}/remove")
    assert answer.status_code != 303
    assert "Priya" not in text_of(answer)
    assert world.person("priya").account is Account.ENROLLED
    assert [each["person"] for each in lines(world.house, world.area.id, Deed.KEY_ALARM)] == [
        cast()[name].person_id
    ]


def test_a_confirmation_of_another_key_is_none(world: World) -> None:
    client = joined(world, Role.AUDITOR)
    confirmed(world)
    with world.house.engine.begin() as db:
        db.execute(
            update(keys.confirmations)
            .where(keys.confirmations.c.person_id == them(world).id)
            .values(fingerprint="0" * 64)
        )
    assert client.get("/record/").status_code == 403


def confirmed(world: World) -> None:
    with reading(world.house.engine) as db:
        key = keys.public_key_of(db, world.area.id, them(world).id)
    assert key is not None
    found = fingerprint(key.recipient, key.sign_public)
    confirm_key(world.house, world.who("helen"), them(world).id, found)
