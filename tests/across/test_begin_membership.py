"""One account, several areas: what accepting does, and what it does not do."""

from __future__ import annotations

import pytest

from portal.domain.people import Account, Role
from portal.journeys.across.begin_membership import begin_membership, membership_to_begin
from portal.journeys.joining.follow_link import HasAccount, follow_link, look_at_link
from portal.journeys.joining.join import set_first_passphrase
from portal.journeys.keys.directory import confirmed_key
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import generators, keys, people
from portal.records.database import reading
from portal.records.sessions import Stage, Terms
from tests.across.scene import Two, token_of


def test_who_accepts_has_one_account_and_a_person_in_each_area(two: Two) -> None:
    carys = two.world.person("carys")
    joined = two.accepts("carys", two.invites("carys"))
    assert joined.account is Account.ENROLLED
    assert joined.account_id == carys.account_id
    assert not joined.at_home
    assert joined.id != carys.id
    assert joined.area_id == two.area_id
    with reading(two.world.house.engine) as db:
        assert people.at_home(db, carys.account_id) == carys
        assert [each.id for each in people.of_account(db, carys.account_id)] == [
            carys.id,
            joined.id,
        ]


def test_there_is_no_second_passphrase_factor_or_keyring(two: Two) -> None:
    joined = two.accepts("carys", two.invites("carys"))
    with reading(two.world.house.engine) as db:
        assert len(generators.of_person(db, joined.account_id)) == 1
        public = keys.public_key_of(db, two.area_id, joined.id)
        home = two.world.person("carys")
        assert public is not None
        own = keys.public_key_of(db, home.area_id, home.id)
        assert own is not None
        assert own.fingerprint == public.fingerprint


def test_the_key_receives_nothing_in_the_new_area_until_its_coordinator_confirmed(
    two: Two,
) -> None:
    joined = two.accepts("carys", two.invites("carys"))
    with reading(two.world.house.engine) as db:
        assert confirmed_key(two.world.house, db, two.area_id, joined.id) is None
        home = two.world.person("carys")
        assert confirmed_key(two.world.house, db, home.area_id, home.id) is not None


def test_both_records_say_so_and_neither_names_the_other(two: Two) -> None:
    home = two.world.person("carys")
    joined = two.accepts("carys", two.invites("carys"))
    north, south = two.lines(home.area_id), two.lines(two.area_id)
    assert north[-1]["deed"] == "membership.begun"
    assert north[-1]["person"] == home.id
    assert [told["deed"] for told in south[-2:]] == ["key.registered", "person.joined"]
    assert all(told["person"] == joined.id for told in south[-2:])
    assert not any(two.area_id in str(told) or joined.id in str(told) for told in north)
    assert not any(home.area_id in str(told) or home.id in str(told) for told in south)


def test_the_invitation_is_the_same_whether_or_not_there_is_an_account(two: Two) -> None:
    known = two.invites("carys")
    with reading(two.world.house.engine) as db:
        person = people.load(db, two.area_id, known.person.id)
    assert person is not None
    assert person.account is Account.INVITED
    assert person.account_id == person.id
    assert person.at_home
    assert look_at_link(two.world.house, token_of(known)).id == two.area_id


def test_whoever_has_an_account_makes_no_second_one(two: Two) -> None:
    link = two.invites("carys")
    with pytest.raises(HasAccount):
        follow_link(two.world.house, token_of(link))


def test_the_same_address_is_not_invited_twice_in_one_area(two: Two) -> None:
    two.invites("carys")
    with pytest.raises(Unacceptable):
        two.invites("carys")


def test_their_owner_is_told_that_the_account_is_used_elsewhere(two: Two) -> None:
    link = two.invites("carys")
    assert two.letters("membership_begun") == []
    two.accepts("carys", link)
    assert two.letters("membership_begun") == [two.world.person("carys").email]


def test_a_link_joins_once(two: Two) -> None:
    link = two.invites("carys")
    two.accepts("carys", link)
    with pytest.raises(Refused):
        begin_membership(two.world.house, two.at_home("carys"), token_of(link))


def test_a_link_for_somebody_else_does_nothing(two: Two) -> None:
    link = two.invites("carys")
    for attempt in (membership_to_begin, begin_membership):
        with pytest.raises(Refused):
            attempt(two.world.house, two.at_home("ruth"), token_of(link))
    with reading(two.world.house.engine) as db:
        untouched = people.load(db, two.area_id, link.person.id)
    assert untouched is not None
    assert untouched.account is Account.INVITED


def test_a_link_of_ones_own_area_does_nothing_to_whoever_belongs_there(two: Two) -> None:
    token = two.world.joining_token()
    with pytest.raises(Refused):
        begin_membership(two.world.house, two.at_home("carys"), token)


@pytest.mark.parametrize("terms", [terms for terms in Terms if terms is not Terms.OWN])
def test_a_session_that_only_reads_joins_nothing(two: Two, terms: Terms) -> None:
    link = two.invites("carys")
    found = recall(two.world.house, two.world.begin("carys", Stage.SIGNED_IN, terms))
    assert isinstance(found, Recalled)
    with pytest.raises(Refused):
        begin_membership(two.world.house, found, token_of(link))


def test_whoever_joins_one_area_first_cannot_finish_another_as_a_newcomer(two: Two) -> None:
    """Invited by both and joined in neither: one address becomes one account, whatever comes."""
    nia = two.invites("newcomer")
    secret = follow_link(two.world.house, token_of(nia))
    half = recall(two.world.house, secret)
    assert isinstance(half, Recalled)
    set_first_passphrase(two.world.house, half, "a lantern under the old mill bridge")
    with reading(two.world.house.engine) as db:
        assert people.by_email(db, nia.person.email) is None


def test_signing_in_is_as_before_and_stands_in_the_record_of_the_home(two: Two) -> None:
    two.joins("carys")
    mine, house = two.world.secrets("carys"), two.world.house
    here = Source("127.0.0.1")
    before = len(two.lines(two.area_id))
    half = recall(house, give_passphrase(house, mine.email, mine.passphrase, here))
    assert isinstance(half, Recalled)
    whole = recall(
        house, give_code(house, half, two.world.code("carys"), here, shared=False).secret
    )
    assert isinstance(whole, Recalled)
    assert whole.person.id == mine.person_id
    assert [each.area_id for each in whole.elsewhere] == [two.area_id]
    assert two.lines(two.world.area.id)[-1]["deed"] == "session.opened"
    assert len(two.lines(two.area_id)) == before


def test_roles_are_of_the_area_that_gave_them(two: Two) -> None:
    """A co-ordinator at home who only attends elsewhere."""
    helen = two.joins("helen", frozenset({Role.ATTENDEE}))
    assert helen.actor.roles == {Role.ATTENDEE}
    assert Role.COORDINATOR in two.at_home("helen").who().actor.roles
