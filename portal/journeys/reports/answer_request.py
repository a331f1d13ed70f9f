"""An agency answers a report request without a report: nothing known, nothing new, at the
meeting, or cannot share.

Not sharing needs a reason, which is kept sealed for the unit and for whoever gave it (MAPPA
rules 18 and 19). An answer can be changed, also into a report, until the meeting begins.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.domain.papers import RequestStatus
from portal.journeys.deed import doing
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.reports.asked import asked
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import papers

ACTION = Action.AGENCY_REPORT_ANSWER
LONGEST = 4000

ANSWERS = (
    RequestStatus.NOTHING_KNOWN,
    RequestStatus.NOTHING_NEW,
    RequestStatus.AT_MEETING,
    RequestStatus.DECLINED,
)


def answer_request(
    house: House, who: Who, request_id: RequestId, answer: RequestStatus, reason: str = ""
) -> int:
    """Record the answer; returns the place of its line. `reason` counts only where it is DECLINED.

    Raises Unacceptable (field `answer` or `reason`), Refused or KeyAlarm.
    """
    if answer not in ANSWERS:
        raise Unacceptable("answer", "Choose an answer.")
    text = reason.strip() if answer is RequestStatus.DECLINED else ""
    if answer is RequestStatus.DECLINED and not text:
        raise Unacceptable("reason", "Say why your agency cannot share this.")
    if len(text) > LONGEST:
        raise Unacceptable("reason", f"Write at most {LONGEST} characters.")
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, deed.area_id, request_id, ACTION).facts)
        value = salted(text) if text else None
        if value is not None:
            unit = unit_behind(house, deed.db, deed.area_id, request_id)
            readers = [unit.recipient, who.keyring.recipient()]
            keep_text(deed, request_id, field_at("declined", deed.now), value, readers)
        papers.answer_request(deed.db, deed.area_id, request_id, answer, None)
        return deed.note(
            line(
                Deed.REPORT_ANSWERED,
                request=request_id,
                answer=answer.value,
                reason=None if value is None else value.digest,
            )
        )
