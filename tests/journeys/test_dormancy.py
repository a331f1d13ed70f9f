"""An account that nobody uses closes by its time, and is opened again after a check (rule 81)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.dormancy import DORMANT_DAYS, WARN_BEFORE, WOKEN_LASTS, Checked
from portal.domain.ids import PersonId
from portal.domain.people import Account, Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.dormancy.limit_dormancy import limit_dormancy
from portal.journeys.dormancy.tell_dormant import tell_dormant
from portal.journeys.dormancy.wake_person import wake_person
from portal.journeys.house import Who
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.colleagues import colleagues_page
from portal.journeys.views.dormant import dormant_page
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, uses
from portal.records.database import reading
from tests.giving_roles import give_roles
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import told
from tests.web.browsing import send, sign_in, text_of
from tests.world import World, cast, confirm

LONG = timedelta(days=DORMANT_DAYS)
A_MOMENT = timedelta(seconds=1)


def id_of(world: World, name: str) -> PersonId:
    return world.person(name).id


def asleep(world: World, name: str) -> bool:
    with reading(world.house.engine) as db:
        return asleep_since(db, world.person(name), world.clock.now()) is not None


def after(world: World, days: timedelta = LONG + A_MOMENT) -> None:
    """Nobody but the co-ordinator came for so long."""
    world.clock.advance(days - timedelta(hours=1))
    sign_in(world, "helen")
    world.clock.advance(timedelta(hours=1))


def wake(world: World, by: str, name: str, who: Who | None = None) -> None:
    wake_person(
        world.house, who or world.who(by), Action.DECIDE_PERSON_WAKE, id_of(world, name),
        Checked.RANG, world.code(by),
    )  # fmt: skip


# ---- coming back ----


def come(world: World, name: str):  # type: ignore[no-untyped-def]
    """Passphrase and code, and what the browser shows then."""
    client, mine = world.client(), cast()[name]
    half = send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    assert half.status_code == 303
    return client, send(client, "/sign-in/code", code=world.code(name))


def test_to_the_last_moment_it_signs_in_and_after_it_no_more(world: World) -> None:
    world.clock.advance(LONG)
    assert not asleep(world, "carys")
    world.clock.advance(A_MOMENT)
    sign_in(world, "helen")
    client, answer = come(world, "carys")
    assert answer.status_code == 403
    said = text_of(answer)
    assert "Your account is closed because it was not used" in said
    assert "01632 960 000" in said
    assert client.get("/account/").status_code == 302
    assert client.get("/sign-in/code").status_code == 302
    (line,) = lines(world.house, world.area.id, Deed.DORMANT_CAME)
    assert line["person"] == id_of(world, "carys")
    assert len(told(world, "dormant_came")) == 1


def test_before_passphrase_and_code_nothing_differs(world: World) -> None:
    """An outsider, and somebody with the passphrase alone, learn nothing."""
    after(world)
    fresh, mine = world.client(), cast()["carys"]
    wrong = send(fresh, "/sign-in", email=mine.email, passphrase="not it at all, is it")
    nobody = send(world.client(), "/sign-in", email="no@no.example", passphrase="not it at all")
    assert text_of(wrong) == text_of(nobody).replace("no@no.example", mine.email)
    assert send(fresh, "/sign-in", email=mine.email, passphrase=mine.passphrase).status_code == 303
    refused = send(fresh, "/sign-in/code", code="000000")
    assert "not right" in text_of(refused)
    assert "closed" not in text_of(refused)
    assert lines(world.house, world.area.id, Deed.DORMANT_CAME) == []


def test_the_recovery_code_is_no_way_round(world: World) -> None:
    after(world)
    client, mine = world.client(), cast()["carys"]
    send(client, "/recover", email=mine.email, recovery_code=mine.recovery_code)
    send(client, "/recover/code", code=world.code("carys"))
    answer = send(client, "/recover/passphrase", passphrase="otter lantern gravel pepper sunday")
    assert answer.status_code == 403
    assert "not used" in text_of(answer)
    assert lines(world.house, world.area.id, Deed.PASSPHRASE_CHANGED) == []


def test_whoever_comes_in_time_stays(world: World) -> None:
    world.clock.advance(LONG - A_MOMENT)
    sign_in(world, "carys")
    world.clock.advance(LONG - timedelta(minutes=1))
    sign_in(world, "helen")
    assert not asleep(world, "carys")
    sign_in(world, "carys")


def test_rows_that_say_otherwise_let_nobody_in(world: World) -> None:
    after(world)
    with tending(world.house) as db:
        carys = id_of(world, "carys")
        uses.save(db, uses.Use(carys, world.area.id, world.clock.now(), world.clock.now()))
    assert come(world, "carys")[1].status_code == 403


# ---- the last co-ordinator ----


def test_the_last_co_ordinator_never_falls_asleep(world: World) -> None:
    world.clock.advance(LONG * 3)
    assert asleep(world, "tom")
    assert not asleep(world, "helen")
    sign_in(world, "helen")
    wake(world, "helen", "tom")
    assert not asleep(world, "tom")


def test_of_two_co_ordinators_the_one_who_is_away_does(world: World) -> None:
    with world.house.engine.begin() as db:
        both = frozenset({Role.COORDINATOR})
        db.execute(people.people.update().where(
            people.people.c.id == id_of(world, "tom")).values(roles=both))  # fmt: skip
    world.clock.advance(LONG + A_MOMENT)
    assert not asleep(world, "tom")
    assert not asleep(world, "helen")
    sign_in(world, "helen")
    assert asleep(world, "tom")
    assert not asleep(world, "helen")


# ---- opening again ----


def test_it_is_opened_for_a_week_and_the_owner_is_told(world: World) -> None:
    after(world)
    wake(world, "helen", "carys")
    (line,) = lines(world.house, world.area.id, Deed.ACCOUNT_WOKEN)
    assert (line["person"], line["check"]) == (id_of(world, "carys"), "rang")
    assert [notice.address for notice in told(world, "account_woken")] == [cast()["carys"].email]
    assert not asleep(world, "carys")
    world.clock.advance(WOKEN_LASTS + A_MOMENT)
    assert asleep(world, "carys")
    wake(world, "helen", "carys")
    sign_in(world, "carys")
    world.clock.advance(WOKEN_LASTS * 2)
    assert not asleep(world, "carys")


@pytest.mark.parametrize("by", ["priya", "alan", "ruth", "sian", "dev", "mark"])
def test_who_may_not_open_it(world: World, by: str) -> None:
    after(world)
    with pytest.raises(Refused) as found:
        wake(world, by, "carys")
    assert found.value.why is Why.NOT_YOUR_ROLE
    assert asleep(world, "carys")


def test_nobody_opens_their_own_nor_one_of_another_area(world: World) -> None:
    after(world)
    with pytest.raises(Refused) as found:
        wake(world, "helen", "helen")
    assert found.value.why is Why.NOT_ONESELF
    olga = other_area(world).olga
    with pytest.raises(Refused):
        wake_person(world.house, olga, Action.DECIDE_PERSON_WAKE, id_of(world, "carys"),
                    Checked.MET, "123456")  # fmt: skip


def test_without_an_unused_code_nothing_is_opened(world: World) -> None:
    after(world)
    code = world.code("helen")
    args = (world.house, world.who("helen"), Action.DECIDE_PERSON_WAKE)
    wake_person(*args, id_of(world, "carys"), Checked.MET, code)
    for typed in (code, "000000", ""):
        with pytest.raises(CodeRefused):
            wake_person(*args, id_of(world, "ruth"), Checked.MET, typed)
    assert asleep(world, "ruth")


def test_an_open_account_and_one_that_left_are_not_opened(world: World) -> None:
    with pytest.raises(Unacceptable):
        wake(world, "helen", "carys")
    after(world)
    remove_person(world.house, world.who("helen"), id_of(world, "carys"))
    for name in ("carys", "newcomer"):
        with pytest.raises(Unacceptable):
            wake(world, "helen", name)


def test_a_number_that_was_slipped_in_is_not_rung(world: World) -> None:
    after(world)
    with world.house.engine.begin() as db:
        db.execute(people.people.update().where(
            people.people.c.id == id_of(world, "carys")).values(phone="01632 960 999"))  # fmt: skip
    with pytest.raises(KeyAlarm):
        wake(world, "helen", "carys")
    assert asleep(world, "carys")


def test_a_single_point_of_contact_opens_their_own_peoples_alone(world: World) -> None:
    give_roles(world, "una", frozenset({Role.ATTENDEE, Role.SPOC}))
    confirm(world, "una")
    world.clock.advance(LONG + A_MOMENT)
    spoc = world.who("una")
    for name, why in (("carys", Why.NOT_THERE), ("una", Why.NOT_ONESELF)):
        with pytest.raises(Refused) as found:
            wake_person(world.house, spoc, Action.SPOC_PERSON_WAKE, id_of(world, name),
                        Checked.RANG, world.code("una"))  # fmt: skip
        assert found.value.why is why
    wake_person(world.house, spoc, Action.SPOC_PERSON_WAKE, id_of(world, "joe"),
                Checked.RANG, world.code("una"))  # fmt: skip
    assert not asleep(world, "joe")


def test_nor_anybody_with_a_role_of_the_unit(world: World) -> None:
    world.clock.advance(LONG + A_MOMENT)
    mark = world.who("mark")
    spoc = replace(mark, actor=replace(mark.actor, roles=mark.actor.roles | {Role.SPOC}))
    for name in ("tom", "priya", "sian"):
        with pytest.raises(Refused) as found:
            wake_person(world.house, spoc, Action.SPOC_PERSON_WAKE, id_of(world, name),
                        Checked.RANG, world.code("mark"))  # fmt: skip
        assert found.value.why is Why.NOT_YOUR_ROLE


# ---- the area's time ----


def test_a_co_ordinator_says_after_how_long(world: World) -> None:
    limit_dormancy(world.house, world.who("helen"), 60)
    assert lines(world.house, world.area.id, Deed.DORMANCY_LIMITED)[-1]["days"] == 60
    world.clock.advance(timedelta(days=60) + A_MOMENT)
    assert asleep(world, "carys")


@pytest.mark.parametrize("days", [-1, 0, 29, 401, 10**9])
def test_a_time_without_sense_is_refused(world: World, days: int) -> None:
    with pytest.raises(Unacceptable):
        limit_dormancy(world.house, world.who("helen"), days)


@pytest.mark.parametrize("by", ["priya", "carys", "grace", "sian", "dev"])
def test_nobody_else_says_so(world: World, by: str) -> None:
    with pytest.raises(Refused):
        limit_dormancy(world.house, world.who(by), 60)


# ---- letters ----


def test_the_owner_is_told_before_and_the_agency_after_each_once(world: World) -> None:
    assert tell_dormant(world.house, world.area.id) == 0
    world.clock.advance(LONG - WARN_BEFORE)
    enrolled = len(world_people(world))
    assert tell_dormant(world.house, world.area.id) == enrolled
    assert tell_dormant(world.house, world.area.id) == 0
    assert len(told(world, "account_closes_soon")) == enrolled
    sign_in(world, "carys")
    world.clock.advance(WARN_BEFORE + A_MOMENT)
    sign_in(world, "helen")
    dormant = enrolled - 2
    assert tell_dormant(world.house, world.area.id) == dormant
    assert tell_dormant(world.house, world.area.id) == 0
    assert len(lines(world.house, world.area.id, Deed.ACCOUNT_DORMANT)) == dormant
    addresses = {notice.address for notice in told(world, "account_dormant")}
    assert addresses == {world.area.unit_email}


def world_people(world: World) -> list[PersonId]:
    with reading(world.house.engine) as db:
        found = people.of_area(db, world.area.id).values()
    return [person.id for person in found if person.account is Account.ENROLLED]


def test_nothing_is_told_while_the_clock_is_in_doubt(world: World) -> None:
    world.clock.advance(LONG + A_MOMENT)
    world.clock.doubt = "it ran ahead"
    with pytest.raises(ClockDoubted):
        tell_dormant(world.house, world.area.id)
    assert told(world, "account_dormant") == []


# ---- what is seen ----


def test_the_list_shows_who_is_closed_and_who_soon(world: World) -> None:
    after(world)
    page = dormant_page(world.house, world.who("helen"))
    names = [row.person.name for row in page.rows]
    assert "Carys Bevan" in names
    assert "Helen Marsh" not in names
    assert "Nia Comer" not in names
    assert all(row.asleep and row.may_wake for row in page.rows)
    shown = text_of(world.client("helen").get("/unit/people/dormant"))
    assert "Carys Bevan" in shown
    assert "Open again" in shown
    assert not any(row.may_wake for row in dormant_page(world.house, world.who("priya")).rows)


def test_their_single_point_of_contact_sees_it_too(world: World) -> None:
    after(world)
    una = world.who("una")
    spoc = replace(una, actor=replace(una.actor, roles=una.actor.roles | {Role.SPOC}))
    rows = {row.person.name: row for row in colleagues_page(world.house, spoc).rows}
    assert rows["Joe Tarn"].may_wake
    assert not rows["Una Berg"].may_wake


def test_in_the_browser(world: World) -> None:
    after(world)
    client, path = world.client("helen"), f"/unit/people/{id_of(world, 'carys')}/wake"
    assert "01632 960 222" in text_of(client.get(path))
    slip = send(client, path, check="rang", code="000000")
    assert "not right" in text_of(slip)
    assert "Choose how you made sure." in text_of(send(client, path, code=world.code("helen")))
    done = send(client, path, check="met", code=world.code("helen"))
    assert done.status_code == 302
    assert come(world, "carys")[1].status_code == 303
    saved = send(client, "/unit/people/dormant/days", days="90")
    assert saved.status_code == 302
    assert world.area.dormant_days == 90
    assert "from 30 to 400" in text_of(send(client, "/unit/people/dormant/days", days="5"))
