"""A report handed in, a pack sent and opened, in an area that does not keep the account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.domain import statement
from portal.domain.factors import FactorKind
from portal.domain.ids import GrantId, SlotId
from portal.identity import oath
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.own_account.own_factors import new_generator, proved_by
from portal.journeys.packs.arrange_pack import Arrangement, arrange_pack
from portal.journeys.packs.send_pack import send_pack
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.views.pack import arrange_page, send_page
from portal.policy.judge import Refused
from portal.records import generators, people, sendings
from portal.records.database import reading
from tests.across.scene import Two, two_areas
from tests.documents.making import numbered
from tests.staging import Stage
from tests.world import code_at

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BORN = date(1979, 1, 5)


def olga_gets_an_app(two: Two) -> None:
    house = two.world.house
    with tending(house) as db:
        person = people.load(db, two.area_id, two.olga.actor.person_id)
        assert person is not None
        app = new_generator(house, person, FactorKind.CODE_APP, "phone", SEED)
        generators.save(db, proved_by(app, oath.APP, 1, two.world.clock.now()))


def code(two: Two) -> str:
    two.world.clock.advance(timedelta(seconds=30))
    return code_at(SEED, two.world.clock.now())


def report(two: Two, slot_id: SlotId) -> str:
    """Carys hands one in as Southmere's police; returns its version."""
    house, due = two.world.house, date(2026, 5, 20)
    asked = ask_for_report(house, two.olga, slot_id, two.police.id, "A", due).request
    carys = two.who("carys")
    found = examine_report(house, carys, asked.id, numbered(2, "Form A"))
    return submit_report(house, carys, asked.id, found.candidate_id, BORN).version_id


def sent(two: Two) -> tuple[SlotId, GrantId]:
    house, olga = two.world.house, two.olga
    carys = two.joins("carys")
    olga_gets_an_app(two)
    slot = two.slot(carys.actor.person_id)
    version = report(two, slot.id)
    page = arrange_page(house, olga, slot.id)
    chosen = {person: frozenset({version}) for person, _name, _agency in page.readers}
    now = two.world.clock.now()
    arrange_pack(
        house, olga, slot.id, Arrangement([version], chosen, now, now + timedelta(days=30), {})
    )
    digest = send_page(house, olga, slot.id).digest
    send_pack(house, olga, slot.id, digest, code(two), "")
    with reading(house.engine) as db:
        (grant,) = sendings.grants_of_person(db, two.area_id, carys.actor.person_id)
    return slot.id, grant.id


def opens(two: Two, grant_id: GrantId) -> bytes:
    return b"".join(open_paper(two.world.house, two.who("carys"), grant_id).chunks())


def test_a_pack_of_the_second_area_is_opened_with_the_keys_of_the_one_account(two: Two) -> None:
    north = len(two.lines(two.world.area.id))
    slot_id, grant_id = sent(two)
    began = len(two.lines(two.world.area.id)) - north
    assert began <= 2, "that the account is used elsewhere, and nothing of a case"
    with pytest.raises(Refused):
        opens(two, grant_id)
    accept_statement(two.world.house, two.who("carys"), slot_id, statement.CURRENT.digest)
    assert opens(two, grant_id).startswith(b"%PDF-")
    assert len(two.lines(two.world.area.id)) == north + began
    told = two.lines(two.area_id)[-1]
    assert told["actor"] == two.who("carys").actor.person_id


def test_at_home_the_same_grant_does_not_exist(two: Two) -> None:
    slot_id, grant_id = sent(two)
    accept_statement(two.world.house, two.who("carys"), slot_id, statement.CURRENT.digest)
    with pytest.raises(Refused):
        open_paper(two.world.house, two.world.who("carys"), grant_id)
    with pytest.raises(Refused):
        open_paper(two.world.house, two.world.who("ruth"), grant_id)


def test_leaving_the_second_area_ends_its_papers_and_nothing_else(stage: Stage) -> None:
    two = two_areas(stage.world)
    stage.arrange()
    stage.send()
    stage.accept("carys")
    slot_id, grant_id = sent(two)
    carys = two.who("carys")
    accept_statement(two.world.house, carys, slot_id, statement.CURRENT.digest)
    assert opens(two, grant_id)
    remove_person(two.world.house, two.olga, carys.actor.person_id)
    with pytest.raises(Refused):
        open_paper(two.world.house, carys, grant_id)
    assert stage.opens("carys").startswith(b"%PDF-")
    stage.whole()
