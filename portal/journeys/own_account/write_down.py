"""The codes somebody has not yet written down: shown to them, until they say that they have.

Backup codes are second factors and the recovery code opens the account, so whoever was let in
without a factor of their own, because somebody vouched for them, does not see them: one would make
of their reading a whole session. Where others use the computer they are shown, because whoever
recovers there must be able to write them down.
"""

from __future__ import annotations

from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.own_account.own_codes import Codes, codes_to_show, written_down
from portal.journeys.signing_in.recall import Recalled
from portal.policy.actions import Action

ACTION = Action.OWN_CODES_WRITE_DOWN


def codes_wait(house: House, found: Recalled) -> bool:
    """Whether there are codes that this session shows."""
    who = found.who()
    with looking(house, who.actor) as look:
        shown = look.may(ACTION, InArea(who.actor.area_id))
    return shown and codes_to_show(house, found.person, who.keyring) is not None


def waiting_codes(house: House, found: Recalled) -> Codes | None:
    """None where there are none. Raises Refused."""
    who = found.who()
    _require(house, who)
    return codes_to_show(house, found.person, who.keyring)


def say_written_down(house: House, found: Recalled) -> None:
    """From now on they are on their owner's paper only. Raises Refused."""
    _require(house, found.who())
    written_down(house, found.person)


def _require(house: House, who: Who) -> None:
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
