"""The company: twelve people who join through the real journeys, each with real keys and codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pyotp

from portal.clock import FixedClock
from portal.crypto.fingerprint import passphrase_words
from portal.demo.cast import AGENCIES, AREA, PEOPLE, PHONE, TITLE, UNIT_EMAIL, DemoPerson
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.joining.bootstrap_coordinator import (
    FirstCoordinator,
    bootstrap_coordinator,
    invite_first_coordinator,
)
from portal.journeys.joining.follow_link import follow_link
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.join import codes_to_write_down, join, set_first_passphrase
from portal.journeys.joining.join_factor import code_app_to_set, set_code_app
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.own_account.own_codes import ASKED_GROUP
from portal.journeys.running.init_area import NewArea, init_area
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source

HERE = Source("127.0.0.1")
SESSION = timedelta(hours=7)


@dataclass(frozen=True)
class Member:
    """What one person knows and has: for signing in as them, and for outside checks."""

    persona: DemoPerson
    person_id: PersonId
    passphrase: str = field(repr=False)
    totp_secret: str = field(repr=False)
    recovery_code: str = field(repr=False)
    identity: str = field(repr=False)


@dataclass
class Company:
    """Everybody, and how to act as one of them at the present moment of the clock."""

    house: House
    clock: FixedClock
    area_id: AreaId
    agencies: dict[str, AgencyId]
    members: dict[str, Member] = field(default_factory=dict)
    signed_in: dict[str, Who] = field(default_factory=dict, repr=False)

    def code(self, key: str) -> str:
        """The next unused code of this person's app: the clock moves to where it comes."""
        self.clock.advance(timedelta(seconds=30))
        return pyotp.TOTP(self.members[key].totp_secret).at(self.clock.now())

    def who(self, key: str) -> Who:
        """This person, signed in (again, where the last session is over)."""
        known = self.signed_in.get(key)
        since = None if known is None else known.actor.factor_at
        if known is not None and since is not None and self.clock.now() - since < SESSION:
            return known
        member = self.members[key]
        half = recalled(
            self.house,
            give_passphrase(self.house, member.persona.email, member.passphrase, HERE),
        )
        whole = give_code(self.house, half, self.code(key), HERE, shared=False)
        self.signed_in[key] = recalled(self.house, whole.secret).who()
        return self.signed_in[key]

    def confirmed(self, key: str) -> Who:
        """The same person once their key is: from then on their roles count."""
        del self.signed_in[key]
        return self.who(key)


def assemble(house: House, clock: FixedClock, tell: Callable[[str], None]) -> Company:
    """Open the area, let everybody join, and confirm the keys of all who were rung."""
    tell("The area is opened, and its recovery kit is read back")
    area, host, unit = init_area(
        house,
        NewArea(AREA, TITLE, PHONE, UNIT_EMAIL, AGENCIES[0].name, AGENCIES[0].secure_way),
        2,
        3,
        lambda kit: kit.identities[:2],
    )
    company = Company(house, clock, area.id, {AGENCIES[0].key: host.id})
    first = PEOPLE[0]
    linked = invite_first_coordinator(
        house, area.id, FirstCoordinator(first.name, first.email, first.job, first.phone, host.id)
    )
    come_in(company, first, linked.person.id, linked.path)
    bootstrap_coordinator(house, company.who(first.key), unit)
    helen = company.confirmed(first.key)
    for agency in AGENCIES[1:]:
        company.agencies[agency.key] = add_agency(
            house,
            helen,
            NewAgency(
                agency.name,
                agency.standing,
                agency.service,
                agency.secure_way,
                agency.spoc,
                agency.phone,
            ),
        ).id
    tell("Eleven more people join, each with a passphrase, a code app and a key of their own")
    for persona in PEOPLE[1:]:
        invited = invite_person(
            house,
            company.who(first.key),
            NewPerson(
                persona.name,
                persona.email,
                persona.job,
                persona.phone,
                company.agencies[persona.agency],
                persona.roles,
            ),
        )
        come_in(company, persona, invited.person.id, invited.path)
        if persona.confirmed:
            words = own_fingerprint(company.who(persona.key))
            confirm_key(house, company.who(first.key), invited.person.id, words)
            company.confirmed(persona.key)
    return company


def come_in(company: Company, persona: DemoPerson, person_id: PersonId, path: str) -> None:
    """Somebody joins by their link, with a passphrase, a code app and codes on paper."""
    house = company.house
    passphrase_clear = passphrase_words()
    secret = follow_link(house, path.rpartition("/")[2])
    secret = set_first_passphrase(house, recalled(house, secret), passphrase_clear)
    half = recalled(house, secret)
    totp_secret = code_app_to_set(house, half).grouped.replace(" ", "")
    company.clock.advance(timedelta(seconds=30))
    code = pyotp.TOTP(totp_secret).at(company.clock.now())
    half = recalled(house, set_code_app(house, half, code))
    recovery = codes_to_write_down(house, half).recovery
    signed_in = join(house, half, recovery.split("-")[ASKED_GROUP - 1], shared=False)
    who = recalled(house, signed_in.secret).who()
    company.members[persona.key] = Member(
        persona,
        person_id,
        passphrase_clear,
        totp_secret,
        recovery,
        str(who.keyring.identities()[0]),
    )
    company.signed_in[persona.key] = who


def recalled(house: House, secret: bytes) -> Recalled:
    """The session with this secret."""
    found = recall(house, secret)
    if not isinstance(found, Recalled):
        raise RuntimeError("a session of the demonstration has ended early")
    return found
