"""Two areas, one address, one instant: one account, and a clear answer for the other link."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import mintotp
import pytest
from sqlalchemy import URL, Connection

from portal.domain.people import Account, Person, Role
from portal.journeys.house import Who
from portal.journeys.joining import join as joins
from portal.journeys.joining import join_factor
from portal.journeys.joining.follow_link import HasAccount, follow_link, has_account
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import Linked, NewPerson
from portal.journeys.own_account.own_codes import ASKED_GROUP
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.unacceptable import Unacceptable
from portal.records import people
from portal.records.database import reading
from tests.across.scene import Two, token_of, two_areas
from tests.world import World, world_on

pytestmark = pytest.mark.real("PostgreSQL")

EMAIL = "ines@national.example"
PASSPHRASE = "heron copper ladder violet monsoon"


@pytest.fixture
def two_on_postgresql(postgres_url: URL, tmp_path: Path) -> Iterator[Two]:
    made = world_on(postgres_url, tmp_path)
    yield two_areas(made)
    made.house.engine.dispose()


def invited(world: World, by: Who, agency_id: str) -> Linked:
    new = NewPerson(
        "Ines Nash", EMAIL, "Officer", "01632 961 333", agency_id, frozenset({Role.ATTENDEE})
    )  # type: ignore[arg-type]
    return invite_person(world.house, by, new)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What became of each, begun together in threads with connections of their own."""
    start, ends = threading.Barrier(len(deeds)), [object()] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        start.wait()
        try:
            ends[place] = deed()
        except Exception as error:
            ends[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def at_last_step(world: World, link: Linked) -> tuple[Recalled, str]:
    """Somebody who joins by this link and has one step before them."""
    house = world.house

    def again(secret: bytes) -> Recalled:
        found = recall(house, secret)
        assert isinstance(found, Recalled)
        return found

    half = again(follow_link(house, token_of(link)))
    half = again(joins.set_first_passphrase(house, half, PASSPHRASE))
    seed = join_factor.code_app_to_set(house, half).grouped.replace(" ", "")
    code = mintotp.hotp(seed, int(world.clock.now().timestamp()) // 30)
    half = again(join_factor.set_code_app(house, half, code))
    codes = joins.codes_to_write_down(house, half)
    return half, codes.recovery.split("-")[ASKED_GROUP - 1]


def test_one_address_joins_two_areas_at_once(
    two_on_postgresql: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two, world = two_on_postgresql, two_on_postgresql.world
    north = invited(world, world.who("helen"), world.agency("police").id)
    south = invited(world, two.olga, two.police.id)
    (one, own), (other, theirs) = at_last_step(world, north), at_last_step(world, south)
    looked = threading.Barrier(2, timeout=30)

    def both_have_looked(db: Connection, person: Person) -> bool:
        found = has_account(db, person)
        looked.wait()
        return found

    monkeypatch.setattr(joins, "has_account", both_have_looked)
    ends = at_once(
        lambda: joins.join(world.house, one, own, shared=False),
        lambda: joins.join(world.house, other, theirs, shared=False),
    )
    lost = [each for each in ends if isinstance(each, Exception)]
    assert [type(each) for each in lost] == [HasAccount]
    with reading(world.house.engine) as db:
        found = [people.by_id(db, linked.person.id) for linked in (north, south)]
    assert sorted(each.account for each in found if each) == [Account.ENROLLED, Account.INVITED]
    # The other link is not spent: it leads on to the account there is now.
    still = next(link for link, end in zip((north, south), ends, strict=True) if end in lost)
    with pytest.raises(HasAccount):
        follow_link(world.house, token_of(still))


def test_two_areas_invite_one_address_at_once(two_on_postgresql: Two) -> None:
    two, world = two_on_postgresql, two_on_postgresql.world
    helen, police = world.who("helen"), world.agency("police").id
    ends = at_once(
        lambda: invited(world, helen, police),
        lambda: invited(world, two.olga, two.police.id),
    )
    assert all(isinstance(each, Linked) for each in ends)


def test_one_area_invites_one_address_twice_at_once(two_on_postgresql: Two) -> None:
    world = two_on_postgresql.world
    helen, priya, police = world.who("helen"), world.who("priya"), world.agency("police").id
    ends = at_once(
        lambda: invited(world, helen, police),
        lambda: invited(world, priya, police),
    )
    (refused,) = [each for each in ends if isinstance(each, Exception)]
    assert isinstance(refused, Unacceptable)
    assert refused.field == "email"
