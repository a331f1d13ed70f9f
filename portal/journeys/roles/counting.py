"""Which of somebody's roles count: more than a reader's only once their key was confirmed.

A joining link may reach the wrong person, and whoever writes to the database may write a role. So
every request asks whether the key which the session has opened is confirmed, by rows alone; and
whatever is done with such a role asks the record, too, under the lock. Only what takes access away
asks the rows alone (deed.REMOVES_ONLY): taking back, ending sessions, ending a deputy's time.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.crypto.keyring import Keyring, matches
from portal.domain.people import READERS, Actor, Person, Role
from portal.journeys.house import House
from portal.journeys.keys.directory import confirmed_key, require_as_invited
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, people


def counting(
    db: Connection, person: Person, keyring: Keyring | None, *, acts: bool
) -> frozenset[Role]:
    """The roles of whoever has opened this keyring; `acts` as deputy for a time now."""
    roles = person.roles | {Role.DEPUTY} if acts else person.roles
    if roles <= READERS or (keyring is not None and _is_confirmed(db, person, keyring)):
        return roles
    return roles & READERS


def require_proven(house: House, db: Connection, actor: Actor, action: Action) -> None:
    """For an actor with more than a reader's roles. Raise KeyAlarm unless the record says that
    their key was confirmed and that they were given the roles they have, or Refused when one of
    those they act with was taken from them meanwhile."""
    if actor.roles <= READERS:
        return
    person = people.load(db, actor.area_id, actor.person_id)
    key = confirmed_key(house, db, actor.area_id, actor.person_id)
    if person is None or key is None:
        raise Refused(action, Why.CANNOT_OPEN_YET)
    require_as_invited(house, db, person, key.fingerprint)
    for_a_time = frozenset() if actor.deputy_until is None else {Role.DEPUTY}
    if not actor.roles <= person.roles | for_a_time:
        raise Refused(action, Why.NOT_YOUR_ROLE)


def _is_confirmed(db: Connection, person: Person, keyring: Keyring) -> bool:
    public = keys.public_key_of(db, person.area_id, person.id)
    confirmation = keys.confirmation_of(db, person.area_id, person.id)
    return (
        public is not None
        and confirmation is not None
        and confirmation.fingerprint == public.fingerprint
        and matches(keyring, public.recipient, public.sign_public)
    )
