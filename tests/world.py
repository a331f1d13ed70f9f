"""A house with people in it, for tests: real keys, real confirmations, real rows.

What is slow (key pairs, Argon2 of each passphrase, wraps) is made once a run (`made`); a world
of its own costs a copied database file. Nothing here is a double: only the clock is fixed, and
sealed bytes are kept in memory.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import mintotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, Engine

from portal import create_app, migrating
from portal.chance import new_id
from portal.clock import FixedClock
from portal.crypto import serverkeys
from portal.crypto import session as session_key
from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.ids import AgencyId
from portal.domain.people import (
    Account,
    Agency,
    Area,
    Person,
    system,
)
from portal.identity import invitation
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import bootstrap_coordinator
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.reached import callback, reached
from portal.journeys.own_account.own_factors import new_generator
from portal.journeys.running.init_area import NewArea, init_area
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.records import areas, factors, generators, keys, people, sessions
from portal.records.database import open_engine, reading
from portal.records.sessions import Stage, Terms
from portal.settings import Settings, in_folder
from portal.storage.memory import MemoryStore
from portal.web.current import encode
from portal.wiring import Wiring, wire
from tests.cast import (
    AGENCIES,
    CAST,
    INVITED,
    START,
    UNCONFIRMED,
    WITH_CODES,
    Made,
    Secrets,
    cast,
    made,
    server_keys,
    use_made,
)

__all__ = [
    "AGENCIES",
    "BASE_URL",
    "CAST",
    "INVITED",
    "START",
    "UNCONFIRMED",
    "WITH_CODES",
    "Made",
    "Secrets",
    "World",
    "cast",
    "code_at",
    "made",
    "make_template",
    "server_keys",
    "use_made",
    "world_from",
    "world_on",
]

BASE_URL = "http://localhost"


class World:
    """The house, its clock, and everybody in it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.clock = FixedClock(START)
        self.store = MemoryStore()
        self.folder = folder
        settings = in_folder(folder, BASE_URL)
        self.settings: Settings = replace(settings, database=engine.url.render_as_string(False))
        if not self.settings.keys.exists():
            serverkeys.create(self.settings.keys, development=True)
        wired = wire(self.settings, self.clock)
        wired.house.engine.dispose()
        self.house: House = replace(
            wired.house, engine=engine, store=self.store, key_source=server_keys
        )
        self.wiring: Wiring = replace(wired, house=self.house)
        self._spent: dict[str, int] = {}
        self._who: dict[str, Who] = {}
        self._app: Flask | None = None

    # ---- who and what there is ----

    @property
    def area(self) -> Area:
        with reading(self.house.engine) as db:
            return areas.all_areas(db)[0]

    def agency(self, key: str) -> Agency:
        """By the keys of AGENCIES."""
        with reading(self.house.engine) as db:
            found = people.agencies_of(db, self.area.id).values()
        return next(agency for agency in found if agency.name == AGENCIES[key][0])

    def person(self, name: str) -> Person:
        with reading(self.house.engine) as db:
            found = people.by_id(db, cast()[name].person_id)
        assert found is not None
        return found

    def secrets(self, name: str) -> Secrets:
        return cast()[name]

    # ---- acting ----

    def begin(self, name: str, stage: Stage = Stage.SIGNED_IN, terms: Terms = Terms.OWN) -> bytes:
        """A session as a whole sign-in leaves it; returns the cookie's secret."""
        now = self.clock.now()
        with tending(self.house) as db:
            person = people.by_id(db, cast()[name].person_id)
            assert person is not None
            return begin(
                self.house, db, person, stage, cast()[name].keyring, now,
                factor_at=now if stage is Stage.SIGNED_IN else None, terms=terms,
            )  # fmt: skip

    def who(self, name: str) -> Who:
        """Somebody signed in now, with a living session."""
        known = self._who.get(name)
        if known is not None:
            with reading(self.house.engine) as db:
                row = sessions.load(db, known.session_id)
                person = people.by_id(db, known.actor.person_id)
            fresh = row is not None and row.stage is Stage.SIGNED_IN
            if fresh and known.actor.factor_at is not None and person is not None:
                age = self.clock.now() - known.actor.factor_at
                if timedelta(0) <= age < timedelta(hours=7):
                    return replace(
                        known,
                        actor=replace(known.actor, account=person.account, roles=person.roles),
                    )
        found = recall(self.house, self.begin(name))
        assert isinstance(found, Recalled)
        self._who[name] = found.who()
        return self._who[name]

    def code(self, name: str) -> str:
        """The next unused code of this person's app, by another generator than the product's.

        The clock moves on when this step's code was given out already.
        """
        while (step := int(self.clock.now().timestamp()) // 30) <= self._spent.get(name, -1):
            self.clock.advance(timedelta(seconds=30))
        self._spent[name] = step
        return code_at(cast()[name].totp_secret, self.clock.now())

    def joining_token(self, name: str = "newcomer") -> str:
        """A fresh joining link's token for somebody invited."""
        token, hashed = invitation.new_token()
        now = self.clock.now()
        with tending(self.house) as db:
            sessions.save_link(
                db,
                sessions.JoiningLink(
                    hashed,
                    self.area.id,
                    cast()[name].person_id,
                    invitation.expires(now),
                    None,
                    cast()["helen"].person_id,
                ),
            )
        return token

    # ---- the web ----

    @property
    def app(self) -> Flask:
        if self._app is None:
            self._app = create_app(self.wiring)
        return self._app

    def client(self, name: str | None = None) -> FlaskClient:
        """A browser; signed in as `name` where one is given."""
        client = self.app.test_client()
        if name is not None:
            self.give_cookie(client, self.begin(name))
        return client

    def give_cookie(self, client: FlaskClient, secret: bytes) -> None:
        client.set_cookie("portal", encode(secret), domain="localhost", path="/")

    def session_id(self, secret: bytes) -> bytes:
        return session_key.row_id(secret)


def code_at(secret: str, at: datetime) -> str:
    """RFC 6238 by mintotp."""
    return mintotp.hotp(secret, int(at.timestamp()) // 30)


def world_on(url: str | URL, folder: Path) -> World:
    """A world built from nothing on any database: for what must hold on PostgreSQL too."""
    engine = open_engine(url if isinstance(url, str) else url.render_as_string(False))
    migrating.upgrade(engine)
    world = World(engine, folder)
    _populate(world)
    return world


def world_from(template: Path, folder: Path) -> World:
    """A world of its own from a copy of a populated SQLite file."""
    shutil.copyfile(template, folder / "portal.db")
    return World(open_engine(f"sqlite:///{folder / 'portal.db'}"), folder)


def make_template(folder: Path) -> Path:
    """A populated SQLite file, whole in itself."""
    file = folder / "portal.db"
    world = world_on(f"sqlite:///{file}", folder)
    world.house.engine.dispose()
    return file


def _populate(world: World) -> None:
    house = world.house
    area, host, unit = init_area(
        house,
        NewArea("Northmere", "MAPPA Co-ordinator", "01632 960 000", "unit@northmere.example",
                "Probation Service", "CJSM"),
        2, 3, lambda kit: kit.identities[:2],
    )  # fmt: skip
    found = {"probation": host.id}
    actor = system(area.id)
    with unjudged(house, actor, Deed.AGENCY_ADDED) as deed:
        for key, (name, standing, service) in AGENCIES.items():
            if key in found:
                continue
            agency = Agency(
                AgencyId(new_id()), area.id, name, standing, service, "CJSM", "Duty desk",
                "01632 960 111", deed.now,
            )  # fmt: skip
            people.save_agency(deed.db, agency)
            found[key] = agency.id
            deed.note(
                line(Deed.AGENCY_ADDED, agency=agency.id, standing=standing.value,
                     service=service.value, reached=reached(house, agency))
            )  # fmt: skip
    for name in CAST:
        _join(world, area, found, name)
    for name in CAST:
        if name == "helen":
            bootstrap_coordinator(world.house, world.who("helen"), unit)
        elif name not in UNCONFIRMED | INVITED:
            confirm(world, name)


def _join(world: World, area: Area, agencies: Mapping[str, AgencyId], name: str) -> None:
    house, mine = world.house, cast()[name]
    words, agency, job, roles = CAST[name]
    invited = name in INVITED
    deeds = (Deed.PERSON_INVITED, Deed.PERSON_JOINED, Deed.KEY_REGISTERED)
    with unjudged(house, system(area.id), *deeds) as deed:
        person = Person(
            mine.person_id, area.id, agencies[agency], mine.email, words, job,
            "01632 960 222", roles, Account.INVITED if invited else Account.ENROLLED, deed.now,
        )  # fmt: skip
        people.save(deed.db, person)
        deed.note(
            line(Deed.PERSON_INVITED, person=mine.person_id, agency=agencies[agency],
                 roles=sorted(role.value for role in roles), callback=callback(house, person))
        )  # fmt: skip
        if invited:
            return
        own = mine.keyring
        print_ = fingerprint(own.recipient(), own.signing_public())
        keys.save_keyring(
            deed.db, keys.StoredKeyring(mine.person_id, area.id, mine.sealed, deed.now)
        )
        for unlock in mine.unlocks:
            keys.save_unlock(deed.db, replace(unlock, area_id=area.id))
        keys.save_public_key(
            deed.db,
            keys.PublicKey(mine.person_id, area.id, own.recipient(), own.signing_public(),
                           print_, deed.now),
        )  # fmt: skip
        app = new_generator(
            house,
            Person(
                mine.person_id, area.id, agencies[agency], mine.email, words, job,
                "01632 960 222", roles, Account.ENROLLED, deed.now,
            ),
            FactorKind.CODE_APP, "Telephone", mine.totp_secret,
        )  # fmt: skip
        generators.save(deed.db, replace(app, proved_at=deed.now))
        factors.save_backup_codes(
            deed.db,
            mine.person_id,
            [
                factors.BackupCode(mine.person_id, area.id, place, mine.salt, hashed, None)
                for place, hashed in enumerate(mine.code_hashes)
            ],
        )
        deed.note(line(Deed.KEY_REGISTERED, person=mine.person_id, fingerprint=print_))
        deed.note(line(Deed.PERSON_JOINED, person=mine.person_id))


def confirm(world: World, name: str) -> None:
    """By Helen, whose own key is the area's first and confirmed by herself."""
    own = cast()[name].keyring
    confirm_key(
        world.house,
        world.who("helen"),
        cast()[name].person_id,
        fingerprint(own.recipient(), own.signing_public()),
    )
