"""Somebody of two areas changes their keys: in both, or in neither."""

from __future__ import annotations

import pytest

from portal.domain import statement
from portal.domain.ids import AreaId, GrantId
from portal.domain.people import Role
from portal.journeys.across.act_in import everywhere
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.meetings.accept_statement import accept_statement
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.own_account.change_keys import change_keys
from portal.journeys.own_account.rewrap_own import left_of_own, rewrap_own
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.records import keys
from portal.records.database import reading
from tests.across.scene import Two
from tests.across.test_papers import sent


def change(two: Two, name: str, found: Recalled | None = None) -> Recalled:
    """The session as it goes on, at home."""
    found = found or two.at_home(name)
    code = two.world.code(name)
    secret = change_keys(two.world.house, found, own_fingerprint(found.who()), code)
    after = recall(two.world.house, secret)
    assert isinstance(after, Recalled)
    return after


def in_south(two: Two, found: Recalled) -> Recalled:
    return next(each for each in everywhere(two.world.house, found) if each.area.id == two.area_id)


def confirmed(two: Two, area_id: AreaId) -> dict[str, str]:
    with reading(two.world.house.engine) as db:
        found = confirmed_keys(two.world.house, db, area_id)
    return {person_id: key.fingerprint for person_id, key in found.items()}


def state(two: Two) -> tuple[object, ...]:
    """Both ledgers' lengths, and every key of both areas."""
    areas = (two.world.area.id, two.area_id)
    return tuple((len(two.lines(each)), confirmed(two, each)) for each in areas)


def opens(two: Two, after: Recalled, grant_id: GrantId) -> bytes:
    return b"".join(open_paper(two.world.house, in_south(two, after).who(), grant_id).chunks())


def test_the_new_key_counts_in_both_areas(two: Two) -> None:
    slot_id, grant_id = sent(two)
    accept_statement(two.world.house, two.who("carys"), slot_id, statement.CURRENT.digest)
    before = own_fingerprint(two.who("carys"))
    after = change(two, "carys")
    now = own_fingerprint(after.who())
    assert now != before
    north, south = two.world.area.id, two.area_id
    assert confirmed(two, north)[after.person.id] == now
    assert confirmed(two, south)[in_south(two, after).person.id] == now
    for area_id in (north, south):
        (line,) = [each for each in two.lines(area_id) if each["deed"] == "key.changed"]
        assert (line["former"], line["fingerprint"]) == (before, now)
    assert opens(two, after, grant_id).startswith(b"%PDF-")
    there = in_south(two, after).who()
    assert left_of_own(two.world.house, there) > 0
    assert rewrap_own(two.world.house, there) == 0
    assert opens(two, after, grant_id).startswith(b"%PDF-")


def test_each_area_tells_those_who_confirmed_it_there(two: Two) -> None:
    two.joins("carys")
    change(two, "carys")
    told = two.letters("key_changed")
    helen, carys = (two.world.person(name).email for name in ("helen", "carys"))
    assert sorted(told) == sorted([helen, carys, carys, two.person(two.olga.actor.person_id).email])


def test_no_area_s_record_names_the_other(two: Two) -> None:
    carys = two.joins("carys")
    change(two, "carys")
    north = repr(two.lines(two.world.area.id))
    south = repr(two.lines(two.area_id))
    assert carys.actor.person_id not in north
    assert two.world.secrets("carys").person_id not in south


def test_where_nobody_had_confirmed_it_the_new_key_waits_in_its_place(two: Two) -> None:
    joined = two.joins("carys", confirmed=False)
    after = change(two, "carys")
    there = joined.actor.person_id
    assert there not in confirmed(two, two.area_id)
    with reading(two.world.house.engine) as db:
        row = keys.public_key_of(db, two.area_id, there)
    assert row is not None
    assert row.fingerprint == own_fingerprint(after.who())
    confirm_key(two.world.house, two.olga, there, row.fingerprint)
    assert confirmed(two, two.area_id)[there] == row.fingerprint
    assert "key.changed" not in [each["deed"] for each in two.lines(two.area_id)]


def test_what_was_heard_before_it_is_not_confirmed(two: Two) -> None:
    joined = two.joins("carys", confirmed=False)
    heard = own_fingerprint(two.who("carys"))
    change(two, "carys")
    with pytest.raises(Changed):
        confirm_key(two.world.house, two.olga, joined.actor.person_id, heard)


def test_a_coordinator_of_two_units_opens_both(two: Two) -> None:
    two.joins("tom", frozenset({Role.COORDINATOR}))
    after = change(two, "tom")
    for each in everywhere(two.world.house, after):
        with reading(two.world.house.engine) as db:
            assert open_unit_of(two.world.house, db, each.who())


def test_a_key_that_another_area_does_not_know_is_not_changed_anywhere(two: Two) -> None:
    """Somebody put another key into the row there: act_in finds nobody, and nothing is done."""
    joined = two.joins("carys")
    other = two.world.secrets("joe").keyring
    with tending(two.world.house) as db:
        db.execute(
            keys.public_keys.update()
            .where(keys.public_keys.c.person_id == joined.actor.person_id)
            .values(recipient=other.recipient(), sign_public=other.signing_public())
        )
    found = two.at_home("carys")
    before = len(two.lines(two.world.area.id)), confirmed(two, two.world.area.id)
    with pytest.raises(Unacceptable) as refused:
        change(two, "carys", found)
    assert "Another area" in refused.value.words
    assert before == (len(two.lines(two.world.area.id)), confirmed(two, two.world.area.id))


def test_a_wrong_code_or_a_key_of_before_changes_nothing(two: Two) -> None:
    two.joins("carys")
    found, was = two.at_home("carys"), own_fingerprint(two.at_home("carys").who())
    before = state(two)
    with pytest.raises(CodeRefused):
        change_keys(two.world.house, found, was, "000000")
    with pytest.raises(Changed):
        change_keys(two.world.house, found, "ab" * 32, two.world.code("carys"))
    assert state(two) == before


def test_twice_and_both_areas_follow(two: Two) -> None:
    slot_id, grant_id = sent(two)
    accept_statement(two.world.house, two.who("carys"), slot_id, statement.CURRENT.digest)
    after = change(two, "carys", change(two, "carys"))
    assert opens(two, after, grant_id).startswith(b"%PDF-")
    now = own_fingerprint(after.who())
    assert now in confirmed(two, two.area_id).values()
