"""A second area on the same installation, with a coordinator of its own."""

from __future__ import annotations

from dataclasses import dataclass

from portal.chance import new_id
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring, new_keyring
from portal.crypto.unit import UnitKey
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Actor, Agency, Area, Person
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import (
    FirstCoordinator,
    bootstrap_coordinator,
    invite_first_coordinator,
)
from portal.journeys.running.init_area import NewArea, init_area
from portal.journeys.signing_in.recall import begin
from portal.records import keys, people
from portal.records.sessions import Stage
from tests.world import World


@dataclass(frozen=True)
class OtherArea:
    """An area with its host agency, its unit's key and its first coordinator."""

    area: Area
    agency: Agency
    unit: UnitKey
    olga: Who


def empty_area(world: World, name: str = "Southmere") -> tuple[Area, Agency, UnitKey]:
    """An area that nobody has joined yet."""
    return init_area(
        world.house,
        NewArea(name, "MAPPA Manager", "01632 961 000", f"unit@{name.lower()}.example",
                f"{name} Probation", "CJSM"),
        2, 3, lambda kit: kit.identities[:2],
    )  # fmt: skip


def other_area(world: World, name: str = "Southmere") -> OtherArea:
    area, agency, unit = empty_area(world, name)
    linked = invite_first_coordinator(
        world.house,
        area.id,
        FirstCoordinator(
            "Olga Rand", f"olga@{name.lower()}.example", "Manager", "01632 961 001", agency.id
        ),
    )
    keyring = enrol(world, linked.person)
    olga = acting(world, linked.person, agency, keyring)
    bootstrap_coordinator(world.house, olga, unit)
    return OtherArea(area, agency, unit, olga)


def enrol(world: World, person: Person) -> Keyring:
    """What joining leaves of a person's key: registered, confirmed by nobody."""
    keyring = new_keyring()
    with unjudged(world.house, acting_as(world, person), Deed.KEY_REGISTERED) as deed:
        people.set_account(deed.db, person.area_id, person.id, Account.ENROLLED)
        found = fingerprint(keyring.recipient(), keyring.signing_public())
        keys.save_public_key(
            deed.db,
            keys.PublicKey(
                person.id, person.area_id, keyring.recipient(), keyring.signing_public(),
                found, deed.now,
            ),
        )  # fmt: skip
        deed.note(line(Deed.KEY_REGISTERED, person=person.id, fingerprint=found))
    return keyring


def acting_as(world: World, person: Person, agency: str = "") -> Actor:
    return Actor(
        person.id, person.area_id, person.agency_id, person.name, agency, person.roles,
        world.clock.now(), Account.ENROLLED,
    )  # fmt: skip


def acting(world: World, person: Person, agency: Agency, keyring: Keyring) -> Who:
    """Signed in now, with a living session."""
    now = world.clock.now()
    with tending(world.house) as db:
        secret = begin(world.house, db, person, Stage.SIGNED_IN, keyring, now, factor_at=now)
    return Who(acting_as(world, person, agency.name), keyring, world.session_id(secret))


def lines(house: House, area_id: AreaId, deed: Deed) -> list[dict[str, object]]:
    """Every line of one deed in the area's ledger, oldest first."""
    from portal.ledger import book, leaf
    from portal.records.database import reading

    with reading(house.engine) as db:
        size = book.head(db, area_id).size
        found = [leaf.decode(entry.leaf) for entry in book.entries(db, area_id, 0, size)]
    return [dict(each) for each in found if each["deed"] == deed.value]


def unknown_id() -> PersonId:
    return PersonId(new_id())
