"""What makes a key its owner's: a signature, and the ledger's line that holds its hash.

A coordinator signs that this key is this person's; or gives the person joining words, which sign
it in the coordinator's place; or the owner changes to it with the key that was confirmed before.
Each signature is by a key that is confirmed itself, from an earlier line on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.signing import BadSignature, verify
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId, WordsId
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.records import former_keys, joining_words, keys, people
from portal.records.former_keys import FormerKey
from portal.records.joining_words import JoiningWords

CONFIRMATION = "portal/v1/confirmation"
WORDS = "portal/v1/joining-words/given"
BY_OWNER = "portal/v1/own-key/changed"
BY_WORDS = "portal/v1/joining-words/confirmation"
ENDS = frozenset({Deed.PERSON_RENEWED.value, Deed.KEY_CHANGED.value})


def statement(person: Person, found: str, salt: str) -> bytes:
    """What a coordinator signs: in this area, the key of this person of this agency, by name, has
    this fingerprint. `salt` (hex) keeps the name from being guessed at by its digest in the ledger.
    """
    told = [person.area_id, person.id, found, person.agency_id, person.name, salt]
    return "".join(f"{each}\n" for each in told).encode()


def words_statement(person: Person, found: str, ends_at: datetime, salt: str) -> bytes:
    """What a coordinator signs of joining words: whose they are, what they give, until when."""
    return statement(person, found, ends_at.isoformat()) + f"{salt}\n".encode()


@dataclass(frozen=True)
class Held:
    """A key and what confirmed it, as the rows have them; `ended_position` of a former one."""

    recipient: bytes
    sign_public: bytes
    fingerprint: str
    given: keys.Confirmation
    ended_position: int | None = None


def held(key: keys.PublicKey, given: keys.Confirmation) -> Held:
    """The key that somebody has now."""
    return Held(key.recipient, key.sign_public, key.fingerprint, given)


class Standing:
    """One area's keys, held against its record within one transaction.

    Rows are not believed, nor a line alone: whoever confirmed a key is asked for their own, the one
    they had when the line was written, and for who confirmed that, earlier; until it comes to a
    coordinator who confirmed themselves because nobody else was there.
    """

    def __init__(self, house: House, db: Connection, area_id: AreaId) -> None:
        self._house, self._db, self._area_id = house, db, area_id
        self._now = house.clock.now()
        self._known: dict[Held, bool] = {}

    def held_at(self, person_id: PersonId, position: int) -> Held | None:
        """The key that this person had when the line at `position` was written, proven or not."""
        for key in former_keys.of_person(self._db, self._area_id, person_id):
            if position < key.ended_position:
                return self._former(key)
        now = keys.public_key_of(self._db, self._area_id, person_id)
        given = keys.confirmation_of(self._db, self._area_id, person_id)
        return None if now is None or given is None else held(now, given)

    def proves(self, key: Held) -> bool:
        """Whether it is this person's by a confirmation that stands, and was not ended before."""
        if key not in self._known:
            self._known[key] = self._is_proven(key)
        return self._known[key]

    def words_stand(self, owner: Person, words: JoiningWords) -> bool:
        """Whether these joining words were given to this person, by the coordinator whose they are,
        as the ledger says."""
        salt = _last_line(words.statement)
        signer = self._signer(words.given_by, words.ledger_position)
        return (
            signer is not None
            and fingerprint(words.recipient, words.sign_public) == words.fingerprint
            and words.person_id == owner.id
            and words.statement == words_statement(owner, words.fingerprint, words.ends_at, salt)
            and _is_signed(signer, WORDS, words.statement, words.signature)
            and _says(
                self._line(words.ledger_position),
                Deed.WORDS_GIVEN,
                words.signature,
                actor=words.given_by,
                person=owner.id,
                words=words.fingerprint,
            )
        )

    def _is_proven(self, key: Held) -> bool:
        found = fingerprint(key.recipient, key.sign_public)
        if not found == key.fingerprint == key.given.fingerprint:
            return False
        if key.ended_position is None:
            over = found in self._ended
        else:
            told = self._line(key.ended_position)
            over = (
                told is None
                or told["deed"] not in ENDS
                or told["person"] != key.given.person_id
                or told["former"] != found
            )
        owner = people.load(self._db, self._area_id, key.given.person_id)
        return not over and owner is not None and self._stands(owner, key)

    def _stands(self, owner: Person, key: Held) -> bool:
        """Whether the confirmation is of this person, signed, and its line stands in the ledger."""
        given = key.given
        if given.statement != statement(owner, given.fingerprint, _last_line(given.statement)):
            return False
        if given.words_id is not None:
            return self._by_words(owner, given, given.words_id)
        if given.confirmed_by != owner.id:
            signer = self._signer(given.confirmed_by, given.ledger_position)
            return signer is not None and self._is_confirmed(given, signer)
        return self._follows(owner, given) or (
            self._is_confirmed(given, key.sign_public) and self._founds(given)
        )

    def _is_confirmed(self, given: keys.Confirmation, signer: bytes) -> bool:
        return _is_signed(signer, CONFIRMATION, given.statement, given.signature) and _says(
            self._line(given.ledger_position),
            Deed.KEY_CONFIRMED,
            given.signature,
            actor=given.confirmed_by,
            person=given.person_id,
            fingerprint=given.fingerprint,
        )

    def _by_words(self, owner: Person, given: keys.Confirmation, words_id: WordsId) -> bool:
        """Whether it was signed with the joining words that a coordinator gave to its owner."""
        words = joining_words.load(self._db, self._area_id, words_id)
        return (
            words is not None
            and words.given_by == given.confirmed_by
            and self.words_stand(owner, words)
            and _is_signed(words.sign_public, BY_WORDS, given.statement, given.signature)
            and _says(
                self._line(given.ledger_position),
                Deed.WORDS_USED,
                given.signature,
                person=given.person_id,
                fingerprint=given.fingerprint,
                words=words.fingerprint,
            )
        )

    def _follows(self, owner: Person, given: keys.Confirmation) -> bool:
        """Whether its owner changed to this key: signed by the former one, which was confirmed."""
        former = [
            self._former(key)
            for key in former_keys.of_person(self._db, self._area_id, owner.id)
            if key.ledger_position < key.ended_position == given.ledger_position
        ]
        return (
            len(former) == 1
            and _is_signed(former[0].sign_public, BY_OWNER, given.statement, given.signature)
            and _says(
                self._line(given.ledger_position),
                Deed.KEY_CHANGED,
                given.signature,
                person=owner.id,
                former=former[0].fingerprint,
                fingerprint=given.fingerprint,
            )
            and self.proves(former[0])
        )

    def _founds(self, given: keys.Confirmation) -> bool:
        """Whether nobody else was there to confirm it: the area's first line of this kind, or one
        of somebody whom the recovery kit had brought in."""
        first = search.oldest(self._db, self._area_id, Deed.KEY_CONFIRMED.value)
        if first is not None and first.position == given.ledger_position:
            return True
        brought = search.newest_about(
            self._db, self._area_id, Deed.UNIT_BROUGHT_BACK.value, {"person": given.person_id}
        )
        return (
            brought is not None
            and brought.position < given.ledger_position
            and self._line(brought.position) is not None
        )

    def _signer(self, person_id: PersonId, position: int) -> bytes | None:
        """The signing key that this person had when that line was written, confirmed before it."""
        key = self.held_at(person_id, position)
        if key is None or key.given.ledger_position >= position or not self.proves(key):
            return None
        return key.sign_public

    def _former(self, key: FormerKey) -> Held:
        given = former_keys.confirmation(key, self._now)
        return Held(key.recipient, key.sign_public, key.fingerprint, given, key.ended_position)

    def _line(self, position: int) -> dict[str, leaf.Value] | None:
        return proven_line(self._house, self._db, self._area_id, position)

    @cached_property
    def _ended(self) -> dict[str, int]:
        return ended_keys(self._db, self._area_id)


def ended_keys(db: Connection, area_id: AreaId) -> dict[str, int]:
    """The fingerprints that the ledger says were ended, with the line that did: rows that bring one
    back change nothing.

    The lines are believed as they stand, for they only take away.
    """
    lines = search.of_deeds(db, area_id, ENDS, lambda _told: True)
    return {str(leaf.decode(entry.leaf)["former"]): entry.position for entry in lines}


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
