"""A provider signs out somebody who belongs to several areas: every session of theirs ends, and
each record names its own person."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.domain.ids import AreaId, PersonId
from portal.journeys.agencies.providers import SignOnFailed
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.signing_in.left_there import require_still_there
from portal.journeys.signing_in.recall import Over, begin, recall
from portal.records import providers
from portal.records.sessions import Stage, Terms
from tests.across.scene import Two, two_areas
from tests.putting_back import put_back_after
from tests.sign_on.making import At
from tests.sign_on.test_signed_out_there import inside, tell, token

pytestmark = pytest.mark.real("OpenID provider")


@pytest.fixture
def two(ruth_tied: At) -> Two:
    """Ruth, of an agency of Northmere with a provider, belongs to Southmere too."""
    found = two_areas(ruth_tied.world)
    found.joins("ruth")
    ruth_tied.set_clocks()
    return found


def begun(two: Two, person_id: PersonId, terms: Terms) -> bytes:
    """The secret of a session of Southmere."""
    house, now = two.world.house, two.world.clock.now()
    keyring, person = two.world.secrets("ruth").keyring, two.person(person_id)
    with tending(house) as db:
        return begin(
            house, db, person, Stage.SIGNED_IN, keyring, now, factor_at=now, terms=terms
        )  # fmt: skip


def vouched(two: Two) -> FlaskClient:
    client = two.world.client()
    ruth = two.who("ruth").actor.person_id
    two.world.give_cookie(client, begun(two, ruth, Terms.VOUCHED))
    assert inside(client)
    return client


def closed(two: Two, area_id: AreaId) -> list[tuple[object, object]]:
    """By whom and of whom each line of an area says that they were signed out."""
    found = (each for each in two.lines(area_id) if each["deed"] == "session.closed")
    return [(each["actor"], each["person"]) for each in found]


def test_a_session_of_another_area_ends_too(ruth_tied: At, two: Two) -> None:
    there, here, other = vouched(two), two.world.client("ruth"), two.world.client("joe")
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert (inside(there), inside(here), inside(other)) == (False, False, True)
    home = two.world.area.id
    assert closed(two, home) == [("system", two.world.person("ruth").id)]
    (line,) = closed(two, two.area_id)
    assert line == ("system", two.who("ruth").actor.person_id)
    assert two.area_id not in str(two.lines(home))
    assert home not in str(two.lines(two.area_id))


def test_where_they_had_no_session_nothing_is_written(ruth_tied: At, two: Two) -> None:
    here = two.world.client("ruth")
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert not inside(here)
    assert closed(two, two.area_id) == []


def test_also_while_the_record_of_the_other_area_is_behind(
    ruth_tied: At, two: Two, tmp_path: Path
) -> None:
    put_back_after(two.world.house, tmp_path, lambda: two.invites("joe"))
    there = vouched(two)
    assert tell(ruth_tied, token(ruth_tied)) == 200
    assert not inside(there)
    assert len(closed(two, two.area_id)) == 1


def test_whoever_s_account_moved_is_named_as_the_area_knows_them(two: Two) -> None:
    """An identifier of the area that they left would stand in the record of the other."""
    house, mark = two.world.house, b"m" * 32
    former, now = two.world.person("ruth").id, two.who("ruth").actor.person_id
    remove_person(house, two.world.who("helen"), former)
    secret = begun(two, now, Terms.OWN)
    since = two.world.clock.now()
    with tending(house) as db:
        providers.note_left(db, providers.UsedSignOn(mark, since))
    with pytest.raises(SignOnFailed):
        require_still_there(house, two.area_id, [mark], since, secret)
    assert isinstance(recall(house, secret), Over)
    assert closed(two, two.area_id) == [("system", now)]
    assert former not in str(two.lines(two.area_id))
