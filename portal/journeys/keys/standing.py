"""What makes a key its owner's: a signature, and the ledger's line that holds its hash.

A coordinator signs that this key is this person's; or gives the person joining words, which sign
it in the coordinator's place; or the owner changes to it with the key that was confirmed before.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.signing import BadSignature, verify
from portal.domain.deeds import Deed
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf
from portal.records import former_keys, joining_words, keys
from portal.records.former_keys import FormerKey
from portal.records.joining_words import JoiningWords

CONFIRMATION = "portal/v1/confirmation"
WORDS = "portal/v1/joining-words/given"
BY_OWNER = "portal/v1/own-key/changed"
BY_WORDS = "portal/v1/joining-words/confirmation"


def statement(person: Person, found: str, salt: str) -> bytes:
    """What a coordinator signs: in this area, the key of this person of this agency, by name, has
    this fingerprint. `salt` (hex) keeps the name from being guessed at by its digest in the ledger.
    """
    told = [person.area_id, person.id, found, person.agency_id, person.name, salt]
    return "".join(f"{each}\n" for each in told).encode()


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


def stands(
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
        and stands(
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
