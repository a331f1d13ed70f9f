"""Withdrawing an invitation: what the person loses, and what they keep (MAPPA rule 26)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.domain.deeds import Deed
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.opened import NotGiven
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.policy.judge import Refused
from portal.records import meetings
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import MEETING, NAME, case_of, meeting_of, read_by, slot_of, told
from tests.journeys.test_inviting import invite
from tests.world import World


def test_rule_26_a_withdrawn_invitee_loses_the_particulars(world: World) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    invite(world, slot, "carys")
    carys = world.person("carys")
    gone = withdraw_invitation(world.house, world.who("priya"), slot.id, carys.id)
    assert gone.wraps_deleted == 1
    with pytest.raises(NotGiven):
        read_by(world, case, world.who("carys"))
    assert [notice.address for notice in told(world, "invitation_withdrawn")] == [carys.email]
    with reading(world.house.engine) as db:
        assert meetings.invitations_of(db, world.area.id, carys.id) == []
    with pytest.raises(Refused):
        withdraw_invitation(world.house, world.who("helen"), slot.id, carys.id)
    assert invite(world, slot, "carys").can_open
    assert read_by(world, case, world.who("carys")).name == NAME


def test_who_is_still_asked_or_invited_elsewhere_keeps_the_particulars(world: World) -> None:
    case = case_of(world)
    first = meeting_of(world, case).slots[0]
    second = meeting_of(world, case, on=MEETING + timedelta(days=28)).slots[0]
    invite(world, first, "una")
    invite(world, first, "mark")
    invite(world, second, "mark")
    invite(world, first, "ruth")
    ask_for_report(
        world.house, world.who("helen"), first.id, world.agency("social_care").id, "update",
        date(2026, 5, 20),
    )  # fmt: skip
    for name in ("mark", "ruth"):
        who = world.who(name)
        gone = withdraw_invitation(world.house, world.who("helen"), first.id, who.actor.person_id)
        assert gone.wraps_deleted == 0
        assert read_by(world, case, who).name == NAME


def test_nobody_who_was_not_invited_is_withdrawn(world: World) -> None:
    there, slot = other_area(world), slot_of(world)
    invite(world, slot, "carys")
    for who, person in (
        (world.who("helen"), world.person("ruth").id),
        (world.who("helen"), there.olga.actor.person_id),
        (there.olga, world.person("carys").id),
    ):
        with pytest.raises(Refused):
            withdraw_invitation(world.house, who, slot.id, person)
    assert lines(world.house, world.area.id, Deed.INVITATION_WITHDRAWN) == []
