"""What the ledger says was ended stays ended, whatever rows and headers somebody puts back.

A database's older copy still holds the grants and wraps of what was taken back since. The ledger's
line does not go away with them: it is asked before anything opens. Time that ran out needs no look:
the end stands in the signed manifest, which must agree with the row. Only lines after the one that
gave the paper count, so whoever is invited anew, or given more time, reads what they were given
then.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.grants import Grant, Sending, SendingKind
from portal.domain.ids import AreaId, PersonId
from portal.ledger import leaf, search
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers

ENDING = frozenset({Deed.ACCESS_TAKEN_BACK, Deed.INVITATION_WITHDRAWN, Deed.PERSON_LEFT})


def require_not_ended(db: Connection, grant: Grant, sending: Sending, action: Action) -> None:
    """Raise Refused where a line after the grant's own takes it away.

    Where that line stands is believed here, and proven with the manifest before anything opens.
    """
    row = (
        None
        if grant.manifest_id is None
        else papers.load_manifest(db, grant.area_id, grant.manifest_id)
    )
    since = -1 if row is None else row.ledger_position
    for told in _about(db, grant.area_id, grant.person_id, since):
        if _takes_away(told, grant, sending):
            raise Refused(action, Why.TAKEN_BACK)


def has_left(db: Connection, area_id: AreaId, person_id: PersonId) -> bool:
    """Whether the ledger says that this person left: nobody comes back to the same account."""
    found = search.mentions(db, area_id, [Deed.PERSON_LEFT.value], person_id.encode(), after=-1)
    return any(leaf.decode(each)["person"] == person_id for each in found)


def _about(
    db: Connection, area_id: AreaId, person_id: PersonId, since: int
) -> list[dict[str, leaf.Value]]:
    found = search.mentions(
        db, area_id, [deed.value for deed in ENDING], person_id.encode(), after=since
    )
    return [leaf.decode(each) for each in found]


def _takes_away(told: dict[str, leaf.Value], grant: Grant, sending: Sending) -> bool:
    if told["deed"] == Deed.ACCESS_TAKEN_BACK.value:
        persons = told["persons"]
        named = isinstance(persons, list | tuple) and grant.person_id in persons
        return named and told["sending"] == sending.id
    if told["person"] != grant.person_id:
        return False
    if told["deed"] == Deed.PERSON_LEFT.value:
        return True
    return told["slot"] == sending.slot_id and sending.kind is not SendingKind.DISCLOSURE
