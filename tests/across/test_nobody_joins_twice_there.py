"""Whoever belongs to an area is not made to join it again by rows that somebody wrote."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.domain.people import Account
from portal.identity import invitation
from portal.journeys.across.begin_membership import begin_membership, membership_to_begin
from portal.journeys.deed import tending
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, sessions
from portal.records.sessions import JoiningLink
from tests.across.scene import Two


def test_a_membership_does_not_begin_a_second_time(two: Two) -> None:
    house, carys = two.world.house, two.joins("carys").actor.person_id
    found = two.at_home("carys")
    token, hashed = invitation.new_token()
    ends = invitation.expires(two.world.clock.now())
    with tending(house) as db:
        where = people.people.c.id == carys
        # As she stood there before she joined, with an account of her own that opens nothing.
        was = {"account": Account.INVITED, "account_id": carys, "at_home": True}
        db.execute(update(people.people).where(where).values(**was))
        sessions.save_link(db, JoiningLink(hashed, two.area_id, carys, ends, None, carys))
    for again in (membership_to_begin, begin_membership, begin_membership):
        with pytest.raises(Refused) as refused:
            again(house, found, token)
        assert refused.value.why is Why.NOT_THERE
    assert two.person(carys).account is Account.INVITED
    assert two.letters("key_alarm") == [two.south.area.unit_email]
    told = [line for line in two.lines(two.area_id) if line["deed"] == "person.joined"]
    assert [line["person"] for line in told].count(carys) == 1
