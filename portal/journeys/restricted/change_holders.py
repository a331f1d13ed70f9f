"""Change who holds a restricted case: add somebody, remove somebody, give the key again.

By one of its holders, with an unused code. Whoever is removed, or left, had the key: so the case is
given a new one, and the rest of it is sealed to that, a slice at a time (`rewrap_unit`); so it is
when the same people are saved again. What they
opened, or copied while they could, is theirs for good: no key changes that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.unit import succeed
from portal.domain.cases import Case
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.case_chain import sign_held
from portal.journeys.keys.confirm_key import require_confirmed_signer
from portal.journeys.keys.unit_of import open_unit_of_case, restriction_of
from portal.journeys.restricted.about import about
from portal.journeys.restricted.holders import case_key, give_case_key, keys_to_hold
from portal.journeys.restricted.tell_holders import tell_holders
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, restrictions

ACTION = Action.DECIDE_HOLDERS_CHANGE


@dataclass(frozen=True)
class HoldersChanged:
    """How many hold it now; whether it has a new key."""

    holders: int
    new_key: bool


def change_holders(
    house: House, who: Who, case_id: CaseId, holders: Collection[PersonId], was: str, code: Given
) -> HoldersChanged:
    """`was`: the digest of who held it as the page showed it (`state_of`).

    Raises Changed where that is different by now, Refused, CodeRefused, KeyAlarm, or Unacceptable
    (`holders`); then nothing was done.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=case_id) as look:
        look.require(ACTION, about(look, case_id))
        restricted_case(look.db, area_id, case_id)
        if state_of(look.db, area_id, case_id) != was:
            raise Changed
        keys_to_hold(house, look.db, area_id, holders)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=case_id) as deed:
        deed.require(about(deed, case_id))
        require_confirmed_signer(deed, who, ACTION)
        case, row = restricted_case(deed.db, area_id, case_id)
        before = restriction_of(house, deed.db, area_id, case_id)
        if before is None or state_of(deed.db, area_id, case_id) != was:
            raise Changed
        unit = open_unit_of_case(house, deed.db, who, case_id)
        held = keys_to_hold(house, deed.db, area_id, holders)
        # By the ledger, not by rows: whoever left holds no row any more, but had the key.
        left = before.given - held.keys()
        same = held.keys() == before.holders
        key = succeed(unit.key) if left or same else unit.key
        now = fingerprint(key.recipient(), b"")
        if not restrictions.change_key(
            deed.db, case_key(deed, case_id, row.concern, key), unit.public.fingerprint
        ):
            raise Changed
        give_case_key(deed, case_id, key, held.values())
        deed.note(
            line(
                Deed.HOLDERS_CHANGED,
                case=case_id,
                former=unit.public.fingerprint,
                unit_fingerprint=now,
                holders=list(held),
                signature=sign_held(
                    who.keyring.signing_seed,
                    area_id,
                    case_id,
                    unit.public.fingerprint,
                    now,
                    list(held),
                ),
            )
        )
        tell_holders(deed, case, before.holders | held.keys())
        return HoldersChanged(len(held), bool(left) or same)


def restricted_case(
    db: Connection, area_id: AreaId, case_id: CaseId
) -> tuple[Case, restrictions.CaseKey]:
    """Raises Refused (not there) for a case that is not restricted."""
    case, row = cases.load(db, area_id, case_id), restrictions.key_of(db, area_id, case_id)
    if case is None or row is None:
        raise Refused(ACTION, Why.NOT_THERE)
    return case, row


def state_of(db: Connection, area_id: AreaId, case_id: CaseId) -> str:
    """What a page shows of it, in one word (hex): which key, when it was given to whom."""
    _case, row = restricted_case(db, area_id, case_id)
    held = restrictions.holders_in(db, area_id)[case_id]
    told = [row.fingerprint, row.kit, row.made_at.isoformat(), *sorted(held)]
    return fingerprint("\n".join(told).encode(), b"")
