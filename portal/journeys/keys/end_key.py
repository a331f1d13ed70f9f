"""A person's key ends in one area: it is kept for what it signed, and the ledger says so.

Every wrap of theirs goes. What was still open to them waits for a new key, and is then given by a
coordinator's click, as to anybody whose key was waited for.
"""

from __future__ import annotations

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed, line
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId, VersionId
from portal.domain.people import Person
from portal.journeys.deed import Doing
from portal.journeys.giving.granting import assert_exact
from portal.journeys.giving.settling import settle
from portal.records import former_keys, keys, papers, restrictions, sendings


def end_key(deed: Doing, person: Person, proofed_by: PersonId) -> int:
    """In a deed of the person's area; returns how many copies wait. Raises Changed."""
    key = keys.public_key_of(deed.db, deed.area_id, person.id)
    waiting, gone = _take_wraps(deed, person)
    position = deed.note(
        line(
            Deed.PERSON_RENEWED,
            person=person.id,
            former="" if key is None else fingerprint(key.recipient, key.sign_public),
            proofed_by=proofed_by,
            copies_waiting=len(waiting),
            wraps_deleted=gone,
        )
    )
    _bury(deed, person, position)
    assert_exact(deed.db, deed.area_id, waiting)
    return len(waiting)


def ended_already(deed: Doing, person: Person, position: int) -> None:
    """The line at `position` ended their key, and the rows are from before it: they follow it."""
    waiting, _gone = _take_wraps(deed, person)
    _bury(deed, person, position)
    assert_exact(deed.db, deed.area_id, waiting)


def _take_wraps(deed: Doing, person: Person) -> tuple[list[VersionId], int]:
    """Every wrap of theirs goes; returns the versions that wait, and how many wraps there were."""
    waiting = _wait_again(deed, person)
    gone = papers.remove_headers_of(deed.db, deed.area_id, person.id)
    restrictions.empty_holder(deed.db, deed.area_id, person.id)
    return waiting, gone + keys.remove_unit_wrap(deed.db, deed.area_id, person.id)


def _bury(deed: Doing, person: Person, position: int) -> None:
    """Their public key is kept as one that was theirs once."""
    key = keys.public_key_of(deed.db, deed.area_id, person.id)
    confirmation = keys.confirmation_of(deed.db, deed.area_id, person.id)
    if key is not None and confirmation is not None:
        former_keys.save(deed.db, former_keys.ended(key, confirmation, position))
    keys.forget_public_key(deed.db, deed.area_id, person.id)


def _wait_again(deed: Doing, person: Person) -> list[VersionId]:
    """Every copy they were given waits for a key; returns the versions."""
    found = []
    for grant in sendings.grants_of_person(deed.db, deed.area_id, person.id):
        if grant.state is not GrantState.GRANTED:
            continue
        settle(deed, grant, GrantState.WAITING)
        found.append(grant.version_id)
    return found
