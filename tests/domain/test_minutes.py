"""Rules 52 and 53: who gets the minutes, and above all who does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.domain.ids import AreaId, PersonId, SlotId
from portal.domain.meetings import Presence
from portal.domain.minutes import Duty, entitled
from portal.domain.packs import LeftOut

WHO = PersonId("p")
NOW = datetime(2026, 5, 14, tzinfo=UTC)
DUTY = Duty(AreaId("a"), SlotId("s"), WHO, PersonId("c"), NOW, NOW)


@pytest.mark.parametrize(
    ("presence", "why"),
    [
        (Presence.ATTENDED, None),
        (Presence.PART, None),
        (Presence.APOLOGIES, LeftOut.APOLOGIES),
        (Presence.ABSENT, LeftOut.ABSENT),
        (None, LeftOut.ABSENT),
    ],
)
def test_rule_52_those_who_attended(presence: Presence | None, why: LeftOut | None) -> None:
    register = {} if presence is None else {WHO: presence}
    assert entitled(WHO, register, {}) is why


@pytest.mark.parametrize("presence", [Presence.APOLOGIES, Presence.ABSENT, None])
def test_rule_53_a_duty_is_for_the_named_person_only(presence: Presence | None) -> None:
    register = {} if presence is None else {WHO: presence}
    assert entitled(WHO, register, {WHO: DUTY}) is None
    assert entitled(PersonId("q"), register, {WHO: DUTY}) is LeftOut.ABSENT
