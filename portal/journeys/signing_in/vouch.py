"""Somebody who lost their phone is let in by a colleague who knows them, to read, for one meeting.

They have given their passphrase, so their keyring is open; what is missing is the second factor.
Their screen shows four words. They ring somebody of the unit, or the single point of contact of
their own agency, who rings back on the number that is known, hears the words, and types them with
an unused code of their own. The words come from the
half-open session and the server's key: they are kept nowhere, and fit no other screen. What was
vouched stands in the ledger and is proven before it counts, so a row gives nobody anything.

It reads only, in the area of whoever vouched alone, and ends when their meetings there of that day
do, at the latest when a second factor would (vouch_until.py). Nobody is let in so twice in thirty
days (MAPPA rule 28), whichever area vouches; words from which nobody went on count for nothing.
Where another area keeps the account, its record says that a session opened so, and not where; its
unit is told.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.crypto.fingerprint import words
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.across.act_in import act_in
from portal.journeys.across.keeper import keeper_of
from portal.journeys.agencies.colleague import about, colleague
from portal.journeys.deed import doing, looking
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.giving.telling import moment
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, stands
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.sign_in import enter
from portal.journeys.signing_in.throttling import Source
from portal.journeys.signing_in.touch import Given
from portal.journeys.signing_in.vouch_until import name_of, vouch_until
from portal.journeys.signing_in.vouched_before import FACTOR
from portal.journeys.signing_in.whole_session import SignedIn
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import sessions
from portal.records.database import reading
from portal.records.sessions import Session, Stage

ACTION = Action.UNIT_PERSON_VOUCH
WORDS = 4
_LABEL = b"portal/v1/vouch-words"


@dataclass(frozen=True)
class ToVouch:
    """Whom the page is about, the number to ring back, and until when it would last."""

    name: str
    phone: str
    until: datetime


def spoken_words(house: House, half: Session) -> tuple[str, ...]:
    """Four words (51 bits) for a screen that waits for its second factor."""
    made = hmac.digest(house.server_keys.session, _LABEL + half.id, "sha256")
    return words(made.hex())[:WORDS]


def to_vouch(house: House, who: Who, person_id: PersonId, action: Action = ACTION) -> ToVouch:
    """`action` is UNIT_PERSON_VOUCH or SPOC_PERSON_VOUCH. Raises Refused, or KeyAlarm where name,
    roles or number are not those that were recorded, or Unacceptable where nobody may be let in
    this way now."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=person_id) as look:
        person = colleague(look, person_id, action)
        look.require(action, about(action, person))
        # The number that is rung back decides who comes in: it must be the one that was recorded.
        require_as_invited(house, look.db, person, "")
        until = vouch_until(look.db, area_id, person, look.now)
        if asleep_since(look.db, person, look.now) is not None:
            raise Unacceptable("words", "Their account was not used. Open it again first.")
        return ToVouch(person.name, person.phone, until)


def vouch(
    house: House, who: Who, person_id: PersonId, typed: str, code: Given, action: Action = ACTION
) -> datetime:
    """Let them in; returns until when. Raises Refused, CodeRefused, or Unacceptable (`words`)."""
    to_vouch(house, who, person_id, action)
    spend(house, who.actor, code)
    besides = keeper_of(house, who.actor.area_id, person_id)
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        person = colleague(deed, person_id, action)
        deed.require(about(action, person))
        area = area_of(deed.db, deed.area_id, action)
        until = vouch_until(deed.db, deed.area_id, person, deed.now)
        screen = _screen(house, sessions.of_person(deed.db, person.account_id), typed, deed.now)
        deed.note(
            line(
                Deed.PERSON_VOUCHED,
                person=person_id,
                screen=name_of(screen),
                until=until.isoformat(),
            )
        )
        by = "unit" if action is ACTION else "spoc"
        for address, path in ((person.email, "/account/"), (area.unit_email, "/record/")):
            deed.tell(
                Kind.VOUCHED, address, area=area.name, path=path, phone=area.phone, by=by,
                until=moment(until),
            )  # fmt: skip
    return until


def come_in(house: House, half: Recalled, source: Source, *, shared: bool) -> SignedIn | None:
    """Go on where somebody has vouched for this screen; None while nobody has. `shared` as in
    sign_in.give_code. Raises NotRight."""
    found = _vouched(house, half)
    if not found:
        return None
    for person, until in found:
        acting = act_in(house, half, person.area_id)
        if acting is None or house.clock.now() >= until:
            continue
        there = None if acting.person.id == half.person.id else acting
        return enter(house, half, FACTOR, source, shared=shared, vouched_until=until, there=there)
    raise NotRight


def _vouched(house: House, half: Recalled) -> list[tuple[Person, datetime]]:
    """As whom of an area somebody has vouched for this screen, and until when."""
    found = []
    with reading(house.engine) as db:
        for person in (half.person, *half.elsewhere):
            told = proven_line_of(
                house, db, person.area_id, Deed.PERSON_VOUCHED,
                person=person.id, screen=name_of(half.session),
            )  # fmt: skip
            if told is not None:
                found.append((person, datetime.fromisoformat(str(told["until"]))))
    return found


def _screen(house: House, rows: Sequence[Session], typed: str, now: datetime) -> Session:
    heard = " ".join(typed.lower().split())
    for row in rows:
        waits = row.stage is Stage.PASSPHRASE and stands(row, now)
        if waits and hmac.compare_digest(
            " ".join(spoken_words(house, row)).encode(), heard.encode()
        ):
            return row
    raise Unacceptable("words", "Those are not the words on a screen of theirs. Ask them again.")
