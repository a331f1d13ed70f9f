"""Somebody on the list of a case slot accepts the confidentiality statement (MAPPA rule 27).

For this slot alone and in this very wording: its version and SHA-256 go into the ledger. What was
on the page is what is accepted; if the wording has changed meanwhile, it is shown again.
"""

from __future__ import annotations

from portal.domain import statement
from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.opening.held import on_the_list
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes

ACTION = Action.READER_STATEMENT_ACCEPT


def accept_statement(house: House, who: Who, slot_id: SlotId, wording: str) -> int:
    """Accept the wording with this SHA-256 (hex); returns the place of the line.

    Raises Refused, or Changed when that is not the wording that counts now.
    """
    with doing(house, who.actor, ACTION, slot_id) as deed:
        slot = meetings.load_slot(deed.db, deed.area_id, slot_id)
        if slot is None:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(on_the_list(deed.db, slot))
        now_worded = statement.CURRENT
        if wording != now_worded.digest:
            raise Changed("The wording of the statement has changed. Read it again.")
        minutes.accept_statement(
            deed.db,
            minutes.Acceptance(
                deed.area_id,
                slot_id,
                who.actor.person_id,
                now_worded.version,
                now_worded.digest,
                deed.now,
            ),
        )
        return deed.note(
            line(
                Deed.STATEMENT_ACCEPTED,
                slot=slot_id,
                wording_version=now_worded.version,
                wording=now_worded.digest,
            )
        )
