"""The unit's key of a case: the area's own, or that of a restricted case. The rule in one place.

Whatever belongs to a case is sealed to `unit_of_case`, and opened with `open_unit_of_case`; whoever
has another identifier at hand (a slot, a paper, a sending, a copy, a request) asks for the unit
behind it. The area's own key (`open_unit_of`) is for what is about no one case; a house test lists
who may ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.unit import UnitKey, open_unit
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.domain.papers import UNIT_READER
from portal.domain.people import UNIT
from portal.journeys.house import House, Who
from portal.journeys.keys.case_chain import states
from portal.journeys.keys.directory import KeyAlarm, key_at
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_chain import BrokenChain
from portal.journeys.keys.unit_recipient import UnitRecipient, unit_recipient
from portal.journeys.roles.acting import acting_term
from portal.ledger import leaf, search
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, restrictions
from portal.records.behind import case_behind


@dataclass(frozen=True)
class OpenUnit:
    """The unit's key, unlocked in this request, and known to be the one that the ledger names."""

    key: UnitKey = field(repr=False)
    public: UnitRecipient


@dataclass(frozen=True)
class Restriction:
    """A restricted case as the ledger has it: its key, who holds it, everybody who has been given
    just this key, and the digest of the individual's name, which is sealed to it."""

    public: UnitRecipient
    holders: frozenset[PersonId]
    given: frozenset[PersonId]
    name: str


class NoCase(Exception):
    """Something was about to be sealed or opened that belongs to no case: a defect, so nothing is
    done. It never falls back to the area's key."""


def restriction_of(
    house: House, db: Connection, area_id: AreaId, case_id: CaseId
) -> Restriction | None:
    """None for a case that is not restricted. Raises KeyAlarm where rows and ledger differ: a row
    that is gone does not bring the area's key back."""

    def signer_at(person_id: PersonId, position: int) -> bytes | None:
        key = key_at(house, db, area_id, person_id, position)
        return None if key is None else key.sign_public

    row = restrictions.key_of(db, area_id, case_id)
    found = "" if row is None else fingerprint(row.recipient, b"")
    try:
        told = states(
            db, area_id, case_id, lambda at: proven_line(house, db, area_id, at), signer_at
        )
    except BrokenChain:
        raise KeyAlarm(UNIT_READER, found, "") from None
    if not told and row is None:
        return None
    expected = told[0].fingerprint if told else ""
    if row is None or found != expected:
        raise KeyAlarm(UNIT_READER, found, expected)
    chain = list(dict.fromkeys(each.fingerprint for each in told))
    since = min(each.since for each in told if each.fingerprint == found)
    public = UnitRecipient(row.recipient, found, tuple(chain[1:]), since)
    given = frozenset().union(*(each.given for each in told if each.fingerprint == found))
    return Restriction(public, told[0].holders, given, told[0].name)


def unit_of_case(house: House, db: Connection, area_id: AreaId, case_id: CaseId) -> UnitRecipient:
    """What everything of this case is sealed to. Raises KeyAlarm."""
    restricted = restriction_of(house, db, area_id, case_id)
    return unit_recipient(house, db, area_id) if restricted is None else restricted.public


def unit_behind(house: House, db: Connection, area_id: AreaId, subject: str) -> UnitRecipient:
    """`unit_of_case` of the case behind this identifier. Raises KeyAlarm, NoCase."""
    return unit_of_case(house, db, area_id, _case(db, area_id, subject))


def open_unit_of(house: House, db: Connection, who: Who) -> OpenUnit:
    """The area's own key for one of the unit's members.

    Raises Refused for anybody else, and KeyAlarm when the member's copy holds other keys than those
    that the ledger names: an age file does not say who wrote it.
    """
    public = unit_recipient(house, db, who.actor.area_id)
    require_member(house, db, who)
    return require_named(who.unit(db), public)


def open_unit_of_case(house: House, db: Connection, who: Who, case_id: CaseId) -> OpenUnit:
    """The unit's key of a case, for a member of the unit, or one of the holders where it is
    restricted; nobody else learns that it is there. Raises Refused or KeyAlarm."""
    area_id = who.actor.area_id
    restricted = restriction_of(house, db, area_id, case_id)
    if restricted is None:
        return open_unit_of(house, db, who)
    if who.actor.person_id not in restricted.holders:
        raise Refused(Action.UNIT_CASE_READ, Why.NOT_THERE)
    require_member(house, db, who)
    held = restrictions.holder_of(db, area_id, case_id, who.actor.person_id)
    if held is None or not held.sealed:
        raise Refused(Action.UNIT_CASE_READ, Why.CANNOT_OPEN_YET)
    return require_named(open_unit(held.sealed, who.identities()), restricted.public)


def open_unit_behind(house: House, db: Connection, who: Who, subject: str) -> OpenUnit:
    """`open_unit_of_case` of the case behind this identifier. Raises as it does, and NoCase."""
    return open_unit_of_case(house, db, who, _case(db, who.actor.area_id, subject))


def require_named(key: UnitKey, public: UnitRecipient) -> OpenUnit:
    """The key, when the ledger names all its identities and their order; else KeyAlarm."""
    found = [fingerprint(each.recipient().raw, b"") for each in key.openers()]
    if found != [public.fingerprint, *public.former]:
        raise KeyAlarm(UNIT_READER, found[0], public.fingerprint)
    return OpenUnit(key, public)


def require_member(house: House, db: Connection, who: Who) -> None:
    """Raise Refused where the ledger says that this person was given other roles since, and none
    of the unit's: a copy of the key that somebody puts back opens nothing."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    changed = [
        told
        for each in search.mentions(
            db, area_id, [Deed.ROLES_CHANGED.value], person_id.encode(), after=-1
        )
        if (told := leaf.decode(each))["person"] == person_id
    ]
    listed = changed[-1]["roles"] if changed else None
    if not isinstance(listed, list | tuple) or UNIT & set(listed):
        return
    person = people.load(db, area_id, person_id)
    if person is None or acting_term(house, db, person, house.clock.now()) is None:
        raise Refused(Action.UNIT_CASE_READ, Why.NOT_YOUR_ROLE)


def _case(db: Connection, area_id: AreaId, subject: str) -> CaseId:
    found = case_behind(db, area_id, subject)
    if found is None:
        raise NoCase
    return found
