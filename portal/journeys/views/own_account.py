"""What protects somebody's own account: their key, their factors, where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.crypto import fingerprint
from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.use_words import words_wait
from portal.journeys.own_account.own_factors import OwnFactor, factors_of
from portal.journeys.signing_in.recall import Recalled, stands
from portal.policy.actions import Action
from portal.records import factors, keys, people, sessions
from portal.records.sessions import Stage


@dataclass(frozen=True)
class Place:
    """One living session. `id` is hexadecimal."""

    id: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class OwnAccount:
    """`words` are those of the own key; `words_wait`: joining words were given and not used.
    `confirmed_by` is empty until somebody confirmed it; `by_oneself`: it counts because they
    changed their own, or were the first of their area."""

    words: tuple[str, ...]
    words_wait: bool
    confirmed_by: str
    by_oneself: bool
    confirmed_at: datetime | None
    factors: tuple[OwnFactor, ...]
    backup_codes_left: int
    recovery_since: datetime | None
    passphrase_since: datetime | None
    places: tuple[Place, ...]


def own_account(house: House, found: Recalled) -> OwnAccount:
    """Raises Refused, or KeyAlarm when a key of the area is not the one that was confirmed."""
    who, person = found.who(), found.person
    with looking(house, who.actor) as look:
        look.require(Action.OWN_ACCOUNT_READ, InArea(person.area_id))
        own = own_fingerprint(who)
        confirmed = confirmed_keys(house, look.db, person.area_id).get(person.id)
        given = keys.confirmations_of_area(look.db, person.area_id).get(person.id)
        by = people.by_id(look.db, given.confirmed_by) if given is not None else None
        sealed_to = confirmed is not None and confirmed.fingerprint == own
        mine = factors_of(house, look.db, person.account_id)
        codes = factors.backup_codes_of(look.db, person.account_id)
        unlocks = keys.unlocks_of(look.db, person.account_id)
        rows = sessions.of_person(look.db, person.account_id)
        waits = words_wait(look.db, person.area_id, person.id)
        now = look.now
    recovery = unlocks.get(keys.UnlockKind.RECOVERY)
    phrase = unlocks.get(keys.UnlockKind.PASSPHRASE)
    return OwnAccount(
        words=fingerprint.words(own),
        words_wait=waits,
        confirmed_by=by.name if sealed_to and by is not None else "",
        by_oneself=given is not None and given.confirmed_by == person.id,
        confirmed_at=given.confirmed_at if sealed_to and given is not None else None,
        factors=tuple(mine),
        backup_codes_left=sum(code.used_at is None for code in codes),
        recovery_since=None if recovery is None else recovery.made_at,
        passphrase_since=None if phrase is None else phrase.made_at,
        places=tuple(
            Place(row.id.hex(), row.started_at, row.seen_at, row.id == who.session_id)
            for row in rows
            if row.stage is Stage.SIGNED_IN and stands(row, now)
        ),
    )
