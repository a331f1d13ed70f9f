"""The rows of a backup follow the lines of the record that came back behind it.

Whoever left since has left; whoever was given other roles has those; whoever was taken out of a
restricted case is out of it; whoever has had another key since, by beginning anew or by a click,
has none: the new one was lost with its rows, and the one in the backup ended. They join again by a
new link. Nothing is given by this, so it leaves no line of its own.
"""

from __future__ import annotations

from portal.domain.deeds import Deed
from portal.domain.ids import CaseId, PersonId
from portal.domain.people import DECIDERS, UNIT, Account, Role
from portal.journeys.agencies.remove_person import take_all
from portal.journeys.deed import Doing
from portal.journeys.keys.end_key import ended_already
from portal.journeys.keys.forget_secrets import forget_secrets
from portal.journeys.keys.standing import ended_keys
from portal.ledger import leaf, search
from portal.records import keys, people, restrictions

DEEDS = (Deed.PERSON_LEFT, Deed.ROLES_CHANGED, Deed.HOLDERS_CHANGED)


def follow_lines(deed: Doing, since: int) -> int:
    """`since` is the first position behind the backup. Returns how many must begin anew."""
    lines = search.of_deeds(deed.db, deed.area_id, [each.value for each in DEEDS], lambda _t: True)
    for told in [leaf.decode(entry.leaf) for entry in lines if entry.position >= since]:
        if told["deed"] == Deed.HOLDERS_CHANGED.value:
            _take_out(deed, CaseId(str(told["case"])), told["holders"])
            continue
        person = people.load(deed.db, deed.area_id, PersonId(str(told["person"])))
        if person is None or person.account is Account.LEFT:
            continue
        if told["deed"] == Deed.PERSON_LEFT.value:
            take_all(deed, person)
        else:
            _have_roles(deed, person.id, told["roles"])
    return _end_keys(deed)


def _have_roles(deed: Doing, person_id: PersonId, told: leaf.Value) -> None:
    listed = told if isinstance(told, list | tuple) else ()
    roles = frozenset(Role(str(each)) for each in listed)
    people.set_roles(deed.db, deed.area_id, person_id, roles)
    if not roles & UNIT:
        keys.remove_unit_wrap(deed.db, deed.area_id, person_id)
    if not roles & DECIDERS:
        restrictions.forget_holder(deed.db, deed.area_id, person_id)


def _take_out(deed: Doing, case_id: CaseId, told: leaf.Value) -> None:
    """Whoever is not among those who held it then holds it no more; nobody is put in."""
    named = frozenset(str(each) for each in told) if isinstance(told, list | tuple) else frozenset()
    for person_id in restrictions.holders_in(deed.db, deed.area_id).get(case_id, frozenset()):
        if person_id not in named:
            restrictions.remove_holder(deed.db, deed.area_id, case_id, person_id)


def _end_keys(deed: Doing) -> int:
    ended, anew = ended_keys(deed.db, deed.area_id), 0
    for person_id, key in keys.public_keys_of_area(deed.db, deed.area_id).items():
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None or key.fingerprint not in ended:
            continue
        ended_already(deed, person, ended[key.fingerprint])
        if person.account is Account.ENROLLED:
            forget_secrets(deed.db, person)
            people.set_account(deed.db, deed.area_id, person_id, Account.INVITED)
            anew += 1
    return anew
