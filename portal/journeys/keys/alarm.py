"""The alarm when the database holds another key than the one that was confirmed."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.journeys.keys.directory import KeyAlarm
from portal.notices.kinds import Kind
from portal.records import areas


def raise_alarm(house: House, area_id: AreaId, alarm: KeyAlarm) -> None:
    """Leave the alarm's line and tell the unit. The journey that met it has been rolled back."""
    with unjudged(house, system(area_id), Deed.KEY_ALARM) as deed:
        area = areas.load(deed.db, area_id)
        deed.note(
            line(
                Deed.KEY_ALARM,
                person=alarm.person_id,
                found=alarm.found,
                expected=alarm.expected,
            )
        )
        if area is not None:
            deed.tell(Kind.KEY_ALARM, area.unit_email, area=area.name, path="/unit/people/")
