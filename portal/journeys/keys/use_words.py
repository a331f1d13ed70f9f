"""Whoever was spoken seven words types them: their key counts as confirmed, and what waits opens.

Only somebody who has joined by their own link gets this far, so an outsider can neither guess at
words nor use them up. Wrong words are counted for each person and each makes the next try wait
longer; they burn nothing. The words open what was sealed to them in this request alone, each file
key is checked against the commitment that was signed, and is wrapped for the person's own key.
Words are over once they were used; what the ledger says was used or ended does not come back.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from portal.crypto import signing
from portal.crypto.age.errors import AgeError
from portal.crypto.argon import BelowFloor, Params
from portal.crypto.commitment import WrongKey, check_commit
from portal.crypto.joining_words import BadWords, WordsKey, from_words, read_words
from portal.crypto.sealing import header_for, open_header
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.grants import Grant, GrantState
from portal.domain.ids import AreaId, PersonId
from portal.domain.papers import Header
from portal.domain.people import Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.giving.ended import require_not_ended
from portal.journeys.giving.granting import assert_exact
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.confirm_key import registered_key
from portal.journeys.keys.confirmers import confirmers, tell_replaced
from portal.journeys.keys.directory import ConfirmedKey, KeyAlarm
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.standing import BY_WORDS, Standing, statement
from portal.journeys.meetings.slots import area_of
from portal.journeys.opening.opened import Spoilt, read_manifest
from portal.journeys.signing_in.second_factor import count_try
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import factors, joining_words, keys, papers, people, sendings
from portal.records.joining_words import JoiningWords, WordWrap

ACTION = Action.OWN_WORDS_USE
TRIES = "word"

NONE = (
    "There are no joining words for you, or they are over. Ring the MAPPA unit: somebody there can "
    "confirm your key."
)
WRONG = "These are not the words that were spoken to you. Compare each with what you wrote down."


class WordsRefused(Exception):
    """The words do not count; `.words` say what to do, and repeat nothing of what was typed."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Used:
    """How many papers can be opened by now."""

    papers: int


def words_wait(db: Connection, area_id: AreaId, person_id: PersonId) -> bool:
    """For a page: whether there are words that this person has not used. No proof of anything."""
    return joining_words.living(db, area_id, person_id) is not None


def use_words(house: House, who: Who, typed: str) -> Used:
    """Raises WordsRefused with what to say, CodeRefused while it has to wait, KeyAlarm or Spoilt
    where rows are not what was signed, Refused; then nothing was given."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        words = _living(house, look, who)
    try:
        spoken = read_words(typed)
    except BadWords as bad:
        raise WordsRefused(str(bad)) from None
    tried = count_try(house, who.actor.person_id, TRIES)
    key = _key(house, words, spoken)
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        if _living(house, deed, who) != words:
            raise WordsRefused(NONE)
        used = _use(deed, who, words, key)
        factors.clear_bucket(deed.db, tried)
    return used


def _living(house: House, look: Looking | Doing, who: Who) -> JoiningWords:
    """Their words, if they are good now: signed, in the ledger, not over and never used."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    words = joining_words.living(look.db, area_id, person_id)
    person = people.load(look.db, area_id, person_id)
    if words is None or person is None or look.now >= words.ends_at:
        raise WordsRefused(NONE)
    if not Standing(house, look.db, area_id).words_stand(person, words):
        raise KeyAlarm(person_id, words.fingerprint, "")
    for over in (Deed.WORDS_USED, Deed.WORDS_ENDED):
        if proven_line_of(house, look.db, area_id, over, words=words.fingerprint) is not None:
            raise WordsRefused(NONE)
    if keys.confirmation_of(look.db, area_id, person_id) is not None:
        raise WordsRefused(NONE)
    return words


def _key(house: House, words: JoiningWords, spoken: tuple[str, ...]) -> WordsKey:
    try:
        key = from_words(
            spoken,
            words.salt,
            house.server_keys.pepper(words.pepper_version),
            words.person_id,
            Params(words.memory_kib, words.iterations, words.lanes),
        )
    except BelowFloor:
        raise KeyAlarm(words.person_id, words.fingerprint, "") from None
    if key.fingerprint() != words.fingerprint:
        raise WordsRefused(WRONG)
    return key


def _use(deed: Doing, who: Who, words: JoiningWords, key: WordsKey) -> Used:
    person = people.load(deed.db, deed.area_id, words.person_id)
    own = registered_key(deed.db, deed.area_id, words.person_id)
    if person is None or person.account is not Account.ENROLLED or own is None:
        raise Changed
    if own.fingerprint != own_fingerprint(who):
        raise KeyAlarm(own.person_id, own_fingerprint(who), own.fingerprint)
    wraps = joining_words.wraps_of(deed.db, deed.area_id, words.id)
    # What was taken back or has ended since is not given, whatever rows are there.
    living = {wrap.version_id: _grant(deed, wrap) for wrap in wraps if wrap.grant_id is not None}
    given = [(wrap, living.get(wrap.version_id)) for wrap in wraps]
    given = [(w, grant) for w, grant in given if w.grant_id is None or grant is not None]
    if not any(grant for _, grant in given):
        raise WordsRefused(NONE)
    earlier = confirmers(deed.db, deed.area_id, person.id)
    _confirm(deed, person, own, words, key)
    for wrap, grant in given:
        _give(deed, wrap, grant, words, key, own)
    joining_words.close(deed.db, words, deed.now)
    assert_exact(deed.db, deed.area_id, [wrap.version_id for wrap, grant in given if grant])
    area = area_of(deed.db, deed.area_id, ACTION)
    speaker = people.load(deed.db, deed.area_id, words.given_by)
    deed.tell(Kind.KEY_CONFIRMED, person.email, area=area.name, path="/", phone=area.phone)
    if speaker is not None and speaker.account is not Account.LEFT:
        deed.tell(Kind.WORDS_USED, speaker.email, area=area.name, path="/unit/people/")
    tell_replaced(deed, area, tuple(each for each in earlier if each.id != words.given_by))
    return Used(sum(grant is not None for _, grant in given))


def _confirm(
    deed: Doing, person: Person, own: ConfirmedKey, words: JoiningWords, key: WordsKey
) -> None:
    body = statement(person, own.fingerprint, secrets.token_hex(16))
    signature = signing.sign(key.signing_seed, BY_WORDS, body)
    position = deed.note(
        line(
            Deed.WORDS_USED,
            person=person.id,
            words=words.fingerprint,
            fingerprint=own.fingerprint,
            statement=hashlib.sha256(body).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest(),
        )
    )
    keys.save_confirmation(
        deed.db,
        keys.Confirmation(
            person_id=person.id,
            area_id=deed.area_id,
            fingerprint=own.fingerprint,
            statement=body,
            signature=signature,
            confirmed_by=words.given_by,
            ledger_position=position,
            confirmed_at=deed.now,
            words_id=words.id,
        ),
    )


def _grant(deed: Doing, wrap: WordWrap) -> Grant | None:
    """The grant of this wrap, where it still waits and the ledger says nothing else."""
    if wrap.grant_id is None:
        return None
    grant = sendings.load_grant(deed.db, deed.area_id, wrap.grant_id)
    if grant is None or grant.state is not GrantState.WAITING or grant.closes_at is None:
        return None
    sending = sendings.load_sending(deed.db, deed.area_id, grant.sending_id)
    mine = (grant.person_id, grant.version_id) == (wrap.person_id, wrap.version_id)
    if sending is None or not mine or deed.now >= grant.closes_at:
        return None
    given = replace(grant, manifest_id=wrap.manifest_id)
    try:
        require_not_ended(deed.db, given, sending, ACTION)
    except Refused:
        return None
    return grant


def _give(
    deed: Doing,
    wrap: WordWrap,
    grant: Grant | None,
    words: JoiningWords,
    key: WordsKey,
    own: ConfirmedKey,
) -> None:
    """Wrap one payload's key for the person's own key, once everything signed about it agrees."""
    version = papers.load_version(deed.db, deed.area_id, wrap.version_id)
    row = papers.load_manifest(deed.db, deed.area_id, wrap.manifest_id)
    if version is None or row is None or row.version_id != version.id:
        raise Spoilt("manifest")
    manifest = read_manifest(deed.house, deed.db, row, version)
    if words.fingerprint not in manifest.recipients:
        raise Spoilt("recipient")
    if grant is not None and [manifest.opens_at, manifest.closes_at] != [
        None if moment is None else moment.isoformat()
        for moment in (grant.opens_at, grant.closes_at)
    ]:
        raise Spoilt("window")
    try:
        file_key = open_header(wrap.header, [key.opener()])
        check_commit(file_key, version.id, version.payload_sha256, version.key_commit)
    except (AgeError, WrongKey) as error:
        raise Spoilt(type(error).__name__) from None
    papers.save_header(
        deed.db,
        Header(
            deed.area_id,
            version.id,
            own.person_id,
            own.fingerprint,
            header_for(file_key, own.recipient),
        ),
    )
    if grant is None:
        return
    deed.note(
        line(
            Deed.ACCESS_GRANTED,
            grant=grant.id,
            person=grant.person_id,
            version=version.id,
            manifest=row.sha256,
            closes_at="" if grant.closes_at is None else grant.closes_at.isoformat(),
        )
    )
    if not sendings.settle_grant(
        deed.db,
        grant,
        GrantState.GRANTED,
        deed.now,
        manifest_id=wrap.manifest_id,
        opens_at=grant.opens_at,
        closes_at=grant.closes_at,
    ):
        raise Changed
