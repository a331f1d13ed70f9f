"""Restricted cases and the recovery kit: it gives those that nobody holds to whom it brings in.

The key stays the same, for nobody may remain who could seal the rest to a new one; the new holder
names others, and with that gives the case a new key. A case with a holder who can still open it is
theirs, and stays so. A kit that takes another's place takes over what was sealed to that one.
"""

from __future__ import annotations

from portal.crypto.age.errors import AgeError
from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import Opened, unit_for_kit, unit_now
from portal.crypto.unit import BadUnitKey
from portal.domain.deeds import Deed, line
from portal.domain.ids import CaseId, PersonId
from portal.domain.people import DECIDERS, Account
from portal.journeys.deed import Doing
from portal.journeys.house import Who
from portal.journeys.keys.case_chain import sign_held
from portal.journeys.keys.directory import ConfirmedKey, KeyAlarm
from portal.journeys.keys.unit_of import require_named, restriction_of
from portal.journeys.restricted.holders import give_case_key
from portal.records import people, restrictions


def give_cases_by_kit(deed: Doing, who: Who, opened: Opened, key: ConfirmedKey) -> int:
    """In the deed in which their key is confirmed; returns how many. A case whose key is sealed to
    an earlier kit stays closed, and is left as it is. Raises KeyAlarm."""
    return sum(
        _give(deed, who, opened, key, case_id)
        for case_id in restrictions.keys_of_area(deed.db, deed.area_id)
    )


def take_over(deed: Doing, former: Opened, kit: bytes) -> int:
    """In the deed that renews the kit: what was sealed to the former one, which its custodians have
    opened, is sealed to the new one (public key, raw). Returns how many; what does not open, or is
    not the case's key, is left for its holders."""
    taken = 0
    for case_id, row in restrictions.keys_of_area(deed.db, deed.area_id).items():
        found = restriction_of(deed.house, deed.db, deed.area_id, case_id)
        try:
            if found is None:
                continue
            unit = require_named(unit_now(former, row.for_kit), found.public)
        except (AgeError, BadUnitKey, KeyAlarm):
            continue
        sealed = unit_for_kit(unit.key, kit)
        restrictions.reseal_for_kit(deed.db, row, sealed, fingerprint(kit, b""))
        taken += 1
    return taken


def _give(deed: Doing, who: Who, opened: Opened, key: ConfirmedKey, case_id: CaseId) -> bool:
    row = restrictions.key_of(deed.db, deed.area_id, case_id)
    found = restriction_of(deed.house, deed.db, deed.area_id, case_id)
    if row is None or found is None or _is_held(deed, case_id, found.holders):
        return False
    try:
        unit = require_named(unit_now(opened, row.for_kit), found.public)
    except (AgeError, BadUnitKey, KeyAlarm):
        return False
    mine, now = who.actor.person_id, found.public.fingerprint
    held = restrictions.holders_in(deed.db, deed.area_id)[case_id]
    for person_id in found.holders | held:
        restrictions.remove_holder(deed.db, deed.area_id, case_id, person_id)
    give_case_key(deed, case_id, unit.key, [key])
    deed.note(
        line(
            Deed.HOLDERS_CHANGED,
            case=case_id,
            former=now,
            unit_fingerprint=now,
            holders=[mine],
            signature=sign_held(who.keyring.signing_seed, deed.area_id, case_id, now, now, [mine]),
        )
    )
    return True


def _is_held(deed: Doing, case_id: CaseId, holders: frozenset[PersonId]) -> bool:
    """Whether one of those whom the ledger names can open it still."""
    area_id, known = deed.area_id, people.of_area(deed.db, deed.area_id)
    for person_id in holders:
        held = restrictions.holder_of(deed.db, area_id, case_id, person_id)
        person = known.get(person_id)
        if (
            held is not None
            and held.sealed
            and person is not None
            and person.account is Account.ENROLLED
            and person.roles & DECIDERS
        ):
            return True
    return False
