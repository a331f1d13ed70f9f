"""A single point of contact names, covers, certifies and removes their own agency's people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.colleagues import CERTIFY_EVERY, LATE_AFTER, Certified
from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.people import Account, Role
from portal.journeys.agencies.certify_people import certify_people
from portal.journeys.agencies.cover_colleague import cover_colleague
from portal.journeys.agencies.name_colleague import name_colleague
from portal.journeys.agencies.remove_person import remove_colleague, remove_person
from portal.journeys.changed import Changed
from portal.journeys.house import Who
from portal.journeys.joining.invite_list import look_at_list
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.colleagues import colleagues_page
from portal.journeys.views.reader_home import reader_home
from portal.journeys.views.today import today
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import claims, keys
from portal.records.database import reading
from tests.giving_roles import give_roles
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, meeting_of, told
from tests.journeys.test_people import new_person
from tests.web.browsing import send, text_of
from tests.world import World


def id_of(world: World, name: str) -> PersonId:
    return world.person(name).id


def as_spoc(world: World, name: str) -> Who:
    """Somebody who also speaks for their agency."""
    give_roles(world, name, world.person(name).roles | {Role.SPOC})
    return world.who(name)


# ---- naming ----


def test_a_colleague_is_named_for_the_own_agency_whatever_is_sent(world: World) -> None:
    new = new_person(world, agency_id=world.agency("police").id)
    linked = name_colleague(world.house, world.who("grace"), new)
    assert linked.person.agency_id == world.agency("health").id
    assert linked.person.account is Account.INVITED
    assert len(told(world, "invited_to_join")) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ATTENDEE, Role.CONTACT}))
def test_rule_14_they_give_no_role_but_the_agencys(world: World, role: Role) -> None:
    with pytest.raises(Refused) as found:
        name_colleague(world.house, world.who("grace"), new_person(world, roles=frozenset({role})))
    assert found.value.why is Why.NOT_YOUR_ROLE


@pytest.mark.parametrize("by", ["helen", "carys", "alan", "sian", "dev"])
def test_whoever_speaks_for_no_agency_does_none_of_it(world: World, by: str) -> None:
    who = world.who(by)
    with pytest.raises(Refused):
        name_colleague(world.house, who, new_person(world))
    with pytest.raises(Refused):
        remove_colleague(world.house, who, id_of(world, "newcomer"))
    with pytest.raises(Refused):
        certify_people(world.house, who, [id_of(world, "newcomer")], [])
    with pytest.raises(Refused):
        colleagues_page(world.house, who)


def test_only_a_co_ordinator_lets_somebody_speak_for_an_agency(world: World) -> None:
    text = "Ivy,ivy@northmere.example,Northmere Police,Desk,01632 960 556,spoc"
    assert look_at_list(world.house, world.who("helen"), text).clean
    assert not look_at_list(world.house, world.who("priya"), text).clean


# ---- leaving ----


def test_a_colleague_who_left_loses_everything(world: World) -> None:
    gone = remove_colleague(world.house, world.who("grace"), id_of(world, "newcomer"))
    assert gone.held_unit_key is False
    assert world.person("newcomer").account is Account.LEFT
    assert lines(world.house, world.area.id, Deed.PERSON_LEFT)[-1]["actor"] == id_of(world, "grace")


def test_nobody_of_another_agency_or_with_a_role_of_the_unit_nor_oneself(world: World) -> None:
    grace = world.who("grace")
    for name, why in (("carys", Why.NOT_THERE), ("grace", Why.NOT_ONESELF)):
        with pytest.raises(Refused) as found:
            remove_colleague(world.house, grace, id_of(world, name))
        assert found.value.why is why
    mark = as_spoc(world, "mark")
    for name in ("helen", "tom", "priya", "sian", "dev"):
        with pytest.raises(Refused) as found:
            remove_colleague(world.house, mark, id_of(world, name))
        assert found.value.why is Why.NOT_YOUR_ROLE
    with pytest.raises(Refused):
        remove_colleague(world.house, as_spoc(world, "carys"), id_of(world, "alan"))
    with pytest.raises(Refused):
        remove_colleague(world.house, grace, other_area(world).olga.actor.person_id)
    with pytest.raises(Refused):
        remove_colleague(world.house, grace, PersonId("a" * 26))


# ---- covering ----


def test_whom_and_until_when(world: World) -> None:
    grace, newcomer = world.who("grace"), id_of(world, "newcomer")
    now = world.clock.now()
    soon = now + timedelta(days=3)
    for until in (now, now - timedelta(days=1), now + timedelta(days=93)):
        with pytest.raises(Unacceptable) as found:
            cover_colleague(world.house, grace, newcomer, id_of(world, "grace"), until)
        assert found.value.field == "until"
    for by in ("newcomer", "carys"):
        with pytest.raises(Unacceptable) as found:
            cover_colleague(world.house, grace, newcomer, id_of(world, by), soon)
        assert found.value.field == "by"
    with pytest.raises(Refused):
        cover_colleague(world.house, grace, id_of(world, "carys"), id_of(world, "grace"), soon)
    cover_colleague(world.house, grace, newcomer, id_of(world, "grace"), soon)
    rows = {r.person.id: r for r in colleagues_page(world.house, grace).rows}
    assert rows[newcomer].covered_by == "Grace Lund"
    world.clock.advance(timedelta(days=4))
    rows = {r.person.id: r for r in colleagues_page(world.house, world.who("grace")).rows}
    assert rows[newcomer].covered_by == ""


def test_what_the_one_who_is_away_had_passes_over_with_a_line_each(world: World) -> None:
    slot = meeting_of(world, case_of(world)).slots[0]
    due = slot.starts_at.date() - timedelta(days=2)
    asked = ask_for_report(
        world.house, world.who("helen"), slot.id, world.agency("health").id, "update", due
    )
    newcomer, grace = id_of(world, "newcomer"), id_of(world, "grace")
    with world.house.engine.begin() as db:
        claims.save(db, claims.Claim(asked.request.id, world.area.id, newcomer, world.clock.now()))
    until = world.clock.now() + timedelta(days=7)
    assert cover_colleague(world.house, world.who("grace"), newcomer, grace, until) == 1
    with reading(world.house.engine) as db:
        held = claims.of(db, world.area.id, asked.request.id)
    assert held is not None
    assert held.person_id == grace
    entry = lines(world.house, world.area.id, Deed.REQUEST_PASSED)[-1]
    assert (entry["person"], entry["before"]) == (grace, newcomer)


# ---- each quarter ----


def test_the_quarter_runs_out_is_reminded_of_and_shown_and_closes_nobody(world: World) -> None:
    newcomer = id_of(world, "newcomer")

    def state() -> Certified:
        rows = colleagues_page(world.house, world.who("grace")).rows
        return next(row.certified for row in rows if row.person.id == newcomer)

    assert state() is Certified.CURRENT
    assert reader_home(world.house, world.who("grace")).to_certify == 0
    world.clock.advance(CERTIFY_EVERY)
    assert state() is Certified.DUE
    assert reader_home(world.house, world.who("grace")).to_certify == 1
    assert reader_home(world.house, world.who("carys")).to_certify == 0
    assert today(world.house, world.who("helen")).uncertified == ()
    world.clock.advance(LATE_AFTER)
    assert state() is Certified.OVERDUE
    assert today(world.house, world.who("helen")).uncertified == (("Northmere Health Trust", 1),)
    assert world.person("newcomer").account is Account.INVITED
    certify_people(world.house, world.who("grace"), [newcomer], [])
    assert state() is Certified.CURRENT
    assert today(world.house, world.who("helen")).uncertified == ()
    entry = lines(world.house, world.area.id, Deed.PEOPLE_CERTIFIED)[-1]
    assert list(entry["persons"]) == [newcomer]


def test_who_is_said_to_have_left_loses_everything_in_the_same_step(world: World) -> None:
    done = certify_people(world.house, world.who("grace"), [], [id_of(world, "newcomer")])
    assert (done.here, done.left) == (0, 1)
    assert world.person("newcomer").account is Account.LEFT


@pytest.mark.parametrize("name", ["grace", "carys", "helen"])
def test_nobody_certifies_themselves_or_another_agencys(world: World, name: str) -> None:
    for here, left in (([id_of(world, name)], []), ([], [id_of(world, name)])):
        with pytest.raises(Changed):
            certify_people(world.house, world.who("grace"), here, left)
    assert world.person(name).account is Account.ENROLLED


def test_if_one_may_not_be_removed_nothing_is_done(world: World) -> None:
    spoc = as_spoc(world, "mark")
    with pytest.raises(Refused):
        certify_people(world.house, spoc, [id_of(world, "sian")], [id_of(world, "priya")])
    assert lines(world.house, world.area.id, Deed.PEOPLE_CERTIFIED) == []
    with reading(world.house.engine) as db:
        assert keys.unit_wrap_of(db, world.area.id, id_of(world, "priya")) is not None


def test_saying_nothing_or_both_is_refused(world: World) -> None:
    newcomer = id_of(world, "newcomer")
    for here, left in (([], []), ([newcomer], [newcomer])):
        with pytest.raises(Unacceptable):
            certify_people(world.house, world.who("grace"), here, left)


def test_a_leaver_is_not_asked_about_and_covers_nobody(world: World) -> None:
    remove_person(world.house, world.who("helen"), id_of(world, "newcomer"))
    rows = colleagues_page(world.house, world.who("grace")).rows
    assert [row.person.id for row in rows] == [id_of(world, "grace")]


# ---- in the browser ----


def test_has_left_asks_once_more_before_anything_is_lost(world: World) -> None:
    client = world.client("grace")
    path, newcomer = "/agency/people/certify", id_of(world, "newcomer")
    assert "Nia Comer" in text_of(client.get("/agency/people/"))
    asked = send(client, path, **{f"of_{newcomer}": "left"})
    assert "lose everything at once" in text_of(asked)
    assert world.person("newcomer").account is Account.INVITED
    done = send(client, path, **{f"of_{newcomer}": "left", "sure": "y"})
    assert done.status_code == 302
    assert world.person("newcomer").account is Account.LEFT
