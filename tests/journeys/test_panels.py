"""A standing panel is invited to every case of a day at once, after a look that sends nothing."""

from __future__ import annotations

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import MeetingDayId, PanelId, PersonId
from portal.domain.meetings import Answer, Capacity
from portal.domain.people import Service, Standing
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.meetings.invite_panel import Seen, invite_panel, look_at_panel
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.set_panel import set_panel
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.panels import panels_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, papers
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import agency_of, case_of, meeting_of, told
from tests.journeys.test_people import new_person
from tests.web.browsing import send, text_of
from tests.world import World, cast

REASON = "They sit on the Level 2 panel and can commit their agencies."
SEATS = {"carys": Capacity.INVESTIGATOR, "ruth": Capacity.MANAGER, "alan": Capacity.CHAIR}


def id_of(world: World, name: str) -> PersonId:
    return cast()[name].person_id


def panel_of(world: World, name: str = "North", **seats: Capacity) -> PanelId:
    chosen = {id_of(world, key): capacity for key, capacity in (seats or SEATS).items()}
    return set_panel(world.house, world.who("priya"), None, name, chosen)


def day_of(world: World, cases: int = 2) -> MeetingDayId:
    heard = [case_of(world, f"NM/2026/{number:03}") for number in range(1, cases + 1)]
    return meeting_of(world, *heard).day.id


def invite_all(world: World, day: MeetingDayId, panel: PanelId, by: str = "helen") -> int:
    looked = look_at_panel(world.house, world.who(by), day, panel)
    return invite_panel(world.house, world.who(by), day, panel, looked.digest, REASON)


def invited(world: World, day: MeetingDayId) -> list[tuple[int, PersonId]]:
    with reading(world.house.engine) as db:
        return [
            (slot.position, entry.person_id)
            for slot in meetings.slots_of_day(db, world.area.id, day)
            for entry in meetings.invitations_to(db, world.area.id, slot.id)
            if entry.answer is Answer.INVITED
        ]


# ---- the step ----


def test_everybody_is_invited_to_every_case_with_a_line_and_a_letter_each(world: World) -> None:
    panel, day = panel_of(world), day_of(world)
    looked = look_at_panel(world.house, world.who("helen"), day, panel)
    assert [place.seen for place in looked.places] == [Seen.INVITED] * 6
    assert invited(world, day) == []
    assert told(world, "invited_to_meeting") == []
    assert invite_all(world, day, panel) == 6
    assert len(lines(world.house, world.area.id, Deed.INVITATION_MADE)) == 6
    assert len(told(world, "invited_to_meeting")) == 6
    assert sorted(invited(world, day)) == sorted(
        (position, id_of(world, name)) for position in (1, 2) for name in SEATS
    )


def test_again_it_invites_nobody_twice(world: World) -> None:
    panel, day = panel_of(world), day_of(world)
    invite_all(world, day, panel)
    looked = look_at_panel(world.house, world.who("helen"), day, panel)
    assert {place.seen for place in looked.places} == {Seen.ALREADY}
    with pytest.raises(Unacceptable):
        invite_all(world, day, panel)
    assert len(invited(world, day)) == 6


def test_whoever_was_taken_off_a_case_is_left_out_of_it_alone(world: World) -> None:
    panel, day = panel_of(world), day_of(world)
    with reading(world.house.engine) as db:
        first = meetings.slots_of_day(db, world.area.id, day)[0]
    helen, ruth = world.who("helen"), id_of(world, "ruth")
    invite_to_slot(world.house, helen, first.id, ruth, Capacity.MANAGER, REASON)
    withdraw_invitation(world.house, helen, first.id, ruth)
    assert invite_all(world, day, panel) == 5
    assert (1, ruth) not in invited(world, day)
    assert (2, ruth) in invited(world, day)


def test_a_prison_on_the_panel_is_asked_for_its_f_for_each_case_once(world: World) -> None:
    panel, day = panel_of(world, adeyemi=Capacity.OFFENDER_MANAGER), day_of(world)
    invite_all(world, day, panel)
    with reading(world.house.engine) as db:
        slots = meetings.slots_of_day(db, world.area.id, day)
        asked = [papers.requests_for(db, world.area.id, slot.id) for slot in slots]
    assert [[request.form_code for request in each] for each in asked] == [["F"], ["F"]]


# ---- rules ----


def test_rule_7_an_associate_sits_on_no_panel(world: World) -> None:
    helen = world.who("helen")
    charity = agency_of(world, "Harbour Trust", Standing.ASSOCIATE, Service.OTHER, "CJSM")
    person = invite_person(world.house, helen, new_person(world, agency_id=charity.id)).person
    with pytest.raises(Unacceptable) as found:
        set_panel(world.house, helen, None, "North", {person.id: Capacity.SPECIALIST})
    assert "rule 7" in found.value.words


def test_what_bars_an_invitation_bars_a_seat(world: World) -> None:
    for name, capacity in (("carys", Capacity.CHAIR), ("sian", Capacity.MANAGER),
                           ("dev", Capacity.OBSERVER)):  # fmt: skip
        with pytest.raises(Unacceptable):
            panel_of(world, **{name: capacity})
    assert panels_page(world.house, world.who("helen")) == ()


def test_whoever_left_sits_on_no_panel(world: World) -> None:
    panel, day = panel_of(world), day_of(world, 1)
    remove_person(world.house, world.who("helen"), id_of(world, "carys"))
    (row,) = panels_page(world.house, world.who("helen"))
    assert "Carys Bevan" not in [person.name for person, _agency, _capacity in row.people]
    assert invite_all(world, day, panel) == 2


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_rule_4_not_without_a_reason(world: World, reason: str) -> None:
    panel, day = panel_of(world), day_of(world, 1)
    looked = look_at_panel(world.house, world.who("helen"), day, panel)
    with pytest.raises(Unacceptable) as found:
        invite_panel(world.house, world.who("helen"), day, panel, looked.digest, reason)
    assert found.value.field == "reason"
    assert invited(world, day) == []


def test_what_differs_from_what_was_shown_invites_nobody(world: World) -> None:
    panel, day = panel_of(world), day_of(world, 1)
    looked = look_at_panel(world.house, world.who("helen"), day, panel)
    set_panel(world.house, world.who("helen"), panel, "North",
              {id_of(world, "grace"): Capacity.SPECIALIST})  # fmt: skip
    for digest in (looked.digest, "", "x"):
        with pytest.raises(Changed):
            invite_panel(world.house, world.who("helen"), day, panel, digest, REASON)
    assert invited(world, day) == []


# ---- who ----


@pytest.mark.parametrize("by", ["alan", "carys", "grace", "sian", "dev"])
def test_only_the_unit(world: World, by: str) -> None:
    panel, day = panel_of(world), day_of(world, 1)
    who, seats = world.who(by), {id_of(world, "carys"): Capacity.INVESTIGATOR}
    for attempt in (
        lambda: set_panel(world.house, who, None, "Mine", seats),
        lambda: set_panel(world.house, who, panel, "Mine", seats),
        lambda: look_at_panel(world.house, who, day, panel),
        lambda: invite_panel(world.house, who, day, panel, "", REASON),
    ):
        with pytest.raises(Refused) as found:
            attempt()
        assert found.value.why is Why.NOT_YOUR_ROLE


def test_another_areas_panel_day_and_people_are_not_there(world: World) -> None:
    panel, day, olga = panel_of(world), day_of(world, 1), other_area(world).olga
    with pytest.raises(Refused):
        look_at_panel(world.house, olga, day, panel)
    with pytest.raises(Refused):
        set_panel(world.house, olga, panel, "Theirs", {olga.actor.person_id: Capacity.MANAGER})
    with pytest.raises(Refused):
        set_panel(world.house, olga, None, "Theirs", {id_of(world, "carys"): Capacity.MANAGER})
    for unknown in (PanelId("a" * 26), PanelId("")):
        with pytest.raises(Refused):
            look_at_panel(world.house, world.who("helen"), day, unknown)


def test_a_panel_has_a_name_of_its_own_and_somebody_on_it(world: World) -> None:
    panel_of(world)
    with pytest.raises(Unacceptable) as found:
        panel_of(world)
    assert found.value.field == "name"
    for name, seats in (("", SEATS), ("South", {})):
        with pytest.raises(Unacceptable):
            set_panel(world.house, world.who("helen"), None, name,
                      {id_of(world, key): each for key, each in seats.items()})  # fmt: skip


# ---- in the browser ----


def test_in_the_browser(world: World) -> None:
    client, day = world.client("helen"), day_of(world)
    carys = f"of_{id_of(world, 'carys')}"
    assert "Give the panel a name." in text_of(send(client, "/unit/panels/new", **{carys: "chair"}))
    barred = send(client, "/unit/panels/new", name="North", **{carys: "chair"})
    assert "Carys Bevan: " in text_of(barred)
    assert send(client, "/unit/panels/new", name="North").status_code == 200
    saved = send(client, "/unit/panels/new", name="North", **{carys: "investigator"})
    assert saved.headers["Location"] == "/unit/panels/"
    assert "Carys Bevan" in text_of(client.get("/unit/panels/"))
    (row,) = panels_page(world.house, world.who("helen"))
    path = f"/unit/meetings/{day}/panel"
    assert "North" in text_of(client.get(path))
    looked = client.get(path, query_string={"panel": row.panel.id})
    assert "Nothing has been sent." in text_of(looked)
    digest = look_at_panel(world.house, world.who("helen"), day, row.panel.id).digest
    chosen = {"panel": row.panel.id, "digest": digest}
    form = f"{path}?panel={row.panel.id}"
    assert "Write why" in text_of(send(client, path, form, **chosen))
    done = send(client, path, form, reason=REASON, **chosen)
    assert done.headers["Location"] == f"/unit/meetings/{day}"
    assert len(invited(world, day)) == 2
    assert client.get(path, query_string={"panel": "a" * 26}).status_code == 404
