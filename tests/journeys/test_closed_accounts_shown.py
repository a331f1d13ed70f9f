"""A reader whose account is closed is shown where it matters, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.domain.dormancy import DORMANT_DAYS
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.views.pack import send_page
from portal.journeys.views.ready import Ready
from portal.records import uses
from portal.records.uses import Use
from tests.journeys.test_ready import invited, states
from tests.staging import Stage
from tests.web.browsing import text_of
from tests.web.sending_pages import base, get
from tests.world import World


def unused(world: World, *names: str, days: int = DORMANT_DAYS) -> None:
    """As the rows of the lists have it, nobody used these accounts for so long."""
    at = world.clock.now() - timedelta(days=days, seconds=1)
    with tending(world.house) as db:
        for name in names:
            uses.save(db, Use(world.person(name).id, world.area.id, at))


def test_ready_says_whose_account_is_closed_until_it_is_opened_again(world: World) -> None:
    slot = invited(world, "carys", "ruth", "newcomer")
    unused(world, "ruth", "newcomer")
    unused(world, "carys", days=DORMANT_DAYS - 1)
    found = states(world, slot)
    assert found["Ruth Okell"] is Ready.ASLEEP
    assert (found["Carys Bevan"], found["Nia Comer"]) == (Ready.NOT_SINCE, Ready.NEVER)
    page = world.client("helen").get(f"/unit/slots/{slot.id}/ready")
    assert "Account closed: not used" in text_of(page)
    assert "Ring, and open the account again" in text_of(page)
    with tending(world.house) as db:
        row = uses.of_area(db, world.area.id)[world.person("ruth").id]
        uses.save(db, replace(row, woken_at=world.clock.now()))
    assert states(world, slot)["Ruth Okell"] is Ready.NOT_SINCE


def test_ready_says_what_to_do_about_a_leaver(world: World) -> None:
    slot = invited(world, "carys", "ruth")
    remove_person(world.house, world.who("helen"), world.person("ruth").id)
    page = text_of(world.client("helen").get(f"/unit/slots/{slot.id}/ready"))
    assert "Ask the agency who comes instead" in page


def test_the_sending_page_names_them_and_leads_to_opening_the_account(stage: Stage) -> None:
    stage.arrange()
    who = stage.world.who("helen")
    assert send_page(stage.house, who, stage.slot_id).asleep == frozenset()
    helen = stage.world.client("helen")
    assert "not used for a long time" not in get(helen, f"{base(stage)}/pack/send")
    unused(stage.world, "ruth", "una")
    assert send_page(stage.house, who, stage.slot_id).asleep == {stage.id("ruth"), stage.id("una")}
    body = get(helen, f"{base(stage)}/pack/send")
    assert "closed, because" in body
    assert f"/unit/people/{stage.id('ruth')}/wake" in body


def test_whoever_gets_nothing_is_not_named_for_a_closed_account(stage: Stage) -> None:
    stage.arrange()
    unused(stage.world, "sian", "tom")
    body = get(stage.world.client("helen"), f"{base(stage)}/pack/send")
    assert "not used for a long time" not in body


def test_the_last_coordinator_is_never_shown_as_closed(stage: Stage) -> None:
    stage.arrange()
    unused(stage.world, "helen", "priya")
    assert (
        stage.id("helen")
        not in send_page(stage.house, stage.world.who("helen"), stage.slot_id).asleep
    )
