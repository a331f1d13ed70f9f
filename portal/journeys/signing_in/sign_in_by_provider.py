"""Sign in through an agency's provider, then open the keyring with the portal's own passphrase.

The provider has proved both factors (come_back.py refuses it otherwise); it gives no secret, so
the passphrase is asked for as ever, counted as ever, at the same price, or a passkey that opens by
itself is touched. Between the two the browser holds a ticket: sealed, for ten minutes, good once,
and worth nothing without the passphrase or the passkey.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.crypto.derive import derive
from portal.crypto.fields import BadField, open_field, seal_field
from portal.domain.ids import AgencyId, PersonId
from portal.domain.people import Person
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.agencies.providers import (
    SignOnFailed,
    is_true,
    living,
    may_use,
    sessions_there,
    whose,
)
from portal.journeys.house import House
from portal.journeys.joining.join_sign_on import FACTOR
from portal.journeys.signing_in.attempting import NotRight, attempt
from portal.journeys.signing_in.begin_sign_on import LASTS
from portal.journeys.signing_in.come_back import CameBack, use_up
from portal.journeys.signing_in.left_there import require_still_there
from portal.journeys.signing_in.passkey_opens import REFUSED, asked_to_open
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import enter, give_passphrase
from portal.journeys.signing_in.sign_in_with_passkey import half_with_passkey
from portal.journeys.signing_in.throttling import Source, give_back
from portal.journeys.signing_in.whole_session import SignedIn
from portal.records import people, providers
from portal.records.database import reading

BY_PASSKEY = "passkey-sso"


@dataclass(frozen=True)
class Ticket:
    """Whom the provider has proved, when, and where they wanted to go. `session` stands for their
    session there, `subject` for themselves there."""

    agency_id: AgencyId
    person: Person
    number: str
    then: str
    at: datetime
    subject: bytes
    session: bytes | None


def take_ticket(house: House, came: CameBack) -> bytes:
    """For somebody who came back and is known here. Raises SignOnFailed for everybody else."""
    with reading(house.engine) as db:
        person = whose(house, db, came.provider, came.known)
    if person is None:
        raise SignOnFailed("nobody")
    session = next(iter(sessions_there(house, came.provider, came.known)), b"")
    told = {
        "agency": came.provider.agency_id,
        "person": person.id,
        "number": secrets.token_urlsafe(32),
        "at": house.clock.now().isoformat(),
        "session": session.hex(),
        "then": came.kept.then,
    }
    return seal_field(_key(house), json.dumps(told).encode(), "sign_on", "ticket", "")


def ticket_of(house: House, sealed: bytes | None) -> Ticket:
    """The ticket, if it still counts. Raises SignOnFailed."""
    try:
        told = json.loads(open_field(_key(house), sealed or b"", "sign_on", "ticket", ""))
    except BadField:
        raise SignOnFailed("elsewhere") from None
    at = datetime.fromisoformat(told["at"])
    if not at <= house.clock.now() < at + LASTS:
        raise SignOnFailed("over")
    with reading(house.engine) as db:
        provider = living(house, db, AgencyId(told["agency"]))
        person = people.by_id(db, PersonId(told["person"]))
        link = None if person is None else providers.link_of(db, person.id)
    if person is None or link is None or link.agency_id != provider.agency_id:
        raise SignOnFailed("nobody")
    if not (may_use(provider, person) and is_true(house, link)):
        raise SignOnFailed("nobody")
    session = bytes.fromhex(told["session"]) or None
    return Ticket(
        provider.agency_id, person, told["number"], told["then"], at, link.subject, session
    )


def sign_in_by_provider(
    house: House,
    ticket: Ticket,
    passphrase_clear: str,
    source: Source,
    *,
    shared: bool,
) -> SignedIn:
    """Open the keyring and begin the session, as sign_in.give_code does (`shared`).

    The ticket is used up by the right passphrase only.

    Raises NotRight, SignOnFailed, KeyAlarm.
    """
    secret = give_passphrase(house, ticket.person.email, passphrase_clear, source)
    half = recall(house, secret)
    if not isinstance(half, Recalled) or half.person.id != ticket.person.id:
        raise SignOnFailed("nobody")
    use_up(house, ticket.number)
    return _enter(house, ticket, half, source, shared=shared)


def asked_by_ticket(house: House, site: Site, ticket: Ticket) -> dict[str, Any] | None:
    """What the browser is asked of a passkey; None where none would open this person's papers."""
    return asked_to_open(house, site, BY_PASSKEY, ticket.number, ticket.person.account_id)


def open_by_passkey(
    house: House,
    site: Site,
    ticket: Ticket,
    answer: str,
    prf: str,
    source: Source,
    *,
    shared: bool,
) -> SignedIn:
    """The same with a passkey of theirs, asked for this ticket. Raises as above."""
    owner = ticket.person.account_id
    charged = attempt(house, BY_PASSKEY, owner, owner, source)
    try:
        half = half_with_passkey(
            house, site, BY_PASSKEY, ticket.number, answer, prf, ticket.person.account_id
        )
    except BadPasskey as bad:
        raise NotRight(REFUSED) from bad
    if half.person.id != ticket.person.id:
        raise SignOnFailed("nobody")
    use_up(house, ticket.number)
    done = _enter(house, ticket, half, source, shared=shared)
    give_back(house, charged)
    return done


def _enter(
    house: House, ticket: Ticket, half: Recalled, source: Source, *, shared: bool
) -> SignedIn:
    done = enter(house, half, FACTOR, source, shared=shared, sign_on=ticket.session)
    marks = [ticket.subject, ticket.session or b""]
    require_still_there(house, ticket.person.area_id, marks, ticket.at, done.secret)
    return done


def _key(house: House) -> bytes:
    return derive(house.server_keys.session, "portal/v1/sign-on")
