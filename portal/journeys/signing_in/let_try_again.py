"""Somebody whom strangers keep out, by failing in their name again and again, may try again.

After a hundred failures in a row no unknown browser is let in (NIST SP 800-63B), so whoever has
only shared computers stays out. They ring a co-ordinator or deputy of an area of theirs, or the
single point of contact of their own agency, who rings back on the number that was recorded and,
with an unused code of their own, empties the counters of that address. They read out four words,
shown once: whoever types them at sign-in or at recovery is judged by a counter of their own for
four hours, so that strangers who go on failing do not keep them out again. No factor changes,
nothing opens and nobody is signed in: passphrase and code are asked for as ever. Not more than once
in four hours in each area, so that each time buys a guesser, who would need such a colleague, a
hundred and nineteen guesses and no more.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection

from portal.crypto.fingerprint import words
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person
from portal.identity import throttle, throttle_keys
from portal.journeys.agencies.colleague import about, colleague
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in import attempting, recover
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.throttling import speak
from portal.journeys.signing_in.touch import Given
from portal.journeys.unacceptable import Unacceptable
from portal.ledger import search
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import factors

ONCE_IN = throttle.SPOKEN_LASTS
WORDS = 4
"""Of 7,776 each: 51 bits, for whoever guesses at the address, the passphrase and these."""
EMPTIED = (attempting.PURPOSE, recover.PURPOSE)
"""What strangers can try in somebody's name without any secret of theirs."""


def to_let_try(house: House, who: Who, person_id: PersonId, action: Action) -> Person:
    """Whom the page is about, with the number to ring. `action` is DECIDE_TRIES_ALLOW or
    SPOC_TRIES_ALLOW. Raises Refused; KeyAlarm where name, roles or number are not those that were
    recorded; Unacceptable where it was done just now, or they have not joined."""
    with looking(house, who.actor, subject=person_id) as look:
        person = colleague(look, person_id, action)
        look.require(action, about(action, person))
        _require_possible(house, look, person)
        return person


def let_try_again(
    house: House, who: Who, person_id: PersonId, code: Given, action: Action
) -> tuple[str, ...]:
    """Returns the words to be read out, kept nowhere. Raises as above, and CodeRefused."""
    to_let_try(house, who, person_id, action)
    spend(house, who.actor, code)
    with doing(house, who.actor, action, subject=person_id) as deed:
        person = colleague(deed, person_id, action)
        deed.require(about(action, person))
        _require_possible(house, deed, person)
        _empty(house, deed.db, person)
        spoken = words(secrets.token_hex(32))[:WORDS]
        for purpose in EMPTIED:
            speak(house, deed.db, purpose, person.email, " ".join(spoken))
        deed.note(line(Deed.TRIES_ALLOWED, person=person.id))
        area = area_of(deed.db, deed.area_id, action)
        for address, path in ((person.email, "/account/"), (area.unit_email, "/record/")):
            deed.tell(Kind.TRIES_ALLOWED, address, area=area.name, path=path, phone=area.phone)
    return spoken


def _require_possible(house: House, at: Looking | Doing, person: Person) -> None:
    if person.account is not Account.ENROLLED:
        raise Unacceptable("", "They have no account to sign in to.")
    # The number that is rung decides for whom it is done: it must be the one that was recorded.
    require_as_invited(house, at.db, person, "")
    named, since = {"person": person.id}, at.now - ONCE_IN
    once = search.newest_about(at.db, person.area_id, Deed.TRIES_ALLOWED.value, named, since=since)
    if once is not None:
        when = in_words(once.recorded_at)
        raise Unacceptable(
            "", f"This was done for them on {when}. It can be done every four hours."
        )


def _empty(house: House, db: Connection, person: Person) -> None:
    pepper = house.server_keys.pepper()
    for purpose in EMPTIED:
        factors.clear_bucket(db, throttle_keys.account_key(pepper, person.email, purpose))
