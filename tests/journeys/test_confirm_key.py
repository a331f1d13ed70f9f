"""Confirming keys: by whom, of exactly which key, and what the person can open from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.crypto.fingerprint import fingerprint, words
from portal.crypto.keyring import new_keyring
from portal.crypto.unit import new_unit, wrap_unit
from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.meetings import Capacity
from portal.domain.people import Role
from portal.journeys.changed import Changed
from portal.journeys.joining.bootstrap_coordinator import (
    FirstCoordinator,
    NotFirst,
    bootstrap_coordinator,
    invite_first_coordinator,
)
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.keys.confirm_key import Confirmed, confirm_key
from portal.journeys.keys.directory import KeyAlarm, confirmed_keys
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.read_names import read_names
from portal.journeys.opening.opened import NotGiven
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.people import to_confirm
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys
from portal.records.database import reading, writing
from tests.journeys.other_area import acting, empty_area, enrol, lines, other_area
from tests.journeys.planning import NAME, case_of, meeting_of, read_by, told
from tests.world import World


def confirm(world: World, name: str, by: str = "helen") -> Confirmed:
    who = world.who(by)
    heard = to_confirm(world.house, who, world.person(name).id).fingerprint
    return confirm_key(world.house, who, world.person(name).id, heard)


def is_confirmed(world: World, person_id: PersonId) -> bool:
    with reading(world.house.engine) as db:
        return person_id in confirmed_keys(world.house, db, world.area.id)


@pytest.mark.parametrize("by", ["helen", "tom"])
def test_a_confirmed_key_may_receive_and_its_owner_is_told(world: World, by: str) -> None:
    una = world.person("una")
    assert not is_confirmed(world, una.id)
    confirmed = confirm(world, "una", by)
    assert not confirmed.in_unit
    assert is_confirmed(world, una.id)
    assert [notice.address for notice in told(world, "key_confirmed")].count(una.email) == 1
    entry = lines(world.house, world.area.id, Deed.KEY_CONFIRMED)[-1]
    assert (entry["person"], entry["actor"]) == (una.id, world.person(by).id)


def test_the_page_shows_the_words_of_the_key_that_is_confirmed(world: World) -> None:
    found = to_confirm(world.house, world.who("helen"), world.person("una").id)
    own = world.secrets("una").keyring
    expected = fingerprint(own.recipient(), own.signing_public())
    assert found.fingerprint == expected
    assert found.words == words(expected)
    assert len(found.words) == 6


@pytest.mark.parametrize("by", ["priya", "alan", "carys", "sian", "dev"])
def test_only_coordinators_and_deputies_confirm(world: World, by: str) -> None:
    heard = to_confirm(world.house, world.who("helen"), world.person("una").id).fingerprint
    with pytest.raises(Refused) as found:
        confirm_key(world.house, world.who(by), world.person("una").id, heard)
    assert found.value.why is Why.NOT_YOUR_ROLE
    with pytest.raises(Refused):
        to_confirm(world.house, world.who(by), world.person("una").id)
    assert not is_confirmed(world, world.person("una").id)


@pytest.mark.parametrize("by", ["helen", "tom"])
def test_nobody_confirms_their_own_key(world: World, by: str) -> None:
    with pytest.raises(Refused) as found:
        confirm_key(world.house, world.who(by), world.person(by).id, "0" * 64)
    assert found.value.why is Why.NOT_ONESELF


def test_a_coordinator_whose_own_key_is_unconfirmed_confirms_nobody(world: World) -> None:
    new = NewPerson(
        "Dora Deputy", "dora@x.example", "Deputy", "01632 960 444", world.agency("probation").id,
        frozenset({Role.DEPUTY}),
    )  # fmt: skip
    dora = invite_person(world.house, world.who("helen"), new).person
    who = acting(world, dora, world.agency("probation"), enrol(world, dora))
    heard = to_confirm(world.house, who, world.person("una").id).fingerprint
    with pytest.raises(Refused) as found:
        confirm_key(world.house, who, world.person("una").id, heard)
    assert found.value.why is Why.CANNOT_OPEN_YET
    heard = to_confirm(world.house, world.who("helen"), dora.id).fingerprint
    assert confirm_key(world.house, world.who("helen"), dora.id, heard).in_unit
    assert confirm_key(
        world.house, who, world.person("una").id,
        to_confirm(world.house, who, world.person("una").id).fingerprint,
    ).fingerprint  # fmt: skip


def test_new_members_of_the_unit_can_read_the_names_from_then_on(world: World) -> None:
    case = case_of(world)
    new = NewPerson(
        "Ada Admin", "ada@x.example", "Admin", "01632 960 444", world.agency("probation").id,
        frozenset({Role.ADMINISTRATOR}),
    )  # fmt: skip
    ada = invite_person(world.house, world.who("helen"), new).person
    who = acting(world, ada, world.agency("probation"), enrol(world, ada))
    with pytest.raises(Refused):
        read_names(world.house, who)
    heard = to_confirm(world.house, world.who("tom"), ada.id).fingerprint
    confirm_key(world.house, world.who("tom"), ada.id, heard)
    assert read_names(world.house, who) == {case.id: NAME}


@pytest.mark.parametrize("heard", ["", "0" * 64, "not a fingerprint"])
def test_another_key_than_the_one_that_was_read_out_is_not_confirmed(
    world: World, heard: str
) -> None:
    with pytest.raises(Changed):
        confirm_key(world.house, world.who("helen"), world.person("una").id, heard)
    assert not is_confirmed(world, world.person("una").id)


def test_a_key_swapped_between_the_call_and_the_click_is_not_confirmed(world: World) -> None:
    una, thief = world.person("una"), new_keyring()
    heard = to_confirm(world.house, world.who("helen"), una.id).fingerprint
    found = fingerprint(thief.recipient(), thief.signing_public())
    _put_key(world, una.id, thief.recipient(), thief.signing_public(), found)
    with pytest.raises(Changed):
        confirm_key(world.house, world.who("helen"), una.id, heard)


def test_a_row_whose_fingerprint_is_not_of_its_key_raises_the_alarm(world: World) -> None:
    una, thief = world.person("una"), new_keyring()
    heard = to_confirm(world.house, world.who("helen"), una.id).fingerprint
    _put_key(world, una.id, thief.recipient(), thief.signing_public(), heard)
    with pytest.raises(KeyAlarm):
        to_confirm(world.house, world.who("helen"), una.id)
    with pytest.raises(KeyAlarm):
        confirm_key(world.house, world.who("helen"), una.id, heard)


def _put_key(
    world: World, person_id: PersonId, recipient: bytes, sign_public: bytes, found: str
) -> None:
    with writing(world.house.engine) as db:
        keys.save_public_key(
            db,
            keys.PublicKey(
                person_id, world.area.id, recipient, sign_public, found, world.clock.now()
            ),
        )
        db.commit()


def test_who_has_not_joined_or_is_confirmed_has_nothing_to_confirm(world: World) -> None:
    with pytest.raises(Refused):
        to_confirm(world.house, world.who("helen"), world.person("newcomer").id)
    with pytest.raises(Unacceptable):
        confirm_key(world.house, world.who("helen"), world.person("newcomer").id, "0" * 64)
    confirm(world, "una")
    with pytest.raises(Unacceptable):
        confirm(world, "una", "tom")
    assert [notice.address for notice in told(world, "key_confirmed")].count(
        world.person("una").email
    ) == 1


def test_another_areas_people_do_not_exist_here(world: World) -> None:
    there = other_area(world)
    heard = to_confirm(world.house, world.who("helen"), world.person("una").id).fingerprint
    with pytest.raises(Refused) as found:
        confirm_key(world.house, there.olga, world.person("una").id, heard)
    assert found.value.why is Why.NOT_THERE


def test_the_particulars_that_waited_are_sealed_when_the_key_is_confirmed(world: World) -> None:
    invited, untouched = case_of(world), case_of(world, "NM/2026/015", "Somebody Else")
    slots = meeting_of(world, invited, untouched).slots
    una = world.person("una")
    made = invite_to_slot(
        world.house, world.who("helen"), slots[0].id, una.id, Capacity.SPECIALIST, "Housing"
    )
    assert not made.can_open
    keyring = world.secrets("una").keyring
    who = acting(world, una, world.agency("housing"), keyring)
    with pytest.raises(NotGiven):
        read_by(world, invited, who)
    assert confirm(world, "una").particulars == 1
    assert read_by(world, invited, who).name == NAME
    with pytest.raises(NotGiven):
        read_by(world, untouched, who)
    entry = lines(world.house, world.area.id, Deed.KEY_CONFIRMED)[-1]
    assert len(entry["manifests"]) == 1  # type: ignore[arg-type]


def test_a_contact_confirmed_late_gets_the_particulars_of_what_was_asked(world: World) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    new = NewPerson(
        "Con Tact", "con@x.example", "Clerk", "01632 960 444", world.agency("health").id,
        frozenset({Role.CONTACT}),
    )  # fmt: skip
    con = invite_person(world.house, world.who("priya"), new).person
    who = acting(world, con, world.agency("health"), enrol(world, con))
    asked = ask_for_report(
        world.house, world.who("helen"), slot.id, con.agency_id, "update", date(2026, 5, 20)
    )
    assert (asked.told, asked.given) == (2, 1)
    heard = to_confirm(world.house, world.who("helen"), con.id).fingerprint
    assert confirm_key(world.house, world.who("helen"), con.id, heard).particulars == 1
    assert read_by(world, case, who).name == NAME


def test_a_false_unit_key_in_the_coordinators_place_stops_everything(world: World) -> None:
    helen = world.who("helen")
    heard = to_confirm(world.house, helen, world.person("una").id).fingerprint
    with writing(world.house.engine) as db:
        sealed = wrap_unit(new_unit(), helen.keyring.recipient())
        wrap = keys.UnitWrap(world.area.id, helen.actor.person_id, sealed, world.clock.now())
        keys.save_unit_wrap(db, wrap)
        db.commit()
    with pytest.raises(KeyAlarm):
        confirm_key(world.house, helen, world.person("una").id, heard)
    with pytest.raises(KeyAlarm):
        case_of(world)


# ---- the first coordinator ----


def first(agency_id: object) -> FirstCoordinator:
    return FirstCoordinator("Olga Rand", "olga@x.example", "Manager", "01632 961 001", agency_id)  # type: ignore[arg-type]


def test_an_areas_first_coordinator_is_confirmed_by_themselves_once(world: World) -> None:
    there = other_area(world)
    with pytest.raises(NotFirst):
        bootstrap_coordinator(world.house, there.olga, there.unit)
    with pytest.raises(NotFirst):
        invite_first_coordinator(world.house, there.area.id, first(there.agency.id))
    with pytest.raises(NotFirst):
        invite_first_coordinator(world.house, world.area.id, first(world.agency("police").id))
    assert len(lines(world.house, there.area.id, Deed.KEY_CONFIRMED)) == 1


def test_the_first_coordinator_needs_the_units_key_and_their_own(world: World) -> None:
    area, agency, unit = empty_area(world)
    linked = invite_first_coordinator(world.house, area.id, first(agency.id))
    keyring = enrol(world, linked.person)
    who = acting(world, linked.person, agency, keyring)
    with pytest.raises(NotFirst):
        bootstrap_coordinator(world.house, who, new_unit())
    with pytest.raises(NotFirst):
        bootstrap_coordinator(world.house, replace(who, keyring=new_keyring()), unit)
    bootstrap_coordinator(world.house, who, unit)


def test_helen_cannot_be_made_first_again(world: World) -> None:
    helen = world.who("helen")
    with reading(world.house.engine) as db:
        unit = helen.unit(db)
    for name in ("helen", "tom", "una"):
        with pytest.raises(NotFirst):
            bootstrap_coordinator(world.house, world.who(name), unit)
