"""After somebody changed their keys: their copies are sealed to the new one, in slices.

In their own request, for only they can open the former wraps; it may stop anywhere, and goes on at
the next sign-in. Everything opens meanwhile: the former identities are in their keyring.
"""

from __future__ import annotations

import contextlib

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import VersionId
from portal.journeys.deed import doing, looking
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import KeyAlarm, confirmed_key
from portal.journeys.keys.rewrap_slice import SLICE, SLICES, NewKey, rewrap_headers
from portal.policy.actions import Action
from portal.records import rewraps

ACTION = Action.OWN_KEYS_CHANGE


class _Nothing(Exception):
    """There was nothing in this slice that could be done, so it leaves no line."""


def left_of_own(house: House, who: Who) -> int:
    """How many copies are sealed to a former key of theirs, as rows say. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.OWN_ACCOUNT_READ, InArea(who.actor.area_id))
        return rewraps.count_headers(
            look.db, who.actor.area_id, who.actor.person_id, own_fingerprint(who)
        )


def rewrap_own(house: House, who: Who, most: int = SLICE, slices: int = SLICES) -> int:
    """Go on for at most `slices` slices; returns how many are left. Raises Refused, or KeyAlarm
    where the key of this session is not the confirmed one."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
    behind, more = None, True
    while left_of_own(house, who) and slices and more:
        behind, more = _slice(house, who, behind, most)
        slices -= 1
    return left_of_own(house, who)


def _slice(
    house: House, who: Who, behind: VersionId | None, most: int
) -> tuple[VersionId | None, bool]:
    own, mine = own_fingerprint(who), who.actor.person_id
    new = NewKey(mine, who.keyring.recipient(), own, who.identities())
    last = None
    with contextlib.suppress(_Nothing), doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        key = confirmed_key(house, deed.db, deed.area_id, mine)
        if key is None or key.fingerprint != own:
            raise KeyAlarm(mine, own, "" if key is None else key.fingerprint)
        done = rewrap_headers(deed, new, behind, most)
        last = done.last
        if not done.count:
            raise _Nothing
        left = rewraps.count_headers(deed.db, deed.area_id, mine, own)
        deed.note(
            line(Deed.KEY_REWRAPPED, person=mine, fingerprint=own, done=done.count, left=left)
        )
    return last, last is not None
