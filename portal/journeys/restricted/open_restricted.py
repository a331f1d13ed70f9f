"""Open a case as restricted: about somebody who works with us, their family, or terrorism.

It has a key of its own, which only the holders who are named here have, and the recovery kit. Its
name stands in no list of the area, but sealed to that key. Whoever opens it need not be a holder:
then they never see it again.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto.fingerprint import fingerprint
from portal.crypto.unit import new_unit
from portal.domain.cases import TERRORISM, Case
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.domain.restricted import Concern
from portal.journeys.deed import doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.giving.sealing import keep_rows
from portal.journeys.house import House, Who
from portal.journeys.keys.case_chain import sign_held
from portal.journeys.keys.confirm_key import require_confirmed_signer
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.meetings.open_case import (
    NewCase,
    checked,
    require_new,
    save_case,
    seal_particulars,
)
from portal.journeys.restricted.choose_category_4 import handles_category_4
from portal.journeys.restricted.holders import case_key, give_case_key, keys_to_hold
from portal.journeys.restricted.names import NAME
from portal.journeys.restricted.tell_holders import tell_holders
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import restrictions

ACTION = Action.DECIDE_CASE_RESTRICT


def open_restricted(
    house: House, who: Who, new: NewCase, concern: Concern, holders: Collection[PersonId]
) -> Case:
    """Raises Refused, KeyAlarm, StorageUnavailable, or Unacceptable (any field of NewCase,
    `concern`, `holders`)."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(area_id))
        today = london(look.now).date()
        new = checked(new, today)
        if new.category == TERRORISM and concern is not Concern.TERRORISM:
            raise Unacceptable("concern", "A Category 4 case is a counter-terrorism case.")
        _require_handled(house, look.db, area_id, new)
        require_new(look.db, new, area_id)
        keys_to_hold(house, look.db, area_id, holders)
    key, case_id = new_unit(), CaseId(new_id())
    now = fingerprint(key.recipient(), b"")
    sealed = seal_particulars(house, who, case_id, new, UnitRecipient(key.recipient(), now))
    with doing(house, who.actor, ACTION, subject=case_id) as deed:
        deed.require(InArea(deed.area_id))
        require_confirmed_signer(deed, who, ACTION)
        _require_handled(house, deed.db, deed.area_id, new)
        require_new(deed.db, new, deed.area_id)
        held = keys_to_hold(house, deed.db, deed.area_id, holders)
        case = save_case(deed, case_id, new, sealed, today)
        restrictions.save_key(deed.db, case_key(deed, case_id, concern, key))
        give_case_key(deed, case_id, key, held.values())
        name = salted(new.name)
        keep_text(deed, case_id, NAME, name, [key.recipient()])
        position = deed.note(
            line(
                Deed.CASE_RESTRICTED,
                case=case_id,
                lead_agency=new.lead_agency_id,
                category=new.category,
                level=new.level,
                version=sealed.version.id,
                manifest=sealed.manifest.sha256,
                concern=concern.value,
                unit_fingerprint=now,
                holders=list(held),
                name=name.digest,
                signature=sign_held(
                    who.keyring.signing_seed, area_id, case_id, "", now, list(held)
                ),
            )
        )
        keep_rows(deed, sealed, position)
        tell_holders(deed, case, held)
    return case


def _require_handled(house: House, db: Connection, area_id: AreaId, new: NewCase) -> None:
    if new.category == TERRORISM and not handles_category_4(house, db, area_id):
        raise Unacceptable(
            "category",
            "This area has not turned on Category 4. Terrorism cases are not handled here.",
        )
