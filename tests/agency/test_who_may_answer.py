"""Nobody answers for an agency whose key was not confirmed as one of its people's."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.journeys.views.agency_request import agency_request
from portal.records import people
from tests.agency.conftest import Asking
from tests.journeys.other_area import lines
from tests.web.browsing import send, text_of
from tests.web.test_before_confirmed import confirmed, joined
from tests.world import cast


def untouched(asking: Asking) -> bool:
    told = agency_request(asking.world.house, asking.world.who("adeyemi"), asking.f)
    return told.may_answer and told.holder is None


def test_whoever_found_a_contacts_link_answers_nothing(asking: Asking) -> None:
    client, page = (
        joined(asking.world, Role.CONTACT, agency="prison"),
        f"/agency/requests/{asking.f}",
    )
    assert client.get("/agency/").status_code == 403
    for part in ("", "/answer", "/upload"):
        shown = client.get(page + part)
        assert shown.status_code == 403
        assert "has still to confirm your key with you" in text_of(shown)
        nowhere = client.get(f"/agency/requests/{'a' * 26}{part}")
        assert (nowhere.status_code, text_of(nowhere)) == (403, text_of(shown))
    assert send(client, f"{page}/claim").status_code == 403
    assert send(client, f"{page}/answer", answer="nothing_known").status_code == 403
    assert untouched(asking)
    confirmed(asking.world)
    assert client.get(page).status_code == 200
    assert send(client, f"{page}/claim").status_code == 302


@pytest.mark.parametrize("way", ["claim", "answer"])
def test_another_agency_written_into_the_database_speaks_for_nobody(
    asking: Asking, way: str
) -> None:
    world = asking.world
    moved = update(people.people).where(people.people.c.id == cast()["ruth"].person_id)
    with world.house.engine.begin() as db:
        db.execute(moved.values(agency_id=world.agency("prison").id))
    send(world.client("ruth"), f"/agency/requests/{asking.f}/{way}", answer="nothing_known")
    assert untouched(asking)
    assert [each["person"] for each in lines(world.house, world.area.id, Deed.KEY_ALARM)] == [
        cast()["ruth"].person_id
    ]
