"""Seven joining words for somebody who was sent papers and has not joined yet.

What waits for them is sealed to the words as well, and the coordinator signs whose words they are
and until when. Spoken on a number already known, they let their holder join and open at once, with
no coordinator online; the key they make counts as confirmed by whoever spoke the words. They are
shown once and stand nowhere.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto import signing
from portal.crypto.joining_words import WordsKey, from_words, new_words
from portal.crypto.manifest import SignedManifest
from portal.crypto.unlock import DEFAULT
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.grants import Grant, GrantState
from portal.domain.ids import AreaId, GrantId, PersonId, WordsId
from portal.domain.joining_words import end_of
from portal.domain.papers import Header, Version
from portal.domain.people import UNIT, Account, Agency, Area, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.giving.rewrapping import rewrap, signed_terms
from portal.journeys.giving.sealing import keep_manifest
from portal.journeys.house import House, Who
from portal.journeys.keys.confirm_key import require_confirmed_signer
from portal.journeys.keys.directory import ConfirmedKey, require_as_invited
from portal.journeys.keys.end_words import end_words
from portal.journeys.keys.standing import WORDS, words_statement
from portal.journeys.meetings.particulars import cases_for, give
from portal.journeys.meetings.slots import area_of
from portal.journeys.restricted.about import hidden, seen_cases
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import joining_words, meetings, papers, people, sendings
from portal.records.joining_words import JoiningWords, WordWrap

ACTION = Action.DECIDE_WORDS_GIVE
SALT_BYTES = 16

JOINED = "This person has joined. Ring them, compare the words of their key, and confirm it."
OF_THE_UNIT = "People of the unit are given its key by a coordinator. Joining words cannot do that."
NOTHING_WAITS = "Nothing waits for this person that words could open."
NO_HURRY = "The meetings that this person was sent papers for are over. Confirm their key instead."


@dataclass(frozen=True)
class ToGive:
    """Whom words would be given to: how many papers, until when, and which words (their
    identifier) they have had already."""

    person: Person
    agency: Agency
    area: Area
    papers: int
    ends_at: datetime
    living: WordsId | None


@dataclass(frozen=True)
class Given:
    """The words, to be shown once; whom to ring; when they end."""

    person: Person
    ends_at: datetime
    words_clear: tuple[str, ...] = field(repr=False)


def words_to_give(house: House, who: Who, person_id: PersonId) -> ToGive:
    """Raises Refused, Unacceptable where words are not for this person, KeyAlarm where they are not
    as they were invited."""
    with looking(house, who.actor, person_id) as look:
        person = _person(look, person_id)
        look.require(ACTION, OfPerson(person.area_id, person_id))
        waiting, ends_at = _may_have(house, look, person)
        living = joining_words.living(look.db, person.area_id, person_id)
        return ToGive(
            person,
            people.agencies_of(look.db, person.area_id)[person.agency_id],
            area_of(look.db, person.area_id, ACTION),
            len(waiting),
            ends_at,
            None if living is None else living.id,
        )


def give_words(house: House, who: Who, person_id: PersonId, instead_of: str) -> Given:
    """New words; `instead_of` are those the page showed that there are (empty: none), which end.

    Raises Changed where there are others by now, so that a page sent twice does not burn the first
    words; and as `words_to_give`.
    """
    with looking(house, who.actor, person_id) as look:
        person = _person(look, person_id)
        look.require(ACTION, OfPerson(person.area_id, person_id))
        _may_have(house, look, person)
    words = new_words()
    salt = secrets.token_bytes(SALT_BYTES)
    pepper = house.server_keys.pepper()
    key = from_words(words, salt, pepper, person_id)
    with doing(house, who.actor, ACTION, person_id) as deed:
        person = _person(deed, person_id)
        deed.require(OfPerson(person.area_id, person_id))
        require_confirmed_signer(deed, who, ACTION)
        waiting, ends_at = _may_have(house, deed, person)
        living = joining_words.living(deed.db, deed.area_id, person_id)
        if ("" if living is None else living.id) != instead_of:
            raise Changed
        end_words(deed, person_id)
        _seal(deed, who, person, waiting, key, salt, ends_at)
    return Given(person, ends_at, words)


def _person(look: Looking | Doing, person_id: PersonId) -> Person:
    person = people.load(look.db, look.actor.area_id, person_id)
    if person is None:
        raise Refused(ACTION, Why.NOT_THERE)
    return person


def _may_have(house: House, look: Looking | Doing, person: Person) -> tuple[list[Grant], datetime]:
    """What waits for them, and when words given now would end."""
    if person.account is not Account.INVITED:
        raise Unacceptable("", JOINED)
    if person.roles & UNIT:
        raise Unacceptable("", OF_THE_UNIT)
    require_as_invited(house, look.db, person, "")
    unseen = hidden(look)
    sendings_here = sendings.sendings_in(look.db, person.area_id)
    of_case = {each.id: each.case_id for each in sendings_here}
    waiting = [
        grant
        for grant in waiting_for(look.db, person.area_id, person.id, look.now)
        if of_case.get(grant.sending_id) not in unseen
    ]
    if not waiting:
        raise Unacceptable("", NOTHING_WAITS)
    sent = {each.id: each.slot_id for each in sendings_here}
    slots = {slot.id: slot for slot in meetings.slots_of_area(look.db, person.area_id)}
    starts = [slots[sent[grant.sending_id]].starts_at for grant in waiting]
    ends_at = end_of(starts, look.now)
    if ends_at is None:
        raise Unacceptable("", NO_HURRY)
    return waiting, ends_at


def waiting_for(db: Connection, area_id: AreaId, person_id: PersonId, now: datetime) -> list[Grant]:
    """What waits for this person and has an end, which is to come: whatever runs for a number of
    days from when it is given waits for a coordinator."""
    return [
        grant
        for grant in sendings.grants_of_person(db, area_id, person_id)
        if grant.state is GrantState.WAITING
        and grant.closes_at is not None
        and now < grant.closes_at
    ]


Sealed = tuple[GrantId | None, Version, Header, SignedManifest]


def _seal(
    deed: Doing,
    who: Who,
    person: Person,
    waiting: Iterable[Grant],
    key: WordsKey,
    salt: bytes,
    ends_at: datetime,
) -> None:
    reader = ConfirmedKey(person.id, key.recipient(), key.sign_public(), key.fingerprint())
    sealed = [_sealed(deed, who, grant, reader) for grant in waiting]
    sealed += _particulars(deed, who, person, reader)
    body = words_statement(person, reader.fingerprint, ends_at, secrets.token_hex(16))
    signature = signing.sign(who.keyring.signing_seed, WORDS, body)
    position = deed.note(
        line(
            Deed.WORDS_GIVEN,
            person=person.id,
            words=reader.fingerprint,
            until=ends_at.isoformat(),
            statement=hashlib.sha256(body).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest(),
            grants=[grant_id for grant_id, *_ in sealed if grant_id is not None],
            manifests=[signed.sha256 for *_, signed in sealed],
        )
    )
    words = JoiningWords(
        id=WordsId(new_id()),
        area_id=deed.area_id,
        person_id=person.id,
        recipient=reader.recipient,
        sign_public=reader.sign_public,
        fingerprint=reader.fingerprint,
        salt=salt,
        memory_kib=DEFAULT.memory_kib,
        iterations=DEFAULT.iterations,
        lanes=DEFAULT.lanes,
        pepper_version=deed.house.server_keys.pepper_version,
        statement=body,
        signature=signature,
        given_by=who.actor.person_id,
        ledger_position=position,
        made_at=deed.now,
        ends_at=ends_at,
        over_at=None,
    )
    joining_words.save(deed.db, words)
    for grant_id, version, header, signed in sealed:
        manifest_id = keep_manifest(deed, version, signed, position)
        joining_words.save_wrap(
            deed.db,
            WordWrap(
                deed.area_id, words.id, version.id, person.id, grant_id, manifest_id, header.header
            ),
        )


def _sealed(deed: Doing, who: Who, grant: Grant, reader: ConfirmedKey) -> Sealed:
    version = papers.load_version(deed.db, deed.area_id, grant.version_id)
    document = (
        None
        if version is None
        else papers.load_document(deed.db, deed.area_id, version.document_id)
    )
    if version is None or document is None:
        raise Changed
    terms = signed_terms(deed, version)
    header, signed = rewrap(
        deed, who, document, version, reader, grant.opens_at, grant.closes_at, terms
    )
    return grant.id, version, header, signed


def _particulars(deed: Doing, who: Who, person: Person, reader: ConfirmedKey) -> list[Sealed]:
    """As for somebody whose key is confirmed: who the cases are about that they are invited to."""
    known = seen_cases(deed)
    wanted = cases_for(deed.db, deed.area_id, replace(person, account=Account.ENROLLED))
    made = [give(deed, who, known[case_id], [reader]) for case_id in sorted(wanted & known.keys())]
    return [(None, each.version, header, signed) for each in made for header, signed in each.wraps]
