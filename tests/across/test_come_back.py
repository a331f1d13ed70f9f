"""Back in an area that somebody left, while another keeps their account: with that account."""

from __future__ import annotations

import pytest

from portal.domain.deeds import Deed
from portal.domain.people import Account
from portal.journeys.across.act_in import act_in
from portal.journeys.across.begin_membership import begin_membership
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.joining.follow_link import HasAccount, follow_link
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import confirmed_key
from portal.journeys.signing_in.left_there import _persons
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.policy.judge import Refused
from portal.records import people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage, Terms
from tests.across.scene import Two, token_of
from tests.across.test_leaving import signs_in


def test_they_join_again_with_the_account_that_the_other_area_keeps(two: Two) -> None:
    former = two.joins("carys").actor.person_id
    remove_person(two.world.house, two.olga, former)
    link = two.invites("carys")
    with pytest.raises(HasAccount):
        follow_link(two.world.house, token_of(link))
    again = two.accepts("carys", link)
    assert again.id != former
    assert again.account_id == two.world.person("carys").account_id
    assert two.person(former).account is Account.LEFT
    with reading(two.world.house.engine) as db:
        assert confirmed_key(two.world.house, db, two.area_id, again.id) is None
    who = two.who("carys")
    assert who.actor.person_id == again.id
    confirm_key(two.world.house, two.olga, again.id, own_fingerprint(who))
    with pytest.raises(Refused):
        begin_membership(two.world.house, two.at_home("carys"), token_of(link))


def home_left(two: Two) -> Linked:
    """Carys left the area that kept her account, and is invited there again."""
    two.joins("carys")
    home = two.world.person("carys")
    helen = two.world.who("helen")
    remove_person(two.world.house, helen, home.id)
    new = NewPerson(home.name, home.email, home.job, home.phone, home.agency_id, home.roles)
    return invite_person(two.world.house, helen, new)


def test_whoever_left_their_home_comes_back_to_it_as_any_member_does(two: Two) -> None:
    link = home_left(two)
    home = two.world.person("carys")
    found = signs_in(two, "carys")
    assert act_in(two.world.house, found, home.area_id) is None
    begin_membership(two.world.house, found, token_of(link))
    found = signs_in(two, "carys")
    assert found.area.id == two.area_id
    acting = act_in(two.world.house, found, home.area_id)
    assert acting is not None
    assert acting.person.id == link.person.id
    assert not acting.person.at_home


def test_a_session_of_that_area_is_of_who_they_are_there_now(two: Two) -> None:
    """Rows of the former and of the newer person go with one account: the living one acts."""
    link = home_left(two)
    house = two.world.house
    begin_membership(house, signs_in(two, "carys"), token_of(link))
    keyring = two.world.secrets("carys").keyring
    with tending(house) as db:
        again = people.by_id(db, link.person.id)
        assert again is not None
        now = two.world.clock.now()
        secret = begin(
            house, db, again, Stage.SIGNED_IN, keyring, now, factor_at=now, terms=Terms.VOUCHED
        )
    found = recall(house, secret)
    assert isinstance(found, Recalled)
    assert found.person.id == again.id
    with reading(house.engine) as db:
        row = sessions.load(db, found.session.id)
        assert row is not None
        assert [each.id for each in _persons(db, again.area_id, [row])] == [again.id]


def test_each_record_tells_of_its_own_person_old_lines_of_the_former(two: Two) -> None:
    former = two.joins("carys").actor.person_id
    remove_person(two.world.house, two.olga, former)
    again = two.joins("carys").actor.person_id
    told = [each for each in two.lines(two.area_id) if each.get("person") in (former, again)]
    left = next(at for at, each in enumerate(told) if each["deed"] == Deed.PERSON_LEFT.value)
    assert {each["person"] for each in told[: left + 1]} == {former}
    assert {each["person"] for each in told[left + 1 :]} == {again}
