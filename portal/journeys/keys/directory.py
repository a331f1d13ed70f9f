"""Whose key is whose: the keys that may receive anything, checked against the ledger each time.

A row of the database is not believed. A key counts only when a coordinator's signed confirmation
of exactly this key stands in the ledger, under a checkpoint that the ledger's own key signed.
The signature may be one made with joining words which that coordinator gave to the key's owner,
or by a key that was confirmed so, with which its owner changed to this one.
Anything else stops the sending and raises an alarm. So do another name or agency on the row of
the key's owner: a confirmation is of a person, and says which.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.signing import BadSignature, verify
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.papers import UNIT_READER
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.reached import is_callback
from portal.journeys.keys.unit_chain import BrokenChain, chain
from portal.ledger import book, leaf, receipt, search
from portal.ledger.errors import LedgerError
from portal.records import former_keys, joining_words, keys, people
from portal.records.former_keys import FormerKey
from portal.records.joining_words import JoiningWords

CONFIRMATION = "portal/v1/confirmation"
WORDS = "portal/v1/joining-words/given"
BY_OWNER = "portal/v1/own-key/changed"
ENDS = frozenset({Deed.PERSON_RENEWED.value, Deed.KEY_CHANGED.value})
BY_WORDS = "portal/v1/joining-words/confirmation"


@dataclass(frozen=True)
class ConfirmedKey:
    """A key that may receive: its owner, both public halves (raw), its fingerprint (hex)."""

    person_id: PersonId
    recipient: bytes
    sign_public: bytes
    fingerprint: str


class KeyAlarm(Exception):
    """The database holds another key than the one that was confirmed."""

    def __init__(self, person_id: PersonId, found: str, expected: str) -> None:
        super().__init__(person_id)
        self.person_id = person_id
        self.found = found
        self.expected = expected


def statement(person: Person, found: str, salt: str) -> bytes:
    """What a coordinator signs: in this area, the key of this person of this agency, by name, has
    this fingerprint. `salt` (hex) keeps the name from being guessed at by its digest in the ledger.
    """
    told = [person.area_id, person.id, found, person.agency_id, person.name, salt]
    return "".join(f"{each}\n" for each in told).encode()


def confirmed_keys(house: House, db: Connection, area_id: AreaId) -> dict[PersonId, ConfirmedKey]:
    """Every confirmed key of the area. Raises KeyAlarm at the first that does not agree."""
    public = keys.public_keys_of_area(db, area_id)
    confirmations = keys.confirmations_of_area(db, area_id)
    owners = people.of_area(db, area_id)
    ended = ended_keys(db, area_id)
    return {
        person_id: _agreed(
            house,
            db,
            key,
            confirmations[person_id],
            owners.get(person_id),
            public.get(confirmations[person_id].confirmed_by),
            ended,
        )
        for person_id, key in public.items()
        if person_id in confirmations
    }


def confirmed_key(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId
) -> ConfirmedKey | None:
    """One person's confirmed key, at a price that does not grow with the area; None where none is
    confirmed. Raises KeyAlarm when what is there does not agree."""
    key = keys.public_key_of(db, area_id, person_id)
    confirmation = keys.confirmation_of(db, area_id, person_id)
    if key is None or confirmation is None:
        return None
    owner = people.load(db, area_id, person_id)
    signer = keys.public_key_of(db, area_id, confirmation.confirmed_by)
    return _agreed(house, db, key, confirmation, owner, signer, ended_keys(db, area_id))


def key_at(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId, position: int
) -> ConfirmedKey | None:
    """The person's confirmed key when the ledger's line at `position` was written: the one they
    have, or a former one, whose confirmation and whose end are proven. None where there is none.

    The caller proves that the line at `position` is the one that what was signed belongs to. Raises
    KeyAlarm as `confirmed_key`.
    """
    former = former_keys.of_person(db, area_id, person_id)
    key = next((each for each in former if position < each.ended_position), None)
    if key is None:
        return confirmed_key(house, db, area_id, person_id)
    told = proven_line(house, db, area_id, key.ended_position)
    given = former_keys.confirmation(key, house.clock.now())
    owner = people.load(db, area_id, person_id)
    signer = keys.public_key_of(db, area_id, key.confirmed_by)
    if (
        told is None
        or told["deed"] not in ENDS
        or told["person"] != person_id
        or told["former"] != key.fingerprint
        or fingerprint(key.recipient, key.sign_public) != key.fingerprint
        or owner is None
        or not _stands(house, db, owner, given, signer)
    ):
        raise KeyAlarm(person_id, key.fingerprint, "")
    return ConfirmedKey(person_id, key.recipient, key.sign_public, key.fingerprint)


def ended_keys(db: Connection, area_id: AreaId) -> dict[str, int]:
    """The fingerprints that the ledger says were ended, with the line that did: rows that bring one
    back change nothing.

    The lines are believed as they stand, for they only take away.
    """
    lines = search.of_deeds(db, area_id, ENDS, lambda _told: True)
    return {str(leaf.decode(entry.leaf)["former"]): entry.position for entry in lines}


def _agreed(
    house: House,
    db: Connection,
    key: keys.PublicKey,
    confirmation: keys.Confirmation,
    owner: Person | None,
    signer: keys.PublicKey | None,
    ended: Container[str],
) -> ConfirmedKey:
    """The key, when row, confirmation, signature and ledger say the same; else KeyAlarm."""
    actual = fingerprint(key.recipient, key.sign_public)
    if (
        actual != key.fingerprint
        or actual != confirmation.fingerprint
        or actual in ended
        or owner is None
        or not _stands(house, db, owner, confirmation, signer)
    ):
        raise KeyAlarm(key.person_id, actual, confirmation.fingerprint)
    return ConfirmedKey(key.person_id, key.recipient, key.sign_public, actual)


@dataclass(frozen=True)
class UnitRecipient:
    """The unit's public key (raw) and its fingerprint (hex), as the ledger has it; the fingerprints
    it had before, the newest first; the line since which it has this one."""

    recipient: bytes
    fingerprint: str
    former: tuple[str, ...] = ()
    since: int = 0

    def named_in(self, recipients: Iterable[str]) -> bool:
        """Whether one of the unit's keys, now or before, is among these fingerprints."""
        return not {self.fingerprint, *self.former}.isdisjoint(recipients)


def unit_recipient(house: House, db: Connection, area_id: AreaId) -> UnitRecipient:
    """The key of the area's unit, checked against the line that opened the area and those that
    changed the key since. Raises KeyAlarm when the database holds another, also a former one."""

    def signer_at(person_id: PersonId, position: int) -> bytes | None:
        key = key_at(house, db, area_id, person_id, position)
        return None if key is None else key.sign_public

    row = keys.unit_key_of(db, area_id)
    found = "" if row is None else fingerprint(row.recipient, b"")
    try:
        told = chain(db, area_id, lambda at: proven_line(house, db, area_id, at), signer_at)
    except BrokenChain:
        raise KeyAlarm(UNIT_READER, found, "") from None
    expected, since = told[0] if told else ("", 0)
    if row is None or not found or found != expected:
        raise KeyAlarm(UNIT_READER, found, expected)
    return UnitRecipient(row.recipient, found, tuple(each for each, _at in told[1:]), since)


def proven_line(
    house: House, db: Connection, area_id: AreaId, position: int
) -> dict[str, leaf.Value] | None:
    """The line at `position`, when a checkpoint signed by the ledger's key covers it."""
    ledger = house.signer(area_id)
    try:
        entry = book.entries(db, area_id, position, 1)[0]
        proof = book.receipt(db, area_id, position)
        proven, _ = receipt.check(proof, entry.leaf, ledger.known, ledger.origin)
    except (LedgerError, IndexError):
        return None
    return leaf.decode(entry.leaf) if proven == position == entry.position else None


def proven_line_of(
    house: House, db: Connection, area_id: AreaId, deed: Deed, **fields: leaf.Value
) -> dict[str, leaf.Value] | None:
    """The newest line of this deed that holds these fields, when a checkpoint covers it."""
    found = search.newest_about(db, area_id, deed.value, fields)
    return None if found is None else proven_line(house, db, area_id, found.position)


def require_as_invited(house: House, db: Connection, person: Person, found: str) -> None:
    """Raise KeyAlarm unless the ledger says that this person was invited, or lately given other
    roles, with just these roles, for this agency, under this name, address and telephone number: a
    role that was slipped into the row must not be handed the unit's key, nor a coordinator ring a
    number that was slipped in."""
    told = _newest_standing(house, db, person)
    roles = sorted(role.value for role in person.roles)
    listed = None if told is None else told["roles"]
    if (
        told is None
        or told["agency"] != person.agency_id
        or not isinstance(listed, list | tuple)
        or list(listed) != roles
        or not is_callback(house, person, told.get("callback"))
    ):
        raise KeyAlarm(person.id, found, "")


def words_statement(person: Person, found: str, ends_at: datetime, salt: str) -> bytes:
    """What a coordinator signs of joining words: whose they are, what they give, until when."""
    return statement(person, found, ends_at.isoformat()) + f"{salt}\n".encode()


def words_stand(
    house: House, db: Connection, owner: Person, words: JoiningWords, signer: bytes
) -> bool:
    """Whether these joining words were given to this person, by the coordinator whose public
    signing key this is, as the ledger says."""
    salt = _last_line(words.statement)
    return (
        fingerprint(words.recipient, words.sign_public) == words.fingerprint
        and words.person_id == owner.id
        and words.statement == words_statement(owner, words.fingerprint, words.ends_at, salt)
        and _is_signed(signer, WORDS, words.statement, words.signature)
        and _says(
            proven_line(house, db, owner.area_id, words.ledger_position),
            Deed.WORDS_GIVEN,
            words.signature,
            person=owner.id,
            words=words.fingerprint,
        )
    )


def _newest_standing(house: House, db: Connection, person: Person) -> dict[str, leaf.Value] | None:
    """The proven line that last said who this person is and what they do."""
    deeds = [Deed.PERSON_INVITED.value, Deed.ROLES_CHANGED.value]
    named = person.id.encode()
    newest = None
    for entry in search.of_deeds(
        db,
        person.area_id,
        deeds,
        lambda told: named in told and leaf.decode(told)["person"] == person.id,
    ):
        newest = entry.position
    return None if newest is None else proven_line(house, db, person.area_id, newest)


def _stands(
    house: House,
    db: Connection,
    owner: Person,
    given: keys.Confirmation,
    signer: keys.PublicKey | None,
) -> bool:
    """Whether the confirmation is of this person, signed, and its line stands in the ledger.

    A former key of the signer's does as well: the line holds the signature's hash, so none can have
    been made after the line was.
    """
    former = former_keys.of_person(db, owner.area_id, given.confirmed_by)
    ended = [key for key in former if key.ended_position == given.ledger_position]
    if ended and given.confirmed_by == owner.id:
        return _follows(house, db, owner, given, ended[0])
    tried = [key.sign_public for key in former]
    tried += [] if signer is None else [signer.sign_public]
    return any(_stands_by(house, db, owner, given, key) for key in tried)


def _follows(
    house: House, db: Connection, owner: Person, given: keys.Confirmation, former: FormerKey
) -> bool:
    """Whether its owner changed to this key: signed by the former one, which was confirmed."""
    salt, found = _last_line(given.statement), fingerprint(former.recipient, former.sign_public)
    return (
        former.ledger_position < former.ended_position
        and found == former.fingerprint
        and given.statement == statement(owner, given.fingerprint, salt)
        and _is_signed(former.sign_public, BY_OWNER, given.statement, given.signature)
        and _says(
            proven_line(house, db, owner.area_id, given.ledger_position),
            Deed.KEY_CHANGED,
            given.signature,
            person=owner.id,
            former=found,
            fingerprint=given.fingerprint,
        )
        and _stands(
            house,
            db,
            owner,
            former_keys.confirmation(former, house.clock.now()),
            keys.public_key_of(db, owner.area_id, former.confirmed_by),
        )
    )


def _stands_by(
    house: House, db: Connection, owner: Person, given: keys.Confirmation, signer: bytes
) -> bool:
    """The same, by one public signing key of whoever confirmed it.

    Signed by the coordinator, or with the joining words that this coordinator gave to its owner.
    """
    salt = _last_line(given.statement)
    if given.statement != statement(owner, given.fingerprint, salt):
        return False
    told = proven_line(house, db, owner.area_id, given.ledger_position)
    about = {"person": given.person_id, "fingerprint": given.fingerprint}
    if given.words_id is None:
        return _is_signed(signer, CONFIRMATION, given.statement, given.signature) and _says(
            told, Deed.KEY_CONFIRMED, given.signature, **about
        )
    words = joining_words.load(db, owner.area_id, given.words_id)
    return (
        words is not None
        and words.given_by == given.confirmed_by
        and words_stand(house, db, owner, words, signer)
        and _is_signed(words.sign_public, BY_WORDS, given.statement, given.signature)
        and _says(told, Deed.WORDS_USED, given.signature, words=words.fingerprint, **about)
    )


def _last_line(told: bytes) -> str:
    return told.removesuffix(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")


def _is_signed(public: bytes, label: str, body: bytes, signature: bytes) -> bool:
    try:
        verify(public, label, body, signature)
    except BadSignature:
        return False
    return True


def _says(told: dict[str, leaf.Value] | None, deed: Deed, signature: bytes, **about: str) -> bool:
    """Whether a proven line is of this deed, about this, and holds the hash of this signature."""
    about["signature"] = hashlib.sha256(signature).hexdigest()
    return (
        told is not None
        and told["deed"] == deed.value
        and all(told[name] == value for name, value in about.items())
    )
