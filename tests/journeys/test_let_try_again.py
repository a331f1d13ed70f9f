"""Whom strangers keep out may try again, once a colleague has rung them; nothing else changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.deeds import Deed
from portal.identity.throttle import CONSECUTIVE_LIMIT
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.let_try_again import EMPTIED, ONCE_IN, let_try_again
from portal.journeys.signing_in.recover import give_recovery_code
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import give_passphrase
from portal.journeys.signing_in.throttling import Source, charge
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import factors, outbox, people
from portal.records.database import reading
from tests.journeys.other_area import lines
from tests.web.browsing import send, text_of
from tests.web.test_spoc_helps import speaks_for_housing
from tests.world import World, cast

SHARED = Source("198.51.100.7")


def kept_out(world: World, name: str = "ruth", times: int = CONSECUTIVE_LIMIT) -> None:
    """A hundred failures in a row, from many places, at sign-in and at recovery."""
    email, account = cast()[name].email, world.person(name).account_id
    for made in range(times):
        world.clock.advance(timedelta(minutes=2))
        for purpose in EMPTIED:
            counted = charge(world.house, purpose, email, account, Source(f"203.0.113.{made}"))
            assert counted.wait is None
    assert not gets_in(world, name)


def gets_in(world: World, name: str = "ruth") -> bool:
    mine = cast()[name]
    world.clock.advance(timedelta(minutes=2))
    try:
        give_passphrase(world.house, mine.email, mine.passphrase, SHARED)
    except NotRight as out:
        if "Too many tries" not in out.words:
            raise
        return False
    return True


def allow(world: World, by: str = "helen", name: str = "ruth", code: str | None = None) -> None:
    given = world.code(by) if code is None else code
    spoc = by == "una"
    action = Action.SPOC_TRIES_ALLOW if spoc else Action.DECIDE_TRIES_ALLOW
    let_try_again(world.house, world.who(by), cast()[name].person_id, given, action)


def told(world: World) -> list[str]:
    with reading(world.house.engine) as db:
        due = outbox.due(db, world.clock.now(), 500)
    return [notice.address for notice in due if notice.letter == "tries_allowed"]


def test_a_co_ordinator_lets_them_try_and_they_get_in(world: World) -> None:
    kept_out(world)
    held = factors_of(world)
    allow(world)
    assert gets_in(world)
    mine = cast()["ruth"]
    assert give_recovery_code(world.house, mine.email, mine.recovery_code, SHARED)
    assert factors_of(world) == held
    (line,) = lines(world.house, world.area.id, Deed.TRIES_ALLOWED)
    assert (line["actor"], line["person"]) == (cast()["helen"].person_id, mine.person_id)
    assert told(world) == [mine.email, world.area.unit_email]


def factors_of(world: World) -> object:
    with reading(world.house.engine) as db:
        return factors.backup_codes_of(db, world.person("ruth").account_id)


def test_a_hundred_more_and_they_are_out_again_and_it_waits_four_hours(world: World) -> None:
    kept_out(world)
    allow(world)
    assert gets_in(world)
    since = world.clock.now()
    # Getting in by the passphrase, and no further, counts as one.
    kept_out(world, times=CONSECUTIVE_LIMIT - 1)
    world.clock.set(since + ONCE_IN - timedelta(minutes=10))
    with pytest.raises(Unacceptable) as early:
        allow(world)
    assert "every four hours" in early.value.words
    world.clock.advance(timedelta(minutes=11))
    allow(world)
    assert gets_in(world)


def test_only_the_counters_of_that_address_are_emptied(world: World) -> None:
    kept_out(world, "carys")
    allow(world, name="ruth")
    assert not gets_in(world, "carys")


@pytest.mark.parametrize("by", ["priya", "carys", "ruth", "sian", "mark"])
def test_nobody_else_does(world: World, by: str) -> None:
    with pytest.raises(Refused):
        allow(world, by, "joe")


def test_nobody_does_it_for_themselves(world: World) -> None:
    with pytest.raises(Refused):
        allow(world, "helen", "helen")


def test_a_single_point_of_contact_does_it_for_their_own_agency_alone(world: World) -> None:
    speaks_for_housing(world)
    allow(world, "una", "joe")
    for other in ("ruth", "carys", "helen"):
        with pytest.raises(Refused):
            allow(world, "una", other)


def test_not_with_a_used_code_or_none(world: World) -> None:
    used = world.code("helen")
    allow(world, code=used)
    world.clock.advance(ONCE_IN + timedelta(seconds=1))
    for code in (used, "000000", ""):
        with pytest.raises(CodeRefused):
            allow(world, code=code)
    assert len(told(world)) == 2


def test_not_for_whoever_has_not_joined_or_has_left(world: World) -> None:
    with pytest.raises(Unacceptable) as found:
        allow(world, name="newcomer")
    assert "no account" in found.value.words


def test_a_number_slipped_into_the_row_is_not_rung(world: World) -> None:
    with world.house.engine.begin() as db:
        row = people.people.c.id == cast()["ruth"].person_id
        db.execute(people.people.update().where(row).values(phone="07700 900999"))
    with pytest.raises(KeyAlarm):
        allow(world)


def test_the_page_says_whom_to_ring_and_does_it(world: World) -> None:
    client, path = world.client("helen"), f"/unit/people/{cast()['ruth'].person_id}/try-again"
    assert path in client.get("/unit/people/").get_data(as_text=True)
    assert world.person("ruth").phone in text_of(client.get(path))
    wrong = send(client, path, code="000000")
    assert "not right" in text_of(wrong)
    done = send(client, path, code=world.code("helen"))
    assert "can try to sign in again" in text_of(done)
    assert "was done for them" in text_of(client.get(path, follow_redirects=True))
    assert "try to sign in again" in text_of(world.client("sian").get("/record/"))
