"""What a sending warns of is overridden with a reason, or nothing is sent (MAPPA rule 25).

The reason is sealed to the unit under the sending's id; its salted digest stands in the sending's
own line.
"""

from __future__ import annotations

from portal.domain.ids import SendingId
from portal.domain.packs import Proposal
from portal.journeys.deed import Doing
from portal.journeys.digests import Salted, keep_text, salted
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.unacceptable import required

FIELD = "warnings"
WORDS = "Say why you send it all the same."
LONGEST = 1000


def reason_for(proposal: Proposal, typed: str) -> Salted | None:
    """The reason for sending in spite of the warnings; None where there are none.

    Raises Unacceptable (`reason`) when there are warnings and no reason.
    """
    return salted(required("reason", typed, WORDS, LONGEST)) if proposal.warnings else None


def keep_reason(
    deed: Doing, sending_id: SendingId, reason: Salted | None, unit: UnitRecipient
) -> None:
    """Keep it, in the deed."""
    if reason is not None:
        keep_text(deed, sending_id, FIELD, reason, [unit.recipient])
